//go:build linux

package main

import (
	"cmp"
	"context"
	"crypto/rand"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"slices"
	"strings"
	"sync"
	"time"

	"pizzasaga/internal/order"
)

// result is the result of a run.
type result struct {
	mu       sync.Mutex
	placing  []time.Duration // of POST
	looking  []time.Duration // of GET
	accepted []string        // ids
	refused  int             // orders answered 503
	broken   []error         // all other answers
	took     time.Duration
	memory   []int // MB, each second
	books    *books
	notEnded []string
}

// run runs the program under load.
func run(ctx context.Context, program string, args []string, rate int, duration time.Duration) (*result, error) {
	r := &result{books: newBooks()}
	s, err := start(ctx, program, r.books, args)
	if err != nil {
		return nil, err
	}
	defer s.stop()
	client := &http.Client{Transport: &http.Transport{MaxIdleConnsPerHost: most}, Timeout: 30 * time.Second}
	began, watched := time.Now(), make(chan struct{})
	go func() { defer close(watched); r.watch(s, began.Add(duration)) }()
	var customers sync.WaitGroup
	waiting := make(chan struct{}, most)
	for n := 0; time.Since(began) < duration && ctx.Err() == nil; n++ {
		due := began.Add(time.Duration(n) * time.Second / time.Duration(rate))
		time.Sleep(time.Until(due))
		waiting <- struct{}{}
		customers.Go(func() { r.visit(ctx, client, s.url, due); <-waiting })
	}
	customers.Wait()
	r.took = time.Since(began)
	<-watched
	r.notEnded = unended(ctx, client, s.url, r.accepted)
	r.memory = append(r.memory, s.memory())
	return r, ctx.Err()
}

// most is the maximum number of customers at once. When that many are waiting, further
// orders are late, which their times show.
const most = 1000

// watch records the program's memory every second.
func (r *result) watch(s *shop, until time.Time) {
	for tick := time.NewTicker(time.Second); time.Now().Before(until); <-tick.C {
		r.memory = append(r.memory, s.memory())
	}
}

// visit places an order that was due at a time, and reads it.
func (r *result) visit(ctx context.Context, client *http.Client, url string, due time.Time) {
	status, body, err := ask(ctx, client, http.MethodPost, url+"/orders", rand.Text())
	placed := time.Since(due)
	var o order.Summary
	if status == http.StatusAccepted {
		err = json.Unmarshal(body, &o)
	}
	r.mu.Lock()
	r.placing = append(r.placing, placed)
	switch {
	case status == http.StatusServiceUnavailable:
		r.refused++
	case err != nil || status != http.StatusAccepted:
		r.broken = append(r.broken, wrongAnswer("POST /orders", status, err))
	default:
		r.accepted = append(r.accepted, o.ID)
	}
	r.mu.Unlock()
	if o.ID == "" {
		return
	}
	began := time.Now()
	status, _, err = ask(ctx, client, http.MethodGet, url+"/orders/"+o.ID, "")
	r.mu.Lock()
	defer r.mu.Unlock()
	r.looking = append(r.looking, time.Since(began))
	if err != nil || status != http.StatusOK {
		r.broken = append(r.broken, wrongAnswer("GET /orders/"+o.ID, status, err))
	}
}

func wrongAnswer(request string, status int, err error) error {
	return fmt.Errorf("%s: %w", request, cmp.Or(err, fmt.Errorf("status %d", status)))
}

// unended waits for the orders and returns those that do not end well. The shop forgets
// only orders that are settled, so an unknown order has ended.
func unended(ctx context.Context, client *http.Client, url string, ids []string) (left []string) {
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	for _, id := range ids {
		settled := false
		for !settled && ctx.Err() == nil {
			var o order.Order
			status, body, err := ask(ctx, client, http.MethodGet, url+"/orders/"+id, "")
			settled = status == http.StatusNotFound ||
				err == nil && json.Unmarshal(body, &o) == nil && o.Settled()
		}
		if !settled {
			left = append(left, id)
		}
	}
	return left
}

// patience is how long it may take to look at all orders in the end.
const patience = 10 * time.Minute

// ask sends a request, with an idempotency key unless that is empty.
func ask(ctx context.Context, client *http.Client, method, url, key string) (status int, body []byte, err error) {
	request, err := http.NewRequestWithContext(ctx, method, url, nil)
	if err != nil {
		return 0, nil, err
	}
	if key != "" {
		request.Header.Set("Idempotency-Key", key)
	}
	answer, err := client.Do(request)
	if err != nil {
		return 0, nil, err
	}
	defer answer.Body.Close()
	body, err = io.ReadAll(answer.Body)
	return answer.StatusCode, body, err
}

func (r *result) String() string {
	var memory []string
	for i, mb := range r.memory {
		if i%max(1, len(r.memory)/5) == 0 || i == len(r.memory)-1 {
			memory = append(memory, fmt.Sprint(mb))
		}
	}
	return fmt.Sprintf("%.0f orders a second, %d of %d refused; POST p50 %v, p99 %v; GET p50 %v, p99 %v; memory %s MB",
		float64(len(r.accepted))/r.took.Seconds(), r.refused, len(r.placing), quantile(r.placing, 50), quantile(r.placing, 99),
		quantile(r.looking, 50), quantile(r.looking, 99), strings.Join(memory, " → "))
}

// quantile returns the time within which this percentage was answered.
func quantile(took []time.Duration, percent int) time.Duration {
	if len(took) == 0 {
		return 0
	}
	slices.Sort(took)
	return took[(len(took)-1)*percent/100].Round(100 * time.Microsecond)
}

// check returns an error if a promise was broken.
func (r *result) check() error {
	switch {
	case len(r.broken) > 0:
		return fmt.Errorf("%d requests got a wrong answer; the first: %w", len(r.broken), r.broken[0])
	case len(r.notEnded) > 0:
		return fmt.Errorf("%d accepted orders were not delivered; the first: %s", len(r.notEnded), r.notEnded[0])
	}
	return r.books.check(r.accepted)
}
