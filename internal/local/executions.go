package local

import (
	"context"
	"errors"

	"pizzasaga/asl"
	"pizzasaga/internal/history"
	"pizzasaga/internal/order"
	"pizzasaga/internal/repair"
	"pizzasaga/internal/workflow"
)

var (
	_ order.Executions  = (*Shop)(nil)
	_ repair.Executions = (*Shop)(nil)
)

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

// Status implements [repair.Executions].
func (s *Shop) Status(_ context.Context, orderID string) (string, error) {
	x, err := s.execution(orderID)
	if errors.Is(err, asl.ErrExecutionDoesNotExist) {
		return "", nil
	}
	return string(x.Status), err
}

// List implements [repair.Executions], in one page.
func (s *Shop) List(_ context.Context, status, _ string) (page []repair.Execution, next string, err error) {
	for _, x := range s.engine.List() {
		if string(x.Status) == status {
			page = append(page, repair.Execution{ARN: x.ARN, OrderID: x.Name, Started: x.Started})
		}
	}
	return page, "", nil
}
