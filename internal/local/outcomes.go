package local

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"sync"

	"pizzasaga/internal/console"
	"pizzasaga/internal/customer"
	"pizzasaga/internal/outcomes"
	"pizzasaga/internal/workflow"
)

// Outcomes opens a shop, orders all eight outcomes over HTTP as a customer does,
// and prints a row for each order when it has ended. It returns an error unless all
// outcomes are correct. It takes as long as the retries of a failing compensation,
// about 15 s.
func Outcomes(ctx context.Context, out io.Writer) error {
	listener, err := Listen("127.0.0.1:0")
	if err != nil {
		return err
	}
	shop, err := Open(Config{})
	if err != nil {
		return errors.Join(err, listener.Close())
	}
	ctx, stop := context.WithCancel(ctx)
	var check sync.WaitGroup
	var checked error
	check.Go(func() {
		defer stop()
		checked = shop.checkOutcomes(ctx, listener.Addr(), out)
	})
	served := Serve(ctx, listener, shop, io.Discard)
	stop() // ends the check if Serve failed
	check.Wait()
	return errors.Join(served, checked)
}

// checkOutcomes orders all eight outcomes at the shop's address, and checks them.
func (s *Shop) checkOutcomes(ctx context.Context, at net.Addr, out io.Writer) error {
	client, err := customer.New("http://"+at.String(), "", nil)
	if err != nil {
		return err
	}
	placed, err := client.Place(ctx, customer.Wish{ErrorOnStep: workflow.AllFaults})
	if err != nil {
		return err
	}
	table := console.NewTable(out)
	var rows sync.WaitGroup
	for _, id := range placed {
		rows.Go(func() { table.Row(s.outcome(ctx, id)) })
	}
	rows.Wait()
	return table.End(len(outcomes.All()))
}

// outcome waits until an order's execution has ended, and checks the outcome against
// the expected one.
func (s *Shop) outcome(ctx context.Context, id string) (outcomes.Run, error) {
	_, ended := s.Wait(ctx, id)
	o, err := s.Orders.Get(context.WithoutCancel(ctx), id)
	if err != nil {
		return outcomes.Run{}, err
	}
	if ended != nil {
		return outcomes.Run{Execution: "RUNNING", Order: o}, fmt.Errorf("it has not ended: %w", ended)
	}
	run, err := s.Run(o)
	if err != nil {
		return run, err
	}
	return run, outcomes.All()[o.ErrorOnStep].Check(run)
}
