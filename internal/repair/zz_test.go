package repair_test

import (
	"context"
	"testing"
	"testing/synctest"
	"time"

	"pizzasaga/internal/memory"
	"pizzasaga/internal/order"
	"pizzasaga/internal/repair"
)

type slowStore struct{ *listed }

func TestZZ(t *testing.T) {
	x := &listed{pages: map[string][][]repair.Execution{}}
	var pages [][]repair.Execution
	const n = 100000
	for p := range n / 100 {
		var ago []time.Duration
		for i := range 100 {
			ago = append(ago, time.Duration(p*100+i))
		}
		pages = append(pages, page(ago...))
	}
	x.pages["FAILED"] = pages
	r := x.repairer(t, &memory.Queues{}, func(o *order.Order) { o.Status = order.Cancelled })
	began := time.Now()
	s := sweep(t.Context(), t, r)
	t.Log(s.Checked, s.Complete, time.Since(began), time.Since(began)/n)
}

func TestZZ2(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		x := &listed{takes: 5 * time.Millisecond, pages: map[string][][]repair.Execution{}}
		var pages [][]repair.Execution
		for p := range 500 {
			var ago []time.Duration
			for i := range 100 {
				ago = append(ago, time.Duration(p*100+i))
			}
			pages = append(pages, page(ago...))
		}
		x.pages["FAILED"] = pages
		ctx, cancel := context.WithTimeout(t.Context(), 30*time.Second)
		defer cancel()
		s := sweep(ctx, t, x.repairer(t, &memory.Queues{}, func(o *order.Order) {}))
		t.Log(s.Checked, s.Complete)
	})
}
