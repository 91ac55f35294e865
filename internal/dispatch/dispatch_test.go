package dispatch_test

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/aws/aws-lambda-go/lambda/messages"
	"github.com/aws/aws-lambda-go/lambdacontext"
	"github.com/stretchr/testify/require"

	"pizzasaga/internal/api"
	"pizzasaga/internal/aws/emf"
	"pizzasaga/internal/aws/gateway"
	"pizzasaga/internal/dispatch"
	"pizzasaga/internal/memory"
	"pizzasaga/internal/order"
	"pizzasaga/internal/repair"
	"pizzasaga/internal/simulated"
	"pizzasaga/internal/steps"
	"pizzasaga/internal/testkit/needtest"
	"pizzasaga/internal/workflow"
)

// function is the function as on AWS, except for its store and its executions.
type function struct {
	*dispatch.Dispatcher
	orders *memory.Orders
	queues *memory.Queues
	log    bytes.Buffer
}

func newFunction(t testing.TB) *function {
	f := &function{orders: memory.NewOrders(), queues: &memory.Queues{}}
	logger := slog.New(slog.NewJSONHandler(&f.log, nil))
	saga, err := steps.New(steps.Config{Orders: f.orders, Payments: simulated.Gateway{}, Loyalty: simulated.Programme{}, Kitchen: simulated.Kitchen{}, Logger: logger})
	require.NoError(t, err)
	shop, err := api.New(api.Config{Orders: f.orders, Executions: started{}, FaultInjection: true, Logger: logger})
	require.NoError(t, err)
	repairer, err := repair.New(repair.Config{Steps: saga, Queues: f.queues, Executions: started{}})
	require.NoError(t, err)
	f.Dispatcher, err = dispatch.New(dispatch.Config{Steps: saga.ByName(), HTTP: gateway.Handler(shop),
		Tools: map[string]dispatch.Action{repair.RedriveAction: repairer.Redrive, repair.ReconcileAction: repairer.Reconcile}, Logger: logger, Metrics: emf.New(&f.log, "PizzaSaga")})
	require.NoError(t, err)
	return f
}

// started is a workflow that starts nothing.
type started struct{}

func (started) Start(context.Context, order.Request) error { return nil }

func (started) Status(context.Context, string) (string, error) { return "", nil }

func (started) List(context.Context, string, string) ([]repair.Execution, string, error) {
	return nil, "", nil
}

const sampleID = "SAMPLE7ORDER4IDENTIFIER2AA"

// sample is the order of most sample events.
var sample = order.Request{ID: sampleID, Flavour: "Pineapple"}

// have stores an order.
func (f *function) have(t testing.TB, o order.Order) {
	_, err := f.orders.Submit(t.Context(), order.Submission{Orders: []order.Order{o}})
	require.NoError(t, err)
}

func read(t *testing.T, file string) string {
	text, err := os.ReadFile(file)
	require.NoError(t, err)
	return string(text)
}

func TestTheErrorForAnUnknownEventListsTheActions(t *testing.T) {
	for _, test := range []struct{ name, event, says string }{
		{"unknown action", `{"action":"bakeCake"}`, `action "bakeCake" is unknown; the actions are addLoyaltyPoints, completeOrder, createOrder`},
		{"no action", `{}`, `it has no action and is not from an HTTP API; the actions are addLoyaltyPoints`},
		{"REST API", `{"httpMethod":"GET"}`, `it has no action`},
		{"array", `[1]`, `it must be a JSON object as in events/`},
		{"cut short", `{"action"`, `it must be a JSON object as in events/`},
		{"empty", ``, `it must be a JSON object as in events/`},
		{"no order", `{"action":"createOrder"}`, `orderId is missing`},
		{"no id", `{"action":"createOrder","order":{"orderId":7}}`, `orderId`},
		{"unknown fault", `{"action":"createOrder","order":{"orderId":"1","errorOnStep":8}}`, `errorOnStep is 8`},
		{"all faults", `{"action":"createOrder","order":{"orderId":"1","errorOnStep":100}}`, `errorOnStep is 100`},
		{"a list of failures", `{"action":"notifyCustomer","order":{"orderId":"1"},"failures":["x"]}`, `failures`},
	} {
		t.Run(test.name, func(t *testing.T) {
			_, err := newFunction(t).Invoke(t.Context(), []byte(test.event))
			named, ok := errors.AsType[messages.InvokeResponse_Error](err)
			require.True(t, ok, "%v", err)
			require.Equal(t, "InvalidEvent", named.Type)
			require.Contains(t, named.Message, test.says)
		})
	}
}

func TestErrorsHaveTheNamesThatTheDefinitionMatches(t *testing.T) {
	for want, cause := range map[string]error{
		"PaymentDeclined": order.ErrDeclined, "SimulatedFailure": workflow.ErrSimulated, "StoreUnavailable": order.ErrUnavailable,
		"OrderNotFound": order.ErrNotFound, "OrderClosed": order.ErrClosed, "InvalidEvent": order.ErrInvalid, "Internal": errors.New("surprise"),
	} {
		t.Run(want, func(t *testing.T) {
			failing := func(context.Context, steps.Input) (order.Order, error) {
				return order.Order{}, fmt.Errorf("wrapped: %w", cause)
			}
			d, err := dispatch.New(dispatch.Config{Steps: map[order.StepName]steps.Step{"createOrder": failing}, Logger: slog.New(slog.DiscardHandler), Metrics: emf.New(new(bytes.Buffer), "PizzaSaga")})
			require.NoError(t, err)
			_, err = d.Invoke(t.Context(), []byte(`{"action":"createOrder","order":{"orderId":"1"}}`))
			require.Equal(t, messages.InvokeResponse_Error{Type: want, Message: "wrapped: " + cause.Error()}, err)
		})
	}
}

func TestAnInvocationIsOneLineInTheLog(t *testing.T) {
	f := newFunction(t)
	f.have(t, order.New(sample, time.Now()))
	ctx := lambdacontext.NewContext(t.Context(), &lambdacontext.LambdaContext{AwsRequestID: "request-1"})
	//lint:ignore SA1029 aws-lambda-go uses a string as the key
	ctx = context.WithValue(ctx, "x-amzn-trace-id", "Root=1-2-3")
	_, err := f.Invoke(ctx, []byte(read(t, "../../events/createOrder.json")))
	require.NoError(t, err)
	line := f.lines(t, "invocation")[0]
	require.Equal(t, "INFO", line["level"])
	require.Equal(t, "createOrder", line["action"])
	require.Equal(t, "request-1", line["requestId"])
	require.Equal(t, "Root=1-2-3", line["traceId"])
	require.Equal(t, sampleID, line["orderId"])
	require.Equal(t, "ok", line["outcome"])
	require.Contains(t, line, "duration")
}

func TestOnlyUnexpectedFailuresAreLoggedAsErrors(t *testing.T) {
	for _, test := range []struct{ name, event, level string }{
		{"a fault that was asked for", `{"action":"createOrder","order":{"orderId":"1","errorOnStep":1}}`, "INFO"},
		{"a payment that was declined", `{"action":"processPayment","order":{"orderId":"1","errorOnStep":2}}`, "INFO"},
		{"an order that does not exist", `{"action":"createOrder","order":{"orderId":"1"}}`, "ERROR"},
	} {
		t.Run(test.name, func(t *testing.T) {
			f := newFunction(t)
			_, err := f.Invoke(t.Context(), []byte(test.event))
			require.Error(t, err)
			line := f.lines(t, "invocation")[0]
			require.Equal(t, test.level, line["level"])
			require.NotEmpty(t, line["error"])
		})
	}
}

// TestAnOrderIsCountedForEachAnswerWithItsEnd: the answer of the first of two equal
// calls may have been lost, and its count, too.
func TestAnOrderIsCountedForEachAnswerWithItsEnd(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f := newFunction(t)
		f.have(t, order.New(sample, time.Now()))
		event := fmt.Sprintf(`{"action":"notifyCustomer","order":{"orderId":%q},"failures":{"createOrder":{"Error":"SimulatedFailure"}}}`, sampleID)
		for range 2 {
			_, err := f.Invoke(t.Context(), []byte(event))
			require.NoError(t, err)
			time.Sleep(time.Second)
		}
		require.Equal(t, 2, strings.Count(f.log.String(), `"Outcome":"FAILED"`))
	})
}

func (f *function) lines(t *testing.T, message string) []map[string]any {
	var found []map[string]any
	for text := range strings.Lines(f.log.String()) {
		var line map[string]any
		require.NoError(t, json.Unmarshal([]byte(text), &line), text)
		if line["msg"] == message {
			found = append(found, line)
		}
	}
	require.NotEmpty(t, found)
	return found
}

func TestNewNamesWhatItsConfigLacks(t *testing.T) {
	whole := dispatch.Config{Steps: map[order.StepName]steps.Step{}, Logger: slog.New(slog.DiscardHandler), Metrics: emf.New(new(bytes.Buffer), "PizzaSaga")}
	needtest.TestNew(t, "dispatch.Config", dispatch.New, whole, map[string]func(*dispatch.Config){
		"Steps":   func(c *dispatch.Config) { c.Steps = nil },
		"Logger":  func(c *dispatch.Config) { c.Logger = nil },
		"Metrics": func(c *dispatch.Config) { c.Metrics = nil },
	})
}

func TestAnHTTPEventIsRefusedWithoutAnAPI(t *testing.T) {
	d, err := dispatch.New(dispatch.Config{Steps: map[order.StepName]steps.Step{}, Logger: slog.New(slog.DiscardHandler), Metrics: emf.New(new(bytes.Buffer), "PizzaSaga")})
	require.NoError(t, err)
	_, err = d.Invoke(t.Context(), []byte(read(t, "../../events/postOrders.json")))
	require.ErrorContains(t, err, "it is from an HTTP API, which is not enabled here")
}
