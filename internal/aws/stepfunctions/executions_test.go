package stepfunctions

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/sfn"
	"github.com/stretchr/testify/require"

	"pizzasaga/internal/aws/awscall"
	"pizzasaga/internal/order"
	"pizzasaga/internal/repair"
	"pizzasaga/internal/testkit/awstest"
	"pizzasaga/internal/workflow"
)

const stateMachine = "arn:aws:states:eu-central-1:123456789012:stateMachine:pizza"

var request = order.Request{ID: "ORDER1", Flavour: "funghi", PerStepDelaySeconds: 2, ErrorOnStep: workflow.FaultPrepareOrder}

const input = `{"orderId":"ORDER1","flavour":"funghi","perStepDelaySeconds":2,"errorOnStep":4}`

// executions returns executions whose calls are answered by the operation's function.
func executions(t *testing.T, operations map[string]func(w http.ResponseWriter, in map[string]any)) *Executions {
	h := func(w http.ResponseWriter, r *http.Request) {
		operation := strings.TrimPrefix(r.Header.Get("X-Amz-Target"), "AWSStepFunctions.")
		in := map[string]any{}
		require.NoError(t, json.NewDecoder(r.Body).Decode(&in))
		require.Contains(t, operations, operation)
		operations[operation](w, in)
	}
	return NewExecutions(sfn.NewFromConfig(awstest.Config(h)), stateMachine)
}

type operations = map[string]func(http.ResponseWriter, map[string]any)

func fails(status int, name string) func(http.ResponseWriter, map[string]any) {
	return func(w http.ResponseWriter, _ map[string]any) { awstest.Error(w, status, name, nil) }
}

func TestAnExecutionIsNamedByItsOrder(t *testing.T) {
	x := executions(t, operations{"StartExecution": func(w http.ResponseWriter, in map[string]any) {
		require.Equal(t, map[string]any{"stateMachineArn": stateMachine, "name": "ORDER1", "input": input}, in)
		awstest.Answer(w, 200, map[string]any{"executionArn": "arn", "startDate": 1})
	}})
	require.NoError(t, x.Start(t.Context(), request))
}

func TestAnExistingExecutionIsASuccessIfItsInputIsTheSame(t *testing.T) {
	for _, test := range []struct {
		name, input string
		ok          bool
	}{
		{"the same input", input, true},
		{"the same input written differently", `{"errorOnStep": 4, "perStepDelaySeconds": 2, "flavour": "funghi", "orderId": "ORDER1"}`, true},
		{"another flavour", strings.Replace(input, "funghi", "plain", 1), false},
		{"an empty object", `{}`, false},
		{"no JSON", `not JSON`, false},
		{"no input", ``, false},
	} {
		t.Run(test.name, func(t *testing.T) {
			x := executions(t, operations{
				"StartExecution": fails(400, "ExecutionAlreadyExists"),
				"DescribeExecution": func(w http.ResponseWriter, in map[string]any) {
					require.Equal(t, "arn:aws:states:eu-central-1:123456789012:execution:pizza:ORDER1", in["executionArn"])
					awstest.Answer(w, 200, map[string]any{"input": test.input, "status": "SUCCEEDED"})
				},
			})
			err := x.Start(t.Context(), request)
			require.Equal(t, test.ok, err == nil, err)
			require.NotErrorIs(t, err, order.ErrUnavailable)
		})
	}
}

func TestStartFailsIfTheExistingExecutionCannotBeChecked(t *testing.T) {
	x := executions(t, operations{
		"StartExecution":    fails(400, "ExecutionAlreadyExists"),
		"DescribeExecution": fails(400, "ThrottlingException"),
	})
	require.ErrorIs(t, x.Start(t.Context(), request), order.ErrUnavailable)
}

func TestTransientErrorsAreUnavailable(t *testing.T) {
	for name, unavailable := range map[string]bool{
		"ThrottlingException":      true,
		"ExecutionLimitExceeded":   true,
		"InternalServerError":      true,
		"AccessDeniedException":    false,
		"StateMachineDoesNotExist": false,
		"InvalidExecutionInput":    false,
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				calls := 0
				x := executions(t, operations{"StartExecution": func(w http.ResponseWriter, _ map[string]any) {
					calls++
					status := 400
					if name == "InternalServerError" {
						status = 500
					}
					awstest.Error(w, status, name, nil)
				}})
				err := x.Start(t.Context(), request)
				require.ErrorContains(t, err, name)
				if unavailable {
					require.ErrorIs(t, err, order.ErrUnavailable)
					require.Equal(t, 5, calls)
				} else {
					require.NotErrorIs(t, err, order.ErrUnavailable)
					require.Equal(t, 1, calls)
				}
			})
		})
	}
}

func TestAServiceThatHangsIsUnavailableInTime(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		client := sfn.NewFromConfig(awstest.Config(func(_ http.ResponseWriter, r *http.Request) { <-r.Context().Done() }))
		start := time.Now()
		err := NewExecutions(client, stateMachine).Start(t.Context(), request)
		require.ErrorIs(t, err, order.ErrUnavailable)
		require.ErrorIs(t, err, context.DeadlineExceeded)
		require.Equal(t, awscall.Timeout, time.Since(start), fmt.Sprint(err))
	})
}

func TestTheStatusOfAnExecutionIsReadByItsOrder(t *testing.T) {
	for _, test := range []struct {
		name   string
		answer func(http.ResponseWriter, map[string]any)
		status string
	}{
		{"aborted", func(w http.ResponseWriter, _ map[string]any) {
			awstest.Answer(w, 200, map[string]any{"status": "ABORTED"})
		}, "ABORTED"},
		{"no execution", fails(400, "ExecutionDoesNotExist"), ""},
	} {
		t.Run(test.name, func(t *testing.T) {
			x := executions(t, operations{"DescribeExecution": func(w http.ResponseWriter, in map[string]any) {
				require.Equal(t, "arn:aws:states:eu-central-1:123456789012:execution:pizza:ORDER1", in["executionArn"])
				test.answer(w, in)
			}})
			status, err := x.Status(t.Context(), "ORDER1")
			require.NoError(t, err)
			require.Equal(t, test.status, status)
		})
	}
}

// TestExecutionsAreListedPageByPage: Step Functions lists the last started first, and the
// pages keep that sequence.
func TestExecutionsAreListedPageByPage(t *testing.T) {
	pages := map[any]map[string]any{
		nil:   {"executions": []any{map[string]any{"name": "NEW", "startDate": 300}, map[string]any{"name": "OLDER", "startDate": 200}}, "nextToken": "two"},
		"two": {"executions": []any{map[string]any{"name": "OLDEST", "startDate": 100}}},
	}
	x := executions(t, operations{"ListExecutions": func(w http.ResponseWriter, in map[string]any) {
		require.Equal(t, stateMachine, in["stateMachineArn"])
		require.Equal(t, "ABORTED", in["statusFilter"])
		require.Contains(t, pages, in["nextToken"])
		awstest.Answer(w, 200, pages[in["nextToken"]])
	}})
	first, next, err := x.List(t.Context(), "ABORTED", "")
	require.NoError(t, err)
	require.Equal(t, []repair.Execution{{OrderID: "NEW", Started: time.Unix(300, 0).UTC()}, {OrderID: "OLDER", Started: time.Unix(200, 0).UTC()}}, first)
	require.Equal(t, "two", next)
	second, next, err := x.List(t.Context(), "ABORTED", next)
	require.NoError(t, err)
	require.Equal(t, []repair.Execution{{OrderID: "OLDEST", Started: time.Unix(100, 0).UTC()}}, second)
	require.Empty(t, next)
}

func TestExecutionsThatCannotBeReadAreUnavailable(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		x := executions(t, operations{"DescribeExecution": fails(400, "ThrottlingException"), "ListExecutions": fails(500, "InternalServerError")})
		_, err := x.Status(t.Context(), "ORDER1")
		require.ErrorIs(t, err, order.ErrUnavailable)
		_, _, err = x.List(t.Context(), "FAILED", "")
		require.ErrorIs(t, err, order.ErrUnavailable)
	})
}
