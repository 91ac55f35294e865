// Package local is the whole shop in one process: the API, the interpreter,
// the function, orders and queues, with nothing behind them but memory.
package local

import (
	"context"
	"io"
	"log/slog"
	"net/http"

	"pizzasaga/asl"
	"pizzasaga/internal/api"
	"pizzasaga/internal/console"
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
	// Progress, if set, gets what becomes of each order, in lines for a person.
	Progress io.Writer
	// Definition is what orders run through, instead of the pizza's own. It may
	// use the same substitutions and the same integrations.
	Definition []byte
}

// Shop is a running shop. It is an http.Handler: the API's.
type Shop struct {
	http.Handler
	Orders   *memory.Orders
	Queues   *memory.Queues
	engine   *asl.Engine
	progress *console.Progress // nil without Config.Progress
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
	if c.Definition == nil {
		c.Definition = statemachine.Pizza
	}
	s := &Shop{Orders: orders, Queues: queues}
	resources, err := p.resources(c.Logger)
	if err != nil {
		return nil, err
	}
	machine, err := asl.Load(c.Definition, substitutions)
	if err != nil {
		return nil, err
	}
	engine := asl.Config{Name: "pizza-saga", Machine: machine, Resources: resources}
	if c.Progress != nil {
		engine.Observe = func(arn string, e asl.Event) { s.progress.Observe(asl.NameOf(arn), e) }
	}
	if s.engine, err = asl.New(engine); err != nil {
		return nil, err
	}
	page, err := web.New(c.Definition)
	if err != nil {
		return nil, err
	}
	shop, err := api.New(api.Config{Orders: orders, Executions: s, FaultInjection: true, Logger: c.Logger, Page: page})
	if err != nil {
		return nil, err
	}
	executions, err := sfnapi.New(sfnapi.Config{Engine: s.engine, Machine: machine})
	if err != nil {
		return nil, err
	}
	s.Handler = s.routes(shop, executions)
	if c.Progress != nil { // last, because it starts a goroutine that only Close ends
		s.progress = console.NewProgress(c.Progress, orders)
	}
	return s, nil
}

// substitutions fills in the definition what template.yaml fills in on AWS. A
// queue's URL is here its name.
var substitutions = map[string]string{
	"FunctionArn":                "arn:aws:lambda:us-east-1:123456789012:function:pizza-saga",
	"AddLoyaltyPointsDLQUrl":     string(workflow.AddLoyaltyPointsQueue),
	"RefundPaymentDLQUrl":        string(workflow.RefundPaymentQueue),
	"ReclaimLoyaltyPointsDLQUrl": string(workflow.ReclaimLoyaltyPointsQueue),
}

// resources do the work of the workflow's tasks: the function, with the parts
// that it reaches, and the queues.
func (p parts) resources(logger *slog.Logger) (map[string]asl.Resource, error) {
	saga, err := steps.New(steps.Config{Orders: p.store, Payments: p.gateway, Loyalty: p.programme, Kitchen: p.kitchen, Logger: logger})
	if err != nil {
		return nil, err
	}
	d, err := dispatch.New(dispatch.Config{Steps: saga.ByName(), Logger: logger, Metrics: noMetrics{}})
	if err != nil {
		return nil, err
	}
	f := function{d.Invoke}
	return map[string]asl.Resource{
		"lambda":          asl.LambdaFunction(f.invoke),
		"lambda:invoke":   asl.LambdaInvoke(f.invoke),
		"sqs:sendMessage": asl.SQSSendMessage(p.send),
	}, nil
}

// Close waits for the steps that are running, until ctx ends; then they are
// told to stop.
func (s *Shop) Close(ctx context.Context) error {
	err := s.engine.Close(ctx)
	if s.progress != nil {
		s.progress.Close()
	}
	return err
}
