package sfnapi_test

import (
	"context"
	"crypto/rand"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/sfn"
	"github.com/aws/aws-sdk-go-v2/service/sfn/types"
	"github.com/stretchr/testify/require"

	"pizzasaga/asl"
	"pizzasaga/internal/testkit/ministacktest"
	"pizzasaga/statemachine"
)

// functionAnswer is what every Task of an order gets, here and from ministack.
const functionAnswer = `{"ExecutedVersion":"$LATEST","Payload":{"orderId":"1","status":"CREATED","payment":"NONE","loyalty":"NONE"},"StatusCode":200}`

// BenchmarkOrder runs orders of the deployed definition through the Step Functions API, on
// this interpreter and on ministack, from the start to the answer that says how they ended.
func BenchmarkOrder(b *testing.B) {
	machine, err := asl.Load(statemachine.Pizza, map[string]string{
		"Partition": "aws", "FunctionArn": "arn:aws:lambda:us-east-1:123456789012:function:pizza",
		"AddLoyaltyPointsDLQUrl": "http://localhost/1", "RefundPaymentDLQUrl": "http://localhost/2", "ReclaimLoyaltyPointsDLQUrl": "http://localhost/3",
	})
	require.NoError(b, err)
	answer := func(context.Context, asl.Task) (any, error) { return json.RawMessage(functionAnswer), nil }
	here := serveMachine(b, machine, map[string]asl.Resource{"lambda:invoke": answer, "sqs:sendMessage": answer})
	onMinistack := ordersOnMinistack(b, machine)
	require.JSONEq(b, here.run(b), onMinistack.run(b))
	for _, atOnce := range []int{1, 100} {
		b.Run(fmt.Sprintf("here/%d", atOnce), func(b *testing.B) { here.runAll(b, atOnce) })
		b.Run(fmt.Sprintf("ministack/%d", atOnce), func(b *testing.B) { onMinistack.runAll(b, atOnce) })
	}
}

// ordersOnMinistack creates the machine on ministack, which takes the answers of Tasks from a
// mock file.
func ordersOnMinistack(b *testing.B, machine *asl.Machine) service {
	answers := map[string]string{}
	for _, p := range machine.Parts() {
		if p.Kind == asl.StatePart {
			answers[p.State] = "answer"
		}
	}
	mocks, err := json.Marshal(map[string]any{
		"StateMachines":   map[string]any{"orders": map[string]any{"TestCases": map[string]any{"order": answers}}},
		"MockedResponses": map[string]any{"answer": map[string]any{"0": map[string]any{"Return": json.RawMessage(functionAnswer)}}},
	})
	require.NoError(b, err)
	file := filepath.Join(b.TempDir(), "mocks.json")
	require.NoError(b, os.WriteFile(file, mocks, 0o600))
	emulator := ministacktest.Start(b, "SFN_MOCK_CONFIG="+file, "LOG_LEVEL=ERROR")
	s := service{Client: client(emulator.URL)}
	made, err := s.CreateStateMachine(b.Context(), &sfn.CreateStateMachineInput{Name: aws.String("orders"),
		Definition: aws.String(machine.Definition()), RoleArn: aws.String("arn:aws:iam::123456789012:role/orders")})
	require.NoError(b, err)
	s.machine = *made.StateMachineArn + "#order"
	return s
}

// runAll runs b.N orders, some of them at once.
func (s service) runAll(b *testing.B, atOnce int) {
	var started atomic.Int64
	var all sync.WaitGroup
	for range atOnce {
		all.Go(func() {
			for started.Add(1) <= int64(b.N) {
				s.run(b)
			}
		})
	}
	all.Wait()
}

// run runs an order under a random name and returns its output.
func (s service) run(b *testing.B) string {
	out := s.ended(b, s.start(b, rand.Text(), `{"orderId":"1","flavour":"plain","perStepDelaySeconds":0,"errorOnStep":0}`))
	require.Equal(b, types.ExecutionStatusSucceeded, out.Status)
	return *out.Output
}
