// Package local is the whole shop in one process: the API, the interpreter,
// the function, orders and queues, with nothing behind them but memory or one file.
package local

import (
	"cmp"
	"context"
	"encoding/json"
	"io"
	"log/slog"
	"net/http"
	"sync"

	"pizzasaga/asl"
	"pizzasaga/internal/api"
	"pizzasaga/internal/aws/gateway"
	"pizzasaga/internal/bolt"
	"pizzasaga/internal/console"
	"pizzasaga/internal/dispatch"
	"pizzasaga/internal/memory"
	"pizzasaga/internal/order"
	"pizzasaga/internal/repair"
	"pizzasaga/internal/sfnapi"
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
	// Data names the file that keeps orders, dead letters, executions and the books of
	// the simulated systems. Empty keeps them in memory.
	Data string
	// Keep is how many ended orders are kept, with their executions; 10,000 when 0.
	// Orders with an open debt are kept in addition.
	Keep int
	// Outside is the URL of systems outside to ask instead of simulated ones.
	Outside string
}

// Shop is a running shop. It is an http.Handler: the API's.
type Shop struct {
	http.Handler
	Orders     Orders
	Queues     Queues
	data       *bolt.Store // nil without Config.Data
	engine     *asl.Engine
	function   function
	most       int               // of orders under way
	progress   *console.Progress // nil without Config.Progress
	reconciles sync.WaitGroup    // orders whose execution has ended badly
	working    context.Context   // of reconciles, until Close has no more time
	cancel     context.CancelFunc
}

// Orders is a store that can also list and forget orders.
type Orders interface {
	order.Orders
	// List returns all orders, the newest first.
	List() []order.Order
	// Forget removes an order, and its execution if the store has it. A repeated
	// submission still returns the order, without its timeline. It returns nil if there
	// is nothing to remove.
	Forget(id string) error
}

// Queues are dead letter queues that can be looked into.
type Queues interface {
	repair.Queues
	// Messages returns the queue's messages, the oldest first. They stay in it.
	Messages(order.Queue) []memory.Message
}

// parts are what the function and the workflow reach outside themselves.
type parts struct {
	store     order.Orders
	gateway   steps.PaymentGateway
	programme steps.LoyaltyProgramme
	kitchen   steps.Kitchen
	queues    repair.Queues
	data      *bolt.Store // of executions; nil keeps them in memory
}

func open(c Config, orders Orders, queues Queues, p parts) (*Shop, error) {
	if c.Logger == nil {
		c.Logger = slog.New(slog.DiscardHandler)
	}
	if c.Definition == nil {
		c.Definition = statemachine.Pizza
	}
	machine, err := asl.Load(c.Definition, substitutions)
	if err != nil {
		return nil, err
	}
	s := &Shop{Orders: orders, Queues: queues, most: maxUnderWay}
	s.working, s.cancel = context.WithCancel(context.Background())
	page, err := web.New(c.Definition, true)
	if err != nil {
		return nil, err
	}
	shop, err := api.New(api.Config{Orders: admission{orders, s}, Executions: s, FaultInjection: true, Logger: c.Logger,
		Page: page.Serve, History: s.events, BackOffice: office{s}})
	if err != nil {
		return nil, err
	}
	if s.function, err = p.function(c.Logger, shop, s); err != nil {
		return nil, err
	}
	if s.engine, err = asl.New(s.interpreter(machine, c.Keep, p)); err != nil {
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

// interpreter returns what the engine works with.
func (s *Shop) interpreter(machine *asl.Machine, keep int, p parts) asl.Config {
	c := asl.Config{
		Name: "pizza-saga", Machine: machine, Observe: s.observe, KeepEnded: keep, Forget: s.forget,
		Resources: map[string]asl.Resource{
			"lambda":        asl.LambdaFunction(s.function.invoke),
			"lambda:invoke": asl.LambdaInvoke(s.function.invoke),
			"sqs:sendMessage": asl.SQSSendMessage(func(ctx context.Context, url, body string) (string, error) {
				return p.queues.Send(ctx, order.Queue(url), body)
			}),
		},
	}
	if p.data != nil {
		c.Save, c.Events = p.data.Save, p.data.Events
	}
	return c
}

const functionARN = "arn:aws:lambda:us-east-1:123456789012:function:pizza-saga"

// substitutions fills in the definition what template.yaml fills in on AWS. A
// queue's URL is here its name.
var substitutions = map[string]string{
	"Partition":                  "aws",
	"FunctionArn":                functionARN,
	"AddLoyaltyPointsDLQUrl":     string(workflow.AddLoyaltyPointsQueue),
	"RefundPaymentDLQUrl":        string(workflow.RefundPaymentQueue),
	"ReclaimLoyaltyPointsDLQUrl": string(workflow.ReclaimLoyaltyPointsQueue),
}

// function returns the Lambda function, as it is put together on AWS but for what
// it reaches.
func (p parts) function(logger *slog.Logger, shop http.Handler, executions repair.Executions) (function, error) {
	saga, err := steps.New(steps.Config{Orders: p.store, Payments: p.gateway, Loyalty: p.programme, Kitchen: p.kitchen, Logger: logger})
	if err != nil {
		return function{}, err
	}
	repairer, err := repair.New(repair.Config{Steps: saga, Queues: p.queues, Executions: executions})
	if err != nil {
		return function{}, err
	}
	d, err := dispatch.New(dispatch.Config{
		Steps: saga.ByName(), HTTP: gateway.Handler(shop), Logger: logger, Metrics: noMetrics{},
		Tools: map[string]dispatch.Action{repair.RedriveAction: repairer.Redrive, repair.ReconcileAction: repairer.Reconcile},
	})
	if err != nil {
		return function{}, err
	}
	return function{d.Invoke}, nil
}

// observe is told each event of each execution. What EventBridge does on AWS for
// an execution that ends badly is done here.
func (s *Shop) observe(executionARN string, e asl.Event) {
	if s.progress != nil {
		s.progress.Observe(asl.NameOf(executionARN), e)
	}
	switch e.Type {
	case asl.ExecutionFailed, asl.ExecutionTimedOut, asl.ExecutionAborted:
		s.reconciles.Go(func() { s.reconcile(executionARN) })
	}
}

// reconcile has the function bring an order to its end, unless it has ended. What
// goes wrong is in the function's log.
func (s *Shop) reconcile(executionARN string) {
	ctx, id := s.working, asl.NameOf(executionARN)
	if o, err := s.Orders.Get(ctx, id); err != nil || o.Status.Ended() {
		return
	}
	event, err := json.Marshal(map[string]string{"action": repair.ReconcileAction, "execution": executionARN})
	if err != nil {
		return
	}
	_, _ = s.function.invoke(ctx, "", event)
	if o, err := s.Orders.Get(ctx, id); err == nil && o.Status.Ended() && s.progress != nil {
		s.progress.Reconciled(o)
	}
}

// Close waits for the steps and reconciliations that are running, until ctx ends;
// then they are told to stop, and the error is that of ctx. A shop that keeps its data
// in a file waits for nothing: whatever runs goes on when the file is opened again.
func (s *Shop) Close(ctx context.Context) error {
	defer s.cancel()
	if s.data != nil {
		return s.leave(ctx)
	}
	defer context.AfterFunc(ctx, s.cancel)()
	err := s.engine.Close(ctx)
	s.reconciles.Wait()
	if s.progress != nil {
		s.progress.Close()
	}
	return cmp.Or(err, ctx.Err())
}
