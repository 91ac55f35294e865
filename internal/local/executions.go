package local

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"

	"pizzasaga/asl"
	"pizzasaga/internal/api"
	"pizzasaga/internal/history"
	"pizzasaga/internal/order"
)

var _ api.Executions = (*Shop)(nil)

// Start implements [api.Executions].
func (s *Shop) Start(_ context.Context, r order.Request) error {
	input, err := json.Marshal(r)
	if err != nil {
		return err
	}
	_, err = s.engine.Start(r.ID, input)
	if !errors.Is(err, asl.ErrExecutionAlreadyExists) {
		return err
	}
	execution, err := s.Execution(r.ID)
	if err != nil {
		return err
	}
	var known order.Request
	if err := json.Unmarshal(execution.Input.Bytes(), &known); err != nil || known != r {
		return fmt.Errorf("execution %s exists for another order", r.ID)
	}
	return nil
}

// Execution describes the execution of an order.
func (s *Shop) Execution(orderID string) (asl.Execution, error) {
	return s.engine.Describe(s.engine.ExecutionARN(orderID))
}

// Wait waits until the execution of an order has ended.
func (s *Shop) Wait(ctx context.Context, orderID string) (asl.Execution, error) {
	return s.engine.Wait(ctx, s.engine.ExecutionARN(orderID))
}

// History returns the history of an order's execution so far.
func (s *Shop) History(orderID string) ([]history.Event, error) {
	events, err := s.engine.History(s.engine.ExecutionARN(orderID))
	return history.Read(events), err
}
