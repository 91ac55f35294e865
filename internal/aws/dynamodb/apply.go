package dynamodb

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	sdk "github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"pizzasaga/internal/order"
)

// changeID is the attribute with the id of the call that last changed an order. If the
// answer to an attempt is lost, the next attempt finds the order changed and recognises
// its own change by this id.
const changeID = "changeId"

// Apply implements [order.Orders].
func (s *Orders) Apply(ctx context.Context, id string, c order.Change) (order.Order, bool, error) {
	o, moved, err := s.update(ctx, id, c)
	if err == nil && !moved && c.Allows(o) {
		// Only its full timeline prevented the change.
		c.Milestones = nil
		o, moved, err = s.update(ctx, id, c)
	}
	if err != nil {
		return order.Order{}, false, fmt.Errorf("apply %s to order %s: %w", c.Step, id, err)
	}
	return o, moved, nil
}

func (s *Orders) update(ctx context.Context, id string, c order.Change) (order.Order, bool, error) {
	by := rand.Text()
	in, err := updateInput(c, by)
	if err != nil {
		return order.Order{}, false, err
	}
	in.TableName, in.Key = &s.table, orderKey(id)
	out, err := call(ctx, s, s.client.UpdateItem, in)
	if err == nil {
		o, err := decodeOrder(out.Attributes)
		s.expire(ctx, o, by)
		return o, true, err
	}
	refused, ok := errors.AsType[*types.ConditionalCheckFailedException](err)
	if !ok {
		return order.Order{}, false, err
	}
	if len(refused.Item) == 0 {
		return order.Order{}, false, order.ErrNotFound
	}
	o, err := decodeOrder(refused.Item)
	last, _ := refused.Item[changeID].(*types.AttributeValueMemberS)
	moved := last != nil && last.Value == by
	if moved {
		s.expire(ctx, o, by)
	}
	return o, moved, err
}

// expire lets an order expire that the change has settled, unless the order has changed
// again. This is a second write, because only the result of the change shows whether the
// order is settled. If it fails, the order is kept.
func (s *Orders) expire(ctx context.Context, o order.Order, by string) {
	if s.Retention == 0 || !o.Settled() {
		return
	}
	at := types.AttributeValueMemberN{Value: fmt.Sprint(o.UpdatedAt.Add(s.Retention).Unix())}
	_, _ = call(ctx, s, s.client.UpdateItem, &sdk.UpdateItemInput{
		TableName: &s.table, Key: orderKey(o.ID),
		UpdateExpression: aws.String("SET " + expiresAt + " = :at"), ConditionExpression: aws.String(changeID + " = :by"),
		ExpressionAttributeValues: map[string]types.AttributeValue{":at": &at, ":by": &types.AttributeValueMemberS{Value: by}},
	})
}

// updateInput returns [order.Change.Apply] as a DynamoDB update.
func updateInput(c order.Change, by string) (*sdk.UpdateItemInput, error) {
	e := &expression{names: map[string]string{}, values: map[string]types.AttributeValue{}}
	e.require(c)
	e.change(c)
	e.set(changeID, e.value(by))
	if len(c.Milestones) > 0 {
		timeline := e.name("timeline")
		e.set("timeline", fmt.Sprintf("list_append(%s, %s)", timeline, e.value(c.Milestones)))
		e.conditions = append(e.conditions, fmt.Sprintf("size(%s) <= %s", timeline, e.value(order.MaxMilestones-len(c.Milestones))))
	}
	// An order that changes is in progress or has something owed again, so it no longer expires.
	update, condition := "SET "+strings.Join(e.sets, ", ")+" REMOVE "+e.name(expiresAt), strings.Join(e.conditions, " AND ")
	return &sdk.UpdateItemInput{
		UpdateExpression: &update, ConditionExpression: &condition,
		ExpressionAttributeNames: e.names, ExpressionAttributeValues: e.values,
		ReturnValues:                        types.ReturnValueAllNew,
		ReturnValuesOnConditionCheckFailure: types.ReturnValuesOnConditionCheckFailureAllOld,
	}, e.err
}

// require adds the conditions of the change.
func (e *expression) require(c order.Change) {
	e.conditions = append(e.conditions, "attribute_exists("+e.name("pk")+")")
	oneOf(e, "status", c.Status)
	oneOf(e, "payment", c.Payment)
	oneOf(e, "loyalty", c.Loyalty)
	if c.UnlessCancelRequested {
		e.conditions = append(e.conditions, "attribute_not_exists("+e.name("cancelRequestedAt")+")")
	}
	if c.IfCancelRequested {
		e.conditions = append(e.conditions, "attribute_exists("+e.name("cancelRequestedAt")+")")
	}
	if c.ToHandedOver {
		e.conditions = append(e.conditions, "attribute_not_exists("+e.name("handedOver")+")")
	}
	if c.OnlyIf != nil {
		letters := e.name("deadLetters") + " = " + e.value(c.OnlyIf)
		if len(c.OnlyIf) == 0 {
			letters = "(" + letters + " OR attribute_not_exists(" + e.name("deadLetters") + "))"
		}
		e.conditions = append(e.conditions, letters)
	}
}

// change adds what the change sets.
func (e *expression) change(c order.Change) {
	setUnlessEmpty(e, "status", c.ToStatus)
	setUnlessEmpty(e, "payment", c.ToPayment)
	setUnlessEmpty(e, "loyalty", c.ToLoyalty)
	e.set("updatedAt", e.value(c.At))
	if c.Notified {
		e.set("notifiedAt", e.value(c.At))
	}
	if c.ToCancelRequested {
		e.set("cancelRequestedAt", e.value(c.At))
	}
	if c.ToHandedOver {
		e.set("handedOver", e.value(true))
	}
	if c.Failure != nil {
		e.set("failure", fmt.Sprintf("if_not_exists(%s, %s)", e.name("failure"), e.value(c.Failure)))
	}
	if c.Rest != nil {
		e.set("deadLetters", e.value(c.Rest))
	}
	if len(c.DeadLetters) > 0 {
		e.set("deadLetters", fmt.Sprintf("list_append(if_not_exists(%s, %s), %s)", e.name("deadLetters"), e.value([]order.Queue{}), e.value(c.DeadLetters)))
	}
}

// expression collects an update and its condition. Names and values are replaced by
// placeholders, because some names, such as status, are reserved words.
type expression struct {
	names      map[string]string
	values     map[string]types.AttributeValue
	sets       []string
	conditions []string
	err        error
}

func (e *expression) name(attribute string) string {
	e.names["#"+attribute] = attribute
	return "#" + attribute
}

func (e *expression) value(v any) string {
	placeholder := fmt.Sprintf(":v%d", len(e.values))
	a, err := encode(v)
	e.values[placeholder], e.err = a, errors.Join(e.err, err)
	return placeholder
}

func (e *expression) set(attribute, to string) {
	e.sets = append(e.sets, e.name(attribute)+" = "+to)
}

func setUnlessEmpty[T ~string](e *expression, attribute string, to T) {
	if to != "" {
		e.set(attribute, e.value(to))
	}
}

func oneOf[T ~string](e *expression, attribute string, values []T) {
	if len(values) == 0 {
		return
	}
	var placeholders []string
	for _, v := range values {
		placeholders = append(placeholders, e.value(v))
	}
	e.conditions = append(e.conditions, fmt.Sprintf("%s IN (%s)", e.name(attribute), strings.Join(placeholders, ", ")))
}
