package rehearsal

import (
	"encoding/json"
	"fmt"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"pizzasaga/internal/order"
	"pizzasaga/internal/testkit/markdown"
	"pizzasaga/internal/workflow"
)

// runbook has the commands of a section of docs/operations.md, in sequence.
type runbook struct {
	stack    *stack
	act      string // the definition of the shell's function
	commands []string
}

// readRunbook reads the commands in the section's code blocks.
func readRunbook(t *testing.T, s *stack, section string) *runbook {
	r := &runbook{stack: s}
	for _, block := range markdown.Blocks(markdown.Section(t, root+"/docs/operations.md", section)) {
		text := strings.TrimSpace(strings.ReplaceAll(block.Text, "\\\n", ""))
		if strings.HasPrefix(text, "act() {") {
			r.act = text
		} else {
			r.commands = append(r.commands, strings.Split(text, "\n")...)
		}
	}
	return r
}

// next runs the next command, which must have the given beginning, and returns its
// output. Pairs of old and new fill in the document's placeholders.
func (r *runbook) next(t *testing.T, begins string, fill ...string) string {
	t.Helper()
	require.NotEmpty(t, r.commands, "the section has no command %s any more", begins)
	command := r.commands[0]
	r.commands = r.commands[1:]
	require.True(t, strings.HasPrefix(command, begins), "the section has the command %s here, and the rehearsal expects %s", command, begins)
	command = strings.NewReplacer(fill...).Replace(command)
	t.Logf("$ %s", command)
	act := strings.ReplaceAll(r.act, "FUNCTION", r.stack.output["FunctionName"])
	shell := exec.CommandContext(t.Context(), "bash", "-euo", "pipefail", "-c",
		`aws() { command "$AWS_CLI" --endpoint-url "$AWS_ENDPOINT_URL" --output json "$@"; }`+"\n"+act+"\n"+command)
	shell.Dir, shell.Env = t.TempDir(), append(r.stack.cloud.Environ(), "AWS_CLI="+awsCLI)
	out, err := shell.CombinedOutput()
	require.NoError(t, err, "%s", out)
	return string(out)
}

// repair follows the runbook with orders that need a repair.
func repair(t *testing.T, s *stack) {
	r := readRunbook(t, s, "Repair")
	t.Run("dead letters", func(t *testing.T) {
		id := s.place(t, workflow.FaultRefundPayment, 0)
		require.Len(t, s.ended(t, id).DeadLetters, 1)
		require.Contains(t, r.next(t, `act '{"action":"redriveDeadLetters"}'`), id)
		require.Equal(t, order.PaymentRefunded, s.order(t, id).Payment)
	})
	t.Run("a lost letter", func(t *testing.T) {
		id := s.place(t, workflow.FaultReclaimLoyaltyPoints, 0)
		require.Len(t, s.ended(t, id).DeadLetters, 1)
		queue := s.output["ReclaimLoyaltyPointsDLQUrl"]
		s.run(t, "sqs", "purge-queue", "--queue-url", queue)
		r.next(t, "aws sqs send-message", "URL", queue, "ID", id)
		require.Contains(t, s.redrive(t), id)
		require.Equal(t, order.Cancelled, s.order(t, id).Status)
	})
	t.Run("an unfinished order", func(t *testing.T) { repairUnfinished(t, s, r) })
	t.Run("an order that hangs", func(t *testing.T) {
		id := s.place(t, workflow.FaultNone, 8)
		s.awaitStatus(t, id, order.Paid)
		r.next(t, "aws stepfunctions stop-execution", "EXECUTION", s.execution(id))
		requireUndone(t, s.ended(t, id))
	})
	require.Empty(t, r.commands, "commands of the section that the rehearsal does not run")
}

// repairUnfinished stops an order's execution while the function may not write. The
// emulator's EventBridge calls the function once and gives up, so the test makes the
// asynchronous call that Lambda repeats and then sends to the queue.
func repairUnfinished(t *testing.T, s *stack, r *runbook) {
	may := s.functionPolicy(t)
	s.put(t, may.without("dynamodb:UpdateItem"))
	id := s.place(t, workflow.FaultNone, 0)
	s.stop(t, id)
	s.run(t, "lambda", "invoke", "--invocation-type", "Event", "--function-name", s.output["FunctionName"],
		"--payload", fmt.Sprintf(`{"action":"reconcileOrders","execution":%q}`, s.execution(id)), filepath.Join(t.TempDir(), "none"))
	wait(t, func() bool { return s.unfinished(t) == "1" }, func() string { return "Lambda sends no message" })
	s.put(t, may)

	queue := []string{"URL", s.output["UnfinishedOrdersUrl"]}
	var messages [][]any
	received := r.next(t, "aws sqs receive-message", queue...)
	require.NoError(t, json.Unmarshal([]byte(received), &messages), received)
	require.Len(t, messages, 1)
	handle, body := messages[0][0].(string), messages[0][1].(string)
	require.Contains(t, body, s.execution(id))
	require.Contains(t, body, "responsePayload")

	r.next(t, `act '{"action":"reconcileOrders","execution":`, "ARN", s.execution(id))
	require.True(t, s.order(t, id).Status.Ended())
	require.Contains(t, r.next(t, `act '{"action":"reconcileOrders"}'`), `"complete": true`)
	r.next(t, "aws sqs delete-message", append(queue, "HANDLE", handle)...)
	require.Equal(t, "0", s.unfinished(t))
}
