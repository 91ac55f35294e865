package asl_test

import (
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"pizzasaga/asl"
)

func TestAWaitEndsAtItsTime(t *testing.T) {
	for _, field := range []string{
		`"Seconds": 90`,
		`"SecondsPath": "$.s"`,
		`"Timestamp": "2000-01-01T00:01:30Z"`,
		`"TimestampPath": "$.t"`,
	} {
		t.Run(field, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				l := newLab(t, `{"StartAt": "W", "States": {"W": {"Type": "Wait", `+field+`, "End": true}}}`, nil)
				x := l.run(`{"s": 90, "t": "2000-01-01T01:01:30+01:00"}`)
				require.Equal(t, asl.Succeeded, x.Status, x.Cause)
				require.Equal(t, 90*time.Second, x.Stopped.Sub(x.Started))
			})
		})
	}
}

func TestAWaitWithAnInvalidTimeFails(t *testing.T) {
	for _, c := range []struct{ field, at, cause string }{
		{"SecondsPath", `-1`, "The SecondsPath parameter references a negative value: $.at == -1"},
		{"SecondsPath", `"soon"`, "The SecondsPath parameter cannot be parsed as a long value: $.at == soon"},
		{"SecondsPath", ``, "The SecondsPath parameter does not reference an input value: $.at"},
		{"TimestampPath", ``, "The TimestampPath parameter does not reference an input value: $.at"},
		{"TimestampPath", `"9999-12-31T00:00:00Z"`, "Wait state delay is too long."},
	} {
		t.Run(c.field+" "+c.at, func(t *testing.T) {
			l := newLab(t, `{"StartAt": "W", "States": {"W": {"Type": "Wait", "`+c.field+`": "$.at", "End": true}}}`, nil)
			input := `{}`
			if c.at != "" {
				input = `{"at": ` + c.at + `}`
			}
			l.fails(l.run(input), "States.Runtime", while("W", 2, c.cause))
		})
	}
}

func TestAWaitLastsAtMost68Years(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l := newLab(t, `{"StartAt": "W", "States": {"W": {"Type": "Wait", "SecondsPath": "$.s", "End": true}}}`, nil)
		arn := l.start(`{"s": 2147472000}`) // 24,855 days
		time.Sleep(2147472000 * time.Second)
		x := l.wait(arn)
		require.Equal(t, asl.Succeeded, x.Status, x.Cause)
	})
}
