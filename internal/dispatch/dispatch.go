// Package dispatch receives every event of the one Lambda function: it runs the action
// that the event asks for and gives errors their names.
package dispatch

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/aws/aws-lambda-go/lambda/messages"
	"github.com/aws/aws-lambda-go/lambdacontext"

	"pizzasaga/internal/need"
	"pizzasaga/internal/order"
	"pizzasaga/internal/steps"
	"pizzasaga/internal/workflow"
)

// Action handles one kind of event: it takes the event's JSON and returns the answer's.
// Package workflow has names for its errors; any other error is internal.
type Action func(ctx context.Context, event []byte) ([]byte, error)

// Metrics counts how orders end.
type Metrics interface {
	// OrderEnded is called at least once for every order that a step ends, and again if
	// the step is repeated because its answer was lost.
	OrderEnded(o order.Order)
}

// Config has a dispatcher's dependencies. Steps, Logger and Metrics are required.
type Config struct {
	Steps map[order.StepName]steps.Step
	// HTTP answers the events of the HTTP API. If it is nil, they are refused.
	HTTP Action
	// Tools are optional additional actions for operators.
	Tools   map[string]Action
	Logger  *slog.Logger
	Metrics Metrics
}

// Dispatcher runs the action that an event names.
type Dispatcher struct {
	actions map[string]Action
	http    Action
	logger  *slog.Logger
	metrics Metrics
}

// New returns a dispatcher, or an error that names each field that is missing.
func New(c Config) (*Dispatcher, error) {
	if err := need.Fields("dispatch.Config", map[string]bool{
		"Steps": c.Steps != nil, "Logger": c.Logger != nil, "Metrics": c.Metrics != nil,
	}); err != nil {
		return nil, err
	}
	d := &Dispatcher{actions: map[string]Action{}, http: c.HTTP, logger: c.Logger, metrics: c.Metrics}
	for name, step := range c.Steps {
		d.actions[string(name)] = d.step(name, step)
	}
	maps.Copy(d.actions, c.Tools)
	return d, nil
}

// Invoke answers an event. It has this signature so that aws-lambda-go calls it without
// reflection. An error is a [messages.InvokeResponse_Error] whose type is one of
// [workflow.ErrorNames], which Step Functions matches against Retry and Catch. (For other
// errors, the type would be the name of the Go type.) A panic is left to aws-lambda-go,
// which reports it and makes Lambda start a fresh process.
func (d *Dispatcher) Invoke(ctx context.Context, event []byte) ([]byte, error) {
	start := time.Now()
	head, action, err := d.find(event)
	var answer []byte
	if err == nil {
		answer, err = action(ctx, event)
	}
	d.report(ctx, head, time.Since(start), err)
	if err != nil {
		return nil, messages.InvokeResponse_Error{Type: workflow.ErrorName(err), Message: err.Error()}
	}
	return answer, nil
}

// head has the fields that identify an event and its order.
type head struct {
	Action string `json:"action"`
	Order  struct {
		ID string `json:"orderId"`
	} `json:"order"`
	RequestContext struct {
		HTTP *struct{} `json:"http"`
	} `json:"requestContext"`
}

const httpAction = "http"

func (d *Dispatcher) find(event []byte) (head, Action, error) {
	var h head
	if err := json.Unmarshal(event, &h); err != nil {
		return h, nil, fmt.Errorf("%w event: it must be a JSON object as in events/: %w", order.ErrInvalid, err)
	}
	ofHTTP := h.Action == "" && h.RequestContext.HTTP != nil
	if ofHTTP && d.http != nil {
		h.Action = httpAction
		return h, d.http, nil
	}
	if action, ok := d.actions[h.Action]; ok {
		return h, action, nil
	}
	asked := fmt.Sprintf("action %q is unknown", h.Action)
	switch {
	case ofHTTP:
		asked = "it is from an HTTP API, which is not enabled here"
	case h.Action == "":
		asked = "it has no action and is not from an HTTP API"
	}
	return h, nil, fmt.Errorf("%w event: %s; the actions are %s", order.ErrInvalid, asked, strings.Join(d.known(), ", "))
}

func (d *Dispatcher) known() []string {
	var names []string
	for name := range d.actions {
		names = append(names, name)
	}
	slices.Sort(names)
	return names
}

// step returns the action that runs a workflow step.
func (d *Dispatcher) step(name order.StepName, step steps.Step) Action {
	return func(ctx context.Context, event []byte) ([]byte, error) {
		var in steps.Input
		if err := json.Unmarshal(event, &in); err != nil {
			return nil, fmt.Errorf("%w event: %w", order.ErrInvalid, err)
		}
		if err := workflow.Validate(in.Order); err != nil {
			return nil, err
		}
		o, err := step(ctx, in)
		if err != nil {
			return nil, err
		}
		if o.Status.Ended() && ends(name) {
			d.metrics.OrderEnded(o)
		}
		return json.Marshal(o.Summary())
	}
}

// ends reports whether the step can give an order its final status.
func ends(step order.StepName) bool {
	return slices.ContainsFunc(order.Transitions(), func(t order.Transition) bool { return t.Step == step && t.ToStatus.Ended() })
}

// report logs the invocation in one line. An injected fault or a decision of the customer
// or their bank is not logged as an error.
func (d *Dispatcher) report(ctx context.Context, h head, took time.Duration, err error) {
	attrs := []slog.Attr{slog.String("action", h.Action), slog.Duration("duration", took)}
	if lc, ok := lambdacontext.FromContext(ctx); ok {
		attrs = append(attrs, slog.String("requestId", lc.AwsRequestID))
	}
	if trace, ok := ctx.Value("x-amzn-trace-id").(string); ok { // the key that aws-lambda-go uses
		attrs = append(attrs, slog.String("traceId", trace))
	}
	if h.Order.ID != "" {
		attrs = append(attrs, slog.String("orderId", h.Order.ID))
	}
	level, outcome := slog.LevelInfo, "ok"
	if err != nil {
		outcome = workflow.ErrorName(err)
		attrs = append(attrs, slog.String("error", err.Error()))
		if !errors.Is(err, workflow.ErrSimulated) && !errors.Is(err, order.ErrDeclined) && !errors.Is(err, order.ErrCancelled) {
			level = slog.LevelError
		}
	}
	d.logger.LogAttrs(ctx, level, "invocation", append(attrs, slog.String("outcome", outcome))...)
}
