// Package dynamodb stores orders in a DynamoDB table.
//
// The table has the string key pk and two kinds of items: an order under "order#" and its
// id, and an idempotency record under "key#" and the key's hash. Records have the
// attribute expiresAt, the table's time to live. So do orders that nothing has changed
// yet and, if the store has a retention, settled orders. Every change of an order is one
// conditional write, whose condition is the row of the domain's table of transitions.
package dynamodb

import (
	"context"
	"errors"
	"fmt"
	"reflect"
	"slices"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	sdk "github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"
	"github.com/aws/smithy-go"

	"pizzasaga/internal/aws/awscall"
	"pizzasaga/internal/order"
)

// Orders is a store of orders in one table. It is safe for concurrent use by goroutines
// and processes.
type Orders struct {
	// Retention is how long an order is kept after the change that settled it. Zero keeps
	// every order.
	Retention time.Duration

	client  *sdk.Client
	table   string
	retryer aws.Retryer
}

var _ order.Orders = (*Orders)(nil)

// NewOrders returns the store in the table. It does not use the client's own retryer,
// because the store knows better which errors are worth a retry.
func NewOrders(client *sdk.Client, table string) *Orders {
	return &Orders{client: client, table: table, retryer: awscall.Retryer(conflicts)}
}

// conflicts reports whether the write failed because another write to the same item was
// in progress. Its condition was not evaluated then, so it is worth a retry.
func conflicts(err error) bool {
	if known, ok := errors.AsType[smithy.APIError](err); ok && known.ErrorCode() == "TransactionConflictException" { // not every call has a type for it
		return true
	}
	cancelled, ok := errors.AsType[*types.TransactionCanceledException](err)
	if !ok {
		return false
	}
	transient := func(r types.CancellationReason) bool {
		switch aws.ToString(r.Code) {
		case "TransactionConflict", "ThrottlingError", "ProvisionedThroughputExceeded":
			return true
		}
		return false
	}
	judged := func(r types.CancellationReason) bool { return aws.ToString(r.Code) == conditionFailed }
	return slices.ContainsFunc(cancelled.CancellationReasons, transient) &&
		!slices.ContainsFunc(cancelled.CancellationReasons, judged)
}

const conditionFailed = "ConditionalCheckFailed"

func call[In, Out any](ctx context.Context, s *Orders, op func(context.Context, *In, ...func(*sdk.Options)) (*Out, error), in *In) (*Out, error) {
	return awscall.Do(ctx, s.retryer, op, in, func(o *sdk.Options) { o.Retryer = s.retryer })
}

// Get implements [order.Orders]. It reads consistently, because payments depend on it.
func (s *Orders) Get(ctx context.Context, id string) (order.Order, error) {
	out, err := call(ctx, s, s.client.GetItem, &sdk.GetItemInput{
		TableName: &s.table, Key: orderKey(id), ConsistentRead: aws.Bool(true),
	})
	if err != nil {
		return order.Order{}, fmt.Errorf("get order %s: %w", id, err)
	}
	if len(out.Item) == 0 {
		return order.Order{}, fmt.Errorf("get order %s: %w", id, order.ErrNotFound)
	}
	return decodeOrder(out.Item)
}

// Submit implements [order.Orders]. One order without a record is a plain write, which
// costs half as much as a transaction.
func (s *Orders) Submit(ctx context.Context, sub order.Submission) ([]order.Order, error) {
	var puts []types.TransactWriteItem
	for _, o := range sub.Orders {
		item, err := encodeOrder(o)
		if err != nil {
			return nil, err
		}
		puts = append(puts, types.TransactWriteItem{Put: &types.Put{TableName: &s.table, Item: item,
			ConditionExpression: aws.String("attribute_not_exists(pk)")}})
	}
	if sub.Record != nil {
		return s.submitOnce(ctx, sub, puts)
	}
	var err error
	if len(puts) == 1 {
		err = s.put(ctx, sub.Orders[0], puts[0].Put)
	} else {
		_, err = call(ctx, s, s.client.TransactWriteItems, &sdk.TransactWriteItemsInput{TransactItems: puts})
	}
	if err != nil {
		return nil, fmt.Errorf("store %d orders: %w", len(puts), err)
	}
	return sub.Orders, nil
}

// put stores one order. If the same order already exists, an earlier attempt stored it
// and its answer was lost.
func (s *Orders) put(ctx context.Context, o order.Order, p *types.Put) error {
	_, err := call(ctx, s, s.client.PutItem, &sdk.PutItemInput{
		TableName: p.TableName, Item: p.Item, ConditionExpression: p.ConditionExpression,
		ReturnValuesOnConditionCheckFailure: types.ReturnValuesOnConditionCheckFailureAllOld,
	})
	if err == nil {
		return nil
	}
	if refused, ok := errors.AsType[*types.ConditionalCheckFailedException](err); ok {
		if there, decodeErr := decodeOrder(refused.Item); decodeErr == nil && reflect.DeepEqual(there, o) {
			return nil
		}
	}
	return err
}

// submitOnce stores the orders with their idempotency record, or finds that the record
// exists. DynamoDB deletes an expired record days late, so the condition checks its time.
// A lost answer is harmless in a transaction, because the SDK sends each with its own
// token.
func (s *Orders) submitOnce(ctx context.Context, sub order.Submission, puts []types.TransactWriteItem) ([]order.Order, error) {
	record, err := encodeRecord(sub)
	if err != nil {
		return nil, err
	}
	now, err := encode(time.Now().Unix())
	if err != nil {
		return nil, err
	}
	unknown := types.TransactWriteItem{Put: &types.Put{TableName: &s.table, Item: record,
		ConditionExpression:                 aws.String("attribute_not_exists(pk) OR expiresAt <= :now"),
		ExpressionAttributeValues:           map[string]types.AttributeValue{":now": now},
		ReturnValuesOnConditionCheckFailure: types.ReturnValuesOnConditionCheckFailureAllOld,
	}}
	_, err = call(ctx, s, s.client.TransactWriteItems, &sdk.TransactWriteItemsInput{
		TransactItems: append([]types.TransactWriteItem{unknown}, puts...),
	})
	if err == nil {
		return sub.Orders, nil
	}
	if cancelled, ok := errors.AsType[*types.TransactionCanceledException](err); ok && len(cancelled.CancellationReasons) > 0 {
		if first := cancelled.CancellationReasons[0]; aws.ToString(first.Code) == conditionFailed {
			return s.replay(ctx, first.Item, sub.Record.Fingerprint)
		}
	}
	return nil, fmt.Errorf("store %d orders and their idempotency record: %w", len(puts), err)
}

// replay returns the orders of an existing idempotency record.
func (s *Orders) replay(ctx context.Context, item map[string]types.AttributeValue, fingerprint string) ([]order.Order, error) {
	known, err := decodeRecord(item)
	if err != nil {
		return nil, err
	}
	if known.Fingerprint != fingerprint {
		return nil, order.ErrKeyReused
	}
	var orders []order.Order
	for _, id := range known.OrderIDs {
		o, err := s.Get(ctx, id)
		if errors.Is(err, order.ErrNotFound) {
			return nil, fmt.Errorf("order %s has an idempotency record but does not exist", id)
		}
		if err != nil {
			return nil, err
		}
		orders = append(orders, o)
	}
	return orders, nil
}

// Connect opens a connection with one request for an order that does not exist. It
// ignores the answer.
func (s *Orders) Connect(ctx context.Context) {
	_, _ = s.client.GetItem(ctx, &sdk.GetItemInput{TableName: &s.table, Key: orderKey("connect")},
		func(o *sdk.Options) { o.Retryer = aws.NopRetryer{} })
}
