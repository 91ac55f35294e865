package expr

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"pizzasaga/asl/internal/jsonvalue"
)

func TestTheContextObjectHasAWSsOrder(t *testing.T) {
	outside := Context{
		ExecutionARN: "arn:aws:states:us-east-1:1:execution:m:x", ExecutionName: "x",
		Input:      value(t, `{"b":1.0,"a":2}`),
		RoleARN:    "arn:aws:iam::1:role/r",
		Started:    time.Date(2026, 3, 14, 1, 59, 26, 535_900_000, time.UTC),
		MachineARN: "arn:aws:states:us-east-1:1:stateMachine:m", MachineName: "m",
		State:   "S",
		Entered: time.Date(2026, 3, 14, 3, 0, 0, 0, time.FixedZone("", 3600)),
	}
	inside := outside
	inside.HasRetries, inside.Retries = true, 2
	inside.Token = "token"
	inside.Item = &Item{Index: 1, Value: "b"}

	const execution = `"Execution":{"Id":"arn:aws:states:us-east-1:1:execution:m:x","Input":{"b":1.0,"a":2},"Name":"x",` +
		`"RedriveCount":0,"RoleArn":"arn:aws:iam::1:role/r","StartTime":"2026-03-14T01:59:26.535Z"}`
	const machine = `"StateMachine":{"Id":"arn:aws:states:us-east-1:1:stateMachine:m","Name":"m"}`
	for name, c := range map[string]struct {
		context Context
		want    string
	}{
		"in a Pass": {outside,
			`{` + execution + `,"State":{"EnteredTime":"2026-03-14T02:00:00.000Z","Name":"S"},` + machine + `}`},
		"in a Task with a token in a Map's iteration": {inside,
			`{` + execution + `,"State":{"EnteredTime":"2026-03-14T02:00:00.000Z","Name":"S","RetryCount":2},` + machine +
				`,"Task":{"Token":"token"},"Map":{"Item":{"Index":1,"Value":"b"}}}`},
	} {
		t.Run(name, func(t *testing.T) {
			require.Equal(t, c.want, string(jsonvalue.Encode(c.context.object())))
		})
	}
}
