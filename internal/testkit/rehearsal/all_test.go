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

var all = flag.Bool("all", false, "also update and delete stacks, and remove each permission in turn")

// everything runs the tests that -all adds, starting with the deployed stack.
func everything(t *testing.T, app *application, s *stack) {
	t.Run("the checks fail without any one permission", func(t *testing.T) { permissions(t, s) })
	t.Run("an update meets orders in progress", func(t *testing.T) { update(t, app, s) })
	t.Run("the prod configuration runs beside it and keeps its table", func(t *testing.T) { production(t, app, s) })
	t.Run("the first stack is deleted completely", func(t *testing.T) {
		names := resources(t, s)
		app.sam(t, "delete", "--no-prompts", "--stack-name", s.name)
		require.Empty(t, left(t, s, names))
	})
}

// permissions removes each action that the emulator enforces from the function's policy,
// one at a time: a check must fail, and pass again with the action.
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

// try runs a check and returns its failure, if any.
func try(t *testing.T, s *stack, check func(tester, *stack)) (failure string) {
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute) // several times as long as needed
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

// update deploys other steps and another definition while orders are in progress. An
// execution keeps the definition with which it began, but runs the new steps.
func update(t *testing.T, app *application, s *stack) {
	app.edit(t, "internal/workflow/faults.go", "simulated failure", "newly simulated failure")
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
		if *execution.Error == "OrderFailed" && strings.Contains(o.Failure.Cause, "newly simulated failure") {
			met++
		}
	}
	t.Logf("%d orders were placed, and %d of them ran new steps with the previous definition", len(ids), met)
	require.Positive(t, met)
	after := s.ended(t, s.place(t, workflow.FaultProcessOrder, 0))
	require.Contains(t, after.Failure.Cause, "newly simulated failure")
}

// meanwhile places an order every second while a function runs.
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
	require.ErrorContains(t, err, "(400)", "prod refuses faults")
	id := prod.place(t, workflow.FaultNone, 0)
	require.Equal(t, order.DeliveryConfirmed, prod.ended(t, id).Status)
	_, err = demo.shop.Order(t.Context(), id)
	require.ErrorContains(t, err, "(404)", "the other stack has its own orders")
	smokes(t, demo)
	removeProduction(t, app, prod)
}

// removeProduction follows the section "Remove" of docs/operations.md, which deletes the
// table with a separate command.
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

// resources returns the resources of a stack by their physical names.
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

// left returns the resources that still exist.
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
