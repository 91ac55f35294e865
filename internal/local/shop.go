// Package local is the whole shop in one process: the API, the interpreter,
// the function, orders and queues, with nothing behind them but memory.
package local

import (
	"context"
	"errors"
	"io"
	"log/slog"
	"net/http"
	"strings"

	"pizzasaga/asl"
	"pizzasaga/internal/api"
	"pizzasaga/internal/dispatch"
	"pizzasaga/internal/memory"
	"pizzasaga/internal/order"
	"pizzasaga/internal/sfnapi"
	"pizzasaga/internal/simulated"
	"pizzasaga/internal/steps"
	"pizzasaga/internal/workflow"
	"pizzasaga/statemachine"
	"pizzasaga/web"
)

// Config is what a shop may be given. Its zero value works.
type Config struct {
	// Logger gets what the function logs on AWS. Nil drops it.
	Logger *slog.Logger
	// Progress, if set, is told what becomes of each order, in lines for eyes.
	Progress io.Writer
	// Definition is what orders run through, instead of the pizza's own. It may
	// use the same substitutions and the same integrations.
	Definition []byte
}

// Shop is a running shop. It is an http.Handler: the API's.
type Shop struct {
	http.Handler
	Orders *memory.Orders
	Queues *memory.Queues
	engine *asl.Engine
	told   *progress
}

// Open opens a shop, which Close must close.
func Open(c Config) (*Shop, error) {
	orders, queues := memory.NewOrders(), &memory.Queues{}
	return open(c, orders, queues, parts{
		store: orders, gateway: simulated.Gateway{}, programme: simulated.Programme{}, kitchen: simulated.Kitchen{}, send: queues.Send,
	})
}

// parts are what the function and the workflow reach outside themselves.
type parts struct {
	store     order.Orders
	gateway   steps.PaymentGateway
	programme steps.LoyaltyProgramme
	kitchen   steps.Kitchen
	send      func(ctx context.Context, queue, body string) (id string, err error)
}

func open(c Config, orders *memory.Orders, queues *memory.Queues, p parts) (*Shop, error) {
	if c.Logger == nil {
		c.Logger = slog.New(slog.DiscardHandler)
	}
	s := &Shop{Orders: orders, Queues: queues}
	f, err := newFunction(p, c.Logger)
	if err != nil {
		return nil, err
	}
	engine := asl.Config{
		Name: "pizza-saga",
		Resources: map[string]asl.Resource{
			"lambda":          asl.LambdaFunction(f.invoke),
			"lambda:invoke":   asl.LambdaInvoke(f.invoke),
			"sqs:sendMessage": asl.SQSSendMessage(p.send),
		},
	}
	definition := statemachine.Pizza
	if c.Definition != nil {
		definition = c.Definition
	}
	if engine.Machine, err = asl.Load(definition, substitutions); err != nil {
		return nil, err
	}
	if c.Progress != nil {
		s.told = newProgress(c.Progress, paintFor(c.Progress), orders)
		engine.Observe = func(arn string, e asl.Event) { s.told.observe(arn[strings.LastIndexByte(arn, ':')+1:], e) }
	}
	if s.engine, err = asl.New(engine); err != nil {
		return nil, err
	}
	page, err := web.New(definition)
	if err != nil {
		return nil, err
	}
	executions, err := sfnapi.New(sfnapi.Config{Engine: s.engine, Machine: engine.Machine})
	if err != nil {
		return nil, err
	}
	orderAPI, err := api.New(api.Config{Orders: orders, Executions: s, FaultInjection: true, Logger: c.Logger, Page: page})
	if err != nil {
		return nil, err
	}
	s.Handler = s.routes(executions, orderAPI)
	return s, nil
}

// newFunction puts the function together: the steps alone, for the API is asked
// without it.
func newFunction(p parts, l *slog.Logger) (function, error) {
	saga, err := steps.New(steps.Config{Orders: p.store, Payments: p.gateway, Loyalty: p.programme, Kitchen: p.kitchen, Logger: l})
	if err != nil {
		return function{}, err
	}
	d, err := dispatch.New(dispatch.Config{Steps: saga.ByName(), Logger: l, Metrics: noMetrics{}})
	if err != nil {
		return function{}, err
	}
	return function{d.Invoke}, nil
}

// substitutions fills in the definition what template.yaml fills in on AWS. A
// queue's URL is here its name.
var substitutions = map[string]string{
	"FunctionArn":                "arn:aws:lambda:us-east-1:123456789012:function:pizza-saga",
	"AddLoyaltyPointsDLQUrl":     string(workflow.AddLoyaltyPointsQueue),
	"RefundPaymentDLQUrl":        string(workflow.RefundPaymentQueue),
	"ReclaimLoyaltyPointsDLQUrl": string(workflow.ReclaimLoyaltyPointsQueue),
}

// Start implements [order.Executions].
func (s *Shop) Start(_ context.Context, r order.Request) error {
	input, err := workflow.Input(r)
	if err != nil {
		return err
	}
	_, err = s.engine.Start(r.ID, input)
	if !errors.Is(err, asl.ErrExecutionAlreadyExists) {
		return err
	}
	execution, err := s.Execution(r.ID)
	if err != nil {
		return err
	}
	return workflow.CheckInput(r, execution.Input.Bytes())
}

// Execution describes the execution of an order.
func (s *Shop) Execution(orderID string) (asl.Execution, error) {
	return s.engine.Describe(s.arn(orderID))
}

// Wait waits until the execution of an order has ended.
func (s *Shop) Wait(ctx context.Context, orderID string) (asl.Execution, error) {
	return s.engine.Wait(ctx, s.arn(orderID))
}

// History is the history of an order's execution so far.
func (s *Shop) History(orderID string) ([]asl.Event, error) {
	return s.engine.History(s.arn(orderID))
}

func (s *Shop) arn(orderID string) string {
	return strings.Replace(s.engine.StateMachineARN(), ":stateMachine:", ":execution:", 1) + ":" + orderID
}

// Close waits for the steps that are running, until ctx ends; then they are
// told to stop.
func (s *Shop) Close(ctx context.Context) error {
	err := s.engine.Close(ctx)
	if s.told != nil {
		s.told.close()
	}
	return err
}
