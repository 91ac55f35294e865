package local

import (
	"context"
	"errors"

	"pizzasaga/asl"
	"pizzasaga/internal/history"
	"pizzasaga/internal/order"
	"pizzasaga/internal/workflow"
)

var _ order.Executions = (*Shop)(nil)

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
	execution, err := s.execution(r.ID)
	if err != nil {
		return err
	}
	return workflow.CheckInput(r, execution.Input.Bytes())
}

// execution describes the execution of an order.
func (s *Shop) execution(orderID string) (asl.Execution, error) {
	return s.engine.Describe(s.engine.ExecutionARN(orderID))
}

// Wait waits until the execution of an order has ended.
func (s *Shop) Wait(ctx context.Context, orderID string) (asl.Execution, error) {
	return s.engine.Wait(ctx, s.engine.ExecutionARN(orderID))
}

// history returns the history of an order's execution so far.
func (s *Shop) history(orderID string) ([]history.Event, error) {
	events, err := s.engine.History(s.engine.ExecutionARN(orderID))
	return history.Read(events), err
}
