//go:build unix

package local

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"math/rand/v2"
	"net"
	"net/http"
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"pizzasaga/internal/bolt"
	"pizzasaga/internal/history"
	"pizzasaga/internal/order"
	"pizzasaga/internal/workflow"
)

// customers place one order after another, each with a key, and retry requests that get
// no answer. They wait for some of their orders to end before they place the next.
type customers struct {
	*killed
	all     sync.WaitGroup
	closing chan struct{}
}

func startCustomers(k *killed, n int) *customers {
	c := &customers{killed: k, closing: make(chan struct{})}
	k.Cleanup(c.all.Wait) // if the test fails
	for i := range n {
		c.all.Go(func() { c.live(rand.New(rand.NewPCG(uint64(i), 0))) })
	}
	return c
}

// leave stops the customers from ordering, and waits until their orders have ended.
func (c *customers) leave() {
	close(c.closing)
	c.all.Wait()
}

func (c *customers) live(chance *rand.Rand) {
	for n := 0; c.Context().Err() == nil; n++ {
		select {
		case <-c.closing:
			return
		default:
		}
		fault := order.Fault(0)
		if chance.IntN(2) == 0 {
			fault = workflow.Faults()[chance.IntN(6)] // not a failing compensation, which takes long
		}
		if chance.IntN(50) == 0 {
			fault = workflow.FaultRefundPayment
		}
		id := c.place(fmt.Sprintf("%d-%d", chance.Uint64(), n), fmt.Sprintf(`{"errorOnStep":%d,"perStepDelaySeconds":%d}`, fault, chance.IntN(8)/7))
		if chance.IntN(8) == 0 {
			c.askToCancel(id)
		}
		if chance.IntN(3) > 0 || fault == workflow.FaultRefundPayment {
			c.all.Go(func() { c.await(id) })
			continue
		}
		c.await(id)
	}
}

// place sends an order until it is accepted.
func (c *customers) place(key, body string) string {
	for c.Context().Err() == nil {
		status, answer := c.send(http.MethodPost, "/orders", key, body)
		var placed order.Summary
		if status == http.StatusAccepted && json.Unmarshal(answer, &placed) == nil {
			c.mu.Lock()
			c.accepted[placed.ID] = true
			c.placed = append(c.placed, placed.ID)
			c.answered = append(c.answered, placed.ID)
			c.mu.Unlock()
			return placed.ID
		}
	}
	return ""
}

func (c *customers) askToCancel(id string) {
	if status, _ := c.send(http.MethodPost, "/orders/"+id+"/cancel", "", ""); status == http.StatusAccepted {
		c.mu.Lock()
		c.cancelled[id] = true
		c.mu.Unlock()
	}
}

// await waits until an order has ended. The order must always exist, and its timeline
// must never shrink.
func (c *customers) await(id string) {
	for seen := 0; c.Context().Err() == nil; {
		status, answer := c.send(http.MethodGet, "/orders/"+id, "", "")
		var o order.Order
		if c.Context().Err() == nil && status == http.StatusNotFound || status == http.StatusOK && (json.Unmarshal(answer, &o) != nil || len(o.Timeline) < seen) {
			c.Errorf("order %s had a timeline of %d entries; now the answer is %d: %s", id, seen, status, answer)
			return
		}
		if seen = max(seen, len(o.Timeline)); o.Status.Ended() {
			return
		}
	}
}

// send sends a request, and then pauses. The status is 0 if there was no answer.
func (c *customers) send(method, path, key, body string) (status int, answer []byte) {
	defer func() { <-time.After(20 * time.Millisecond) }()
	ctx, cancel := context.WithTimeout(c.Context(), 10*time.Second)
	defer cancel()
	request, err := http.NewRequestWithContext(ctx, method, "http://"+c.address+path, strings.NewReader(body))
	if err != nil {
		return 0, nil
	}
	if key != "" {
		request.Header.Set("Idempotency-Key", key)
	}
	got, err := http.DefaultClient.Do(request)
	if err != nil {
		return 0, nil
	}
	defer got.Body.Close()
	answer, err = io.ReadAll(got.Body)
	if err != nil {
		return 0, nil
	}
	return got.StatusCode, answer
}

// stateOf has the states whose tasks make each call to an outside system. A step that is
// too late takes back what it gave.
var stateOf = map[string][]string{
	"charge": {"ProcessPayment"}, "refund": {"RefundPayment", "ProcessPayment"}, "void": {"RefundPayment"},
	"add": {"AddLoyaltyPoints"}, "reclaim": {"ReclaimLoyaltyPoints", "AddLoyaltyPoints"}, "prepare": {"PrepareOrder"}, "handOver": {"ProcessOrder"},
}

// histories reads the histories in a data file, each once.
type histories struct {
	file   *bolt.Store
	states map[string]map[string]bool // the entered states, by order
	names  []string                   // of the executions
}

// entered reports whether an order has entered one of the states.
func (h *histories) entered(t *killed, orderID string, states ...string) bool {
	if h.states[orderID] == nil {
		events, err := h.file.Events(orderID)
		require.NoError(t, err)
		h.states[orderID] = map[string]bool{}
		for _, e := range history.Read(events) {
			h.states[orderID][e.State] = true
		}
	}
	return slices.ContainsFunc(states, func(state string) bool { return h.states[orderID][state] })
}

// printed reports whether the order in a printed line has entered the line's state.
func (h *histories) printed(t *killed, e outsideCall) bool {
	if h.names == nil {
		all, err := h.file.Executions()
		require.NoError(t, err)
		for _, x := range all {
			h.names = append(h.names, x.Name)
		}
	}
	return slices.ContainsFunc(h.names, func(id string) bool { return strings.HasPrefix(id, e.orderID) && h.entered(t, id, e.name) })
}

// output is what the program has printed.
type output struct {
	mu   sync.Mutex
	text bytes.Buffer
}

func (o *output) Write(p []byte) (int, error) {
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.text.Write(p)
}

func (o *output) String() string {
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.text.String()
}

// line matches a line with the beginning of an order's id and the state that it entered.
var line = regexp.MustCompile(`(?m)^[0-9:.]+  ([A-Z0-9]{6})    (\w+)$`)

func (o *output) entered() (entered []outsideCall) {
	for _, found := range line.FindAllStringSubmatch(o.String(), -1) {
		entered = append(entered, outsideCall{name: found[2], orderID: found[1]})
	}
	return entered
}

// freeAddress returns an address on which nothing listens.
func freeAddress(t *testing.T) string {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	defer listener.Close()
	return listener.Addr().String()
}
