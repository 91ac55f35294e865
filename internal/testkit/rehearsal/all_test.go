package rehearsal

import (
	"context"
	"flag"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/sfn"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"pizzasaga/internal/customer"
	"pizzasaga/internal/order"
	"pizzasaga/internal/workflow"
)

var all = flag.Bool("all", false, "also update and delete stacks, and take each permission away")

// everything is what -all adds, with the stack that was deployed first.
func everything(t *testing.T, app *application, s *stack) {
	t.Run("without any one permission the checks fail", func(t *testing.T) { permissions(t, s) })
	t.Run("orders that are under way meet an update", func(t *testing.T) { update(t, app, s) })
	t.Run("the prod configuration stands beside it and leaves its table", func(t *testing.T) { production(t, app, s) })
	t.Run("the first stack is deleted whole", func(t *testing.T) {
		names := resources(t, s)
		app.sam(t, "delete", "--no-prompts", "--stack-name", s.name)
		require.Empty(t, left(t, s, names))
	})
}

// permissions takes each action of the function that the emulator enforces out of
// its policy: a check fails for it, and holds again once the action is back.
func permissions(t *testing.T, s *stack) {
	may := s.functionPolicy(t)
	defer s.put(t, may)
	taken := map[string]bool{}
	for _, st := range may.document.Statement {
		for _, action := range st.Action {
			service, _, _ := strings.Cut(action, ":")
			if taken[action] || !slices.Contains([]string{"dynamodb", "states", "sqs"}, service) {
				continue
			}
			taken[action] = true
			t.Run(action, func(t *testing.T) {
				s.put(t, may.without(action))
				failed := slices.IndexFunc(checks, func(c check) bool { return try(t, s, c.check) != "" })
				s.put(t, may)
				require.NotEqual(t, -1, failed, "no check needs %s", action)
				t.Logf("fails: %s", checks[failed].name)
				checks[failed].check(t, s)
			})
		}
	}
	require.GreaterOrEqual(t, len(taken), 9)
}

// trial is the tester of a check that is expected to fail.
type trial struct {
	*testing.T
	ctx     context.Context
	failure string
}

func (t *trial) Context() context.Context { return t.ctx }
func (t *trial) Errorf(format string, arguments ...any) {
	t.failure += fmt.Sprintf(format, arguments...)
}
func (t *trial) Logf(string, ...any) {}
func (t *trial) FailNow()            { panic(t) }

// try runs a check and returns how it failed, if it did.
func try(t *testing.T, s *stack, check func(tester, *stack)) (failure string) {
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute) // several times what it takes
	defer cancel()
	one := &trial{T: t, ctx: ctx}
	defer func() {
		if p := recover(); p != nil && p != any(one) {
			panic(p)
		}
		failure = one.failure
	}()
	check(one, s)
	return ""
}

// update deploys other steps and another definition while orders are under way:
// an execution keeps the definition that it began with, and meets the new steps.
func update(t *testing.T, app *application, s *stack) {
	app.edit(t, "internal/workflow/faults.go", "simulated failure", "failure simulated anew")
	app.edit(t, "statemachine/pizza.asl.json", `"Error": "OrderFailed"`, `"Error": "OrderFailedAnew"`)
	app.build(t)
	ids := meanwhile(t, s, func() { app.deploy(t, s.name) })
	met := 0
	for _, id := range ids {
		o := s.ended(t, id)
		require.Equal(t, order.Cancelled, o.Status)
		s.history(t, id)
		execution, err := s.workflow().DescribeExecution(t.Context(), &sfn.DescribeExecutionInput{ExecutionArn: aws.String(s.execution(id))})
		require.NoError(t, err)
		if *execution.Error == "OrderFailed" && strings.Contains(o.Failure.Cause, "failure simulated anew") {
			met++
		}
	}
	t.Logf("%d orders were placed, %d of them met new steps with the definition before", len(ids), met)
	require.Positive(t, met)
	after := s.ended(t, s.place(t, workflow.FaultProcessOrder, 0))
	require.Contains(t, after.Failure.Cause, "failure simulated anew")
}

// meanwhile places an order every second for as long as something takes.
func meanwhile(t *testing.T, s *stack, something func()) (ids []string) {
	ctx, stop := context.WithCancel(t.Context())
	var placing sync.WaitGroup
	placing.Go(func() {
		every := time.NewTicker(time.Second)
		defer every.Stop()
		for ctx.Err() == nil {
			placed, err := s.shop.Place(t.Context(), wish)
			assert.NoError(t, err)
			ids = append(ids, placed...)
			<-every.C
		}
	})
	func() {
		defer placing.Wait()
		defer stop()
		something()
	}()
	return ids
}

// wish is an order that fails at the hand-over, after some seconds.
var wish = customer.Wish{ErrorOnStep: workflow.FaultProcessOrder, PerStepDelaySeconds: 2}

// production deploys the prod configuration, orders from it and deletes it.
func production(t *testing.T, app *application, demo *stack) {
	prod := app.deploy(t, "pizza-saga-prod", "--config-env", "prod")
	_, err := prod.shop.Place(t.Context(), customer.Wish{ErrorOnStep: workflow.FaultRefundPayment})
	require.ErrorContains(t, err, "(400)", "it refuses faults")
	id := prod.place(t, workflow.FaultNone, 0)
	require.Equal(t, order.DeliveryConfirmed, prod.ended(t, id).Status)
	_, err = demo.shop.Order(t.Context(), id)
	require.ErrorContains(t, err, "(404)", "the other stack has other orders")
	smokes(t, demo)
	removeProduction(t, app, prod)
}

// removeProduction follows the section "Remove" of docs/operations.md, which leaves the table for
// another command.
func removeProduction(t *testing.T, app *application, prod *stack) {
	names := resources(t, prod)
	app.sam(t, "delete", "--no-prompts", "--config-env", "prod", "--stack-name", prod.name)
	require.Equal(t, []string{prod.output["TableName"]}, left(t, prod, names))
	r := readRunbook(t, prod, "Remove")
	require.Equal(t, "sam delete --stack-name pizza-saga", r.commands[0])
	r.commands = r.commands[1:]
	require.Contains(t, r.next(t, "aws dynamodb list-tables"), prod.output["TableName"])
	r.next(t, "aws dynamodb delete-table", "NAME", prod.output["TableName"])
	require.Empty(t, left(t, prod, names))
	require.Empty(t, r.commands, "commands of the section that the rehearsal does not run")
}

// resources returns what a stack is made of, by the names that it has got.
func resources(t *testing.T, s *stack) (names []string) {
	var out struct {
		StackResourceSummaries []struct{ PhysicalResourceID string }
	}
	s.read(t, &out, "cloudformation", "list-stack-resources", "--stack-name", s.name)
	for _, r := range out.StackResourceSummaries {
		names = append(names, r.PhysicalResourceID)
	}
	require.Contains(t, names, s.output["TableName"])
	return names
}

// left returns those of the resources that are still there.
func left(t *testing.T, s *stack, names []string) (still []string) {
	var there strings.Builder
	for _, list := range []string{
		"dynamodb list-tables", "sqs list-queues", "lambda list-functions", "stepfunctions list-state-machines", "apigatewayv2 get-apis",
		"events list-rules", "iam list-roles", "logs describe-log-groups", "sns list-topics", "cloudwatch describe-alarms",
	} {
		there.Write(s.run(t, strings.Fields(list)...))
	}
	for _, name := range names {
		if strings.Contains(there.String(), strconv.Quote(name)) {
			still = append(still, name)
		}
	}
	return still
}
