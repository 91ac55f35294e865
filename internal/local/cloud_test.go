package local

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"path"
	"runtime"
	"strings"
	"sync"
	"testing/synctest"
	"time"

	"github.com/aws/aws-lambda-go/lambda/messages"

	"pizzasaga/asl"
	"pizzasaga/internal/api"
	"pizzasaga/internal/memory"
	"pizzasaga/internal/order"
	"pizzasaga/internal/repair"
	"pizzasaga/internal/workflow"
)

// cloud simulates the shop on AWS. Every invocation of the function is a process of its
// own, which can die and is killed after 30 seconds. Events are delivered late or twice.
// A schedule says which calls fail.
type cloud struct {
	schedule
	*calls
	changed change

	orders Orders
	queues Queues
	money  *ledger
	points *ledger
	ovens  *ledger // pizzas that were prepared
	pizzas *ledger // pizzas that were handed over

	shop *Shop
	api  http.Handler

	placed    []string        // the ids of the stored orders
	accepted  map[string]bool // the orders that were answered with 202
	cancelled map[string]bool // the orders whose cancellation was accepted

	unrecorded []error // loyalty failures that were not recorded in time
}

// change is what a mutant changes. The zero value changes nothing.
type change struct {
	machine *asl.Machine                                    // nil is the deployed definition
	drops   func(action, call string, c *order.Change) bool // the calls that succeed without being made
}

// newCloud returns a cloud for one order, in the caller's bubble.
func newCloud(s schedule, m change) (*cloud, error) {
	w := &cloud{schedule: s, calls: newCalls(s.faults), changed: m, orders: memory.NewOrders(), queues: &memory.Queues{},
		money: newLedger(), points: newLedger(), ovens: newLedger(), pizzas: newLedger(), accepted: map[string]bool{}, cancelled: map[string]bool{}}
	for _, l := range []*ledger{w.money, w.points, w.pizzas} {
		l.weak = s.weak
	}
	w.shop = &Shop{Orders: w.orders, Queues: w.queues}
	var err error
	if w.api, err = api.New(api.Config{Orders: w.store(), Executions: executions{w}, FaultInjection: true, Logger: discard()}); err != nil {
		return nil, err
	}
	if w.shop.function, err = w.parts().function(discard(), w.api, executions{w}); err != nil {
		return nil, err
	}
	machine := m.machine
	if machine == nil {
		machine = deployed()
	}
	w.shop.engine, err = asl.New(asl.Config{
		Name: "pizza-saga", Machine: machine, Observe: w.observe,
		Resources: map[string]asl.Resource{
			"lambda:invoke": asl.LambdaInvoke(func(ctx context.Context, _ string, event []byte) ([]byte, error) {
				action := actionOf(event)
				answer, err := w.invoke(ctx, action, event)
				if action == string(order.RecordLoyaltyFailure) && err == nil {
					w.requireRecorded()
				}
				return answer, err
			}),
			"sqs:sendMessage": asl.SQSSendMessage(func(ctx context.Context, url, body string) (string, error) {
				return attempt(ctx, w.calls, nil, url+"DLQ", func() (string, error) { return w.queues.Send(ctx, order.Queue(url), body) })
			}),
		},
	})
	return w, err
}

func actionOf(event []byte) string {
	var e struct{ Action string }
	_ = json.Unmarshal(event, &e) // valid: the workflow encoded it
	return e.Action
}

// process is one invocation of the function.
type process struct {
	action string
	dead   chan struct{} // closed when it has ended
	once   sync.Once
}

func (p *process) end() { p.once.Do(func() { close(p.dead) }) }

// die ends the process and the goroutine that calls it.
func (p *process) die() {
	p.end()
	runtime.Goexit()
}

func (p *process) mustLive() {
	select {
	case <-p.dead:
		runtime.Goexit()
	default:
	}
}

type processKey struct{}

func processOf(ctx context.Context) *process { return ctx.Value(processKey{}).(*process) }

// run runs an invocation of the function until it answers, dies or times out.
func run[T any](action string, work func(context.Context) (T, error)) (answer T, err error) {
	p := &process{action: action, dead: make(chan struct{})}
	defer p.end()
	ctx, cancel := context.WithTimeout(context.WithValue(context.Background(), processKey{}, p), functionTimeout)
	defer cancel()
	answered := make(chan struct{})
	go func() {
		a, e := work(ctx)
		p.mustLive()
		answer, err = a, e
		close(answered)
	}()
	var none T
	select {
	case <-answered:
		return answer, err
	case <-p.dead:
		return none, &asl.TaskError{Name: "Runtime.ExitError", Cause: "the process has died"}
	case <-ctx.Done():
		return none, &asl.TaskError{Name: "Sandbox.Timedout", Cause: "the process was killed"}
	}
}

// invoke calls the function with an event. The name is that of the call in a schedule.
func (w *cloud) invoke(ctx context.Context, name string, event []byte) ([]byte, error) {
	return attempt(ctx, w.calls, nil, name, func() ([]byte, error) {
		return run(name, func(ctx context.Context) ([]byte, error) {
			answer, err := w.shop.function.handler(ctx, event)
			if named, ok := errors.AsType[messages.InvokeResponse_Error](err); ok {
				return nil, failure(named)
			}
			return answer, err
		})
	})
}

// observe reconciles an execution that does not succeed, in up to three attempts, as
// EventBridge and Lambda's asynchronous invocations do.
func (w *cloud) observe(arn string, e asl.Event) {
	switch e.Type {
	case asl.ExecutionFailed, asl.ExecutionTimedOut, asl.ExecutionAborted:
		go func() {
			for _, wait := range []time.Duration{time.Second, time.Minute, 2 * time.Minute} {
				time.Sleep(wait)
				if w.operate(repair.ReconcileAction, repair.ReconcileAction, arn) == nil {
					return
				}
			}
		}()
	}
}

// request sends a customer's request to the API. The customer waits as long as API
// Gateway does.
func (w *cloud) request(name, url, key, body string) (*http.Response, error) {
	ctx, cancel := context.WithTimeout(context.Background(), functionTimeout)
	defer cancel()
	return attempt(ctx, w.calls, nil, name, func() (*http.Response, error) {
		return run(name, func(ctx context.Context) (*http.Response, error) {
			r := httptest.NewRequestWithContext(ctx, http.MethodPost, url, strings.NewReader(body))
			if key != "" {
				r.Header.Set("Idempotency-Key", key)
			}
			answer := httptest.NewRecorder()
			w.api.ServeHTTP(answer, r)
			return answer.Result(), nil
		})
	})
}

// order places the order. A customer with a key tries up to five times.
func (w *cloud) order() {
	key, tries := "", 1
	if w.key {
		key, tries = "tuesday", 5
	}
	for range tries {
		answer, err := w.request("postOrders", "/orders", key, fmt.Sprintf(`{"errorOnStep":%d,"perStepDelaySeconds":%d}`, w.fault, w.delay))
		if err == nil && answer.StatusCode == http.StatusAccepted {
			w.accepted[path.Base(answer.Header.Get("Location"))] = true
			return
		}
		time.Sleep(2 * time.Second)
	}
}

// askToCancel cancels the order.
func (w *cloud) askToCancel(id string) {
	answer, err := w.request("cancelOrder", "/orders/"+id+"/cancel", "", "")
	w.cancelled[id] = err == nil && answer.StatusCode == http.StatusAccepted
}

// live places the order, does what the schedule says, and returns when nothing more
// happens.
func (w *cloud) live() {
	go w.order()
	w.at(w.cancel, w.askToCancel)
	w.at(w.stop, func(id string) { _, _ = w.shop.engine.Stop(w.shop.engine.ExecutionARN(id), "", "") }) // there may be none yet
	w.at(w.sweep, func(string) { _ = w.operate("sweep", repair.ReconcileAction, "") })
	w.at(w.redrive, func(string) { _ = w.operate("redrive", repair.RedriveAction, "") })
	time.Sleep(4 * time.Hour) // an execution ends within one hour
	synctest.Wait()
}

// at calls do for the order after a time, if the order exists by then. Zero is never.
func (w *cloud) at(after time.Duration, do func(id string)) {
	if after == 0 {
		return
	}
	go func() {
		time.Sleep(after)
		for _, id := range w.stored() {
			do(id)
		}
	}()
}

// operate invokes a repair action. The name is that of the call in a schedule.
func (w *cloud) operate(name, action, execution string) error {
	ctx, cancel := context.WithTimeout(context.Background(), functionTimeout)
	defer cancel()
	named := map[string]string{"action": action}
	if execution != "" {
		named["execution"] = execution
	}
	event, err := json.Marshal(named)
	if err == nil {
		_, err = w.invoke(ctx, name, event)
	}
	return err
}

// calmSweep ends the faults, and sweeps once.
func (w *cloud) calmSweep() {
	w.calls.calm()
	_ = w.operate("sweep", repair.ReconcileAction, "")
	synctest.Wait()
}

// calmRedrive redrives all letters until none is left, for at most half an hour.
func (w *cloud) calmRedrive() {
	for range 15 {
		_ = w.operate("redrive", repair.RedriveAction, "")
		synctest.Wait()
		if w.letters() == 0 {
			return
		}
		time.Sleep(2 * time.Minute) // a received letter is hidden for one minute
	}
}

func (w *cloud) letters() (n int) {
	for _, q := range workflow.Queues() {
		n += len(w.queues.Messages(q))
	}
	return n
}
