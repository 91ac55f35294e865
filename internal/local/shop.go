// Package local is the whole shop in one process: the API, the interpreter, the function,
// the orders and the queues. Orders, queues and executions are stored in memory or in one
// file.
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

// Config is the configuration of a shop. The zero value is valid.
type Config struct {
	// Logger gets what the function logs on AWS. If it is nil, nothing is logged.
	Logger *slog.Logger
	// Progress, if set, gets the progress of each order as text.
	Progress io.Writer
	// Definition is the state machine that orders run through; [statemachine.Pizza] if
	// nil. It may use the same substitutions and integrations.
	Definition []byte
	// Data is the file that stores orders, dead letters, executions and the books of
	// the simulated systems. If it is empty, they are kept in memory.
	Data string
	// Keep is how many ended orders are kept, with their executions: the last to end, and
	// in addition all that are still owed something. 10,000 when 0.
	Keep int
	// Outside is the URL of the outside systems; they are simulated if it is empty.
	Outside string
}

// Shop is a running shop. Its Handler serves its page and its APIs.
type Shop struct {
	http.Handler
	Orders     Orders
	Queues     Queues
	data       *bolt.Store // nil without Config.Data
	engine     *asl.Engine
	function   function
	limit      int               // of orders under way
	progress   *console.Progress // nil without Config.Progress
	reconciles sync.WaitGroup    // running reconciliations
	working    context.Context   // of reconciliations and of keeping ended orders; cancelled by Close
	cancel     context.CancelFunc
}

// Orders is a store that can also list and remove orders.
type Orders interface {
	order.Orders
	// List returns all orders, newest first.
	List() []order.Order
	// Forget removes orders, with their executions if the store has them. A repeated
	// submission still returns the orders, without their timelines. An id that does not
	// exist is ignored.
	Forget(ids ...string) error
}

// Queues are dead letter queues whose messages can be listed.
type Queues interface {
	repair.Queues
	// Messages returns the queue's messages, oldest first, and leaves them in the queue.
	Messages(order.Queue) []memory.Message
}

// parts are the dependencies of the function and the workflow.
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
	s := &Shop{Orders: orders, Queues: queues, limit: maxUnderWay}
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
	executions, err := sfnapi.New(sfnapi.Config{Engine: s.engine})
	if err != nil {
		return nil, err
	}
	s.Handler = s.routes(shop, executions)
	if c.Progress != nil { // last, because it starts a goroutine that only Close stops
		s.progress = console.NewProgress(c.Progress, orders)
	}
	return s, nil
}

// interpreter returns the engine's configuration.
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

// substitutions are the values that template.yaml substitutes in the definition. The URL
// of a queue is its name.
var substitutions = map[string]string{
	"Partition":                  "aws",
	"FunctionArn":                functionARN,
	"AddLoyaltyPointsDLQUrl":     string(workflow.AddLoyaltyPointsQueue),
	"RefundPaymentDLQUrl":        string(workflow.RefundPaymentQueue),
	"ReclaimLoyaltyPointsDLQUrl": string(workflow.ReclaimLoyaltyPointsQueue),
}

// function returns the Lambda function. It is the same as on AWS, except for its
// dependencies.
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

// observe handles each event of each execution. If an execution does not succeed, it
// starts a reconciliation, as EventBridge does on AWS.
func (s *Shop) observe(executionARN string, e asl.Event) {
	if s.progress != nil {
		s.progress.Observe(asl.NameOf(executionARN), e)
	}
	switch e.Type {
	case asl.ExecutionFailed, asl.ExecutionTimedOut, asl.ExecutionAborted:
		s.reconciles.Go(func() { s.reconcile(executionARN) })
	}
}

// reconcile invokes the function to end an order, unless the order has ended. The
// function logs errors.
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

// Close waits for the running steps and reconciliations. When ctx ends, it cancels them
// and returns the error of ctx. A shop with a data file cancels them at once; they
// continue when the file is opened again. Close must be called only once.
func (s *Shop) Close(ctx context.Context) error {
	defer s.cancel()
	if s.data != nil {
		return s.closeWithData(ctx)
	}
	defer context.AfterFunc(ctx, s.cancel)()
	err := s.engine.Close(ctx)
	s.reconciles.Wait()
	err = cmp.Or(err, ctx.Err())
	s.closeProgress()
	return err
}

func (s *Shop) closeProgress() {
	if s.progress != nil {
		s.progress.Close()
	}
}
