package mototest

import (
	"encoding/json"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	sdk "github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"pizzasaga/internal/aws/dynamodb"
	"pizzasaga/internal/order"
	"pizzasaga/internal/outcomes"
	"pizzasaga/internal/steps"
	"pizzasaga/internal/workflow"
)

// sample is the order that the sample events are about.
const sample = "SAMPLE7ORDER4IDENTIFIER2AA"

func TestSampleEventsTellTheStoriesOfAnOrder(t *testing.T) {
	c := deployed(t)
	delivered := outcomes.All()[workflow.FaultNone].Status
	told := map[string]bool{}
	for _, story := range []struct {
		name    string
		events  string
		status  order.Status
		payment order.Payment
		loyalty order.Loyalty
	}{
		{"delivered", strings.Join(delivery(), " ") + " getOrder",
			delivered, order.PaymentPaid, order.LoyaltyAdded},
		{"rolled back", "createOrder processPayment addLoyaltyPoints refundPayment reclaimLoyaltyPoints notifyCustomer",
			order.Cancelled, order.PaymentRefunded, order.LoyaltyReclaimed},
		{"cancelled", "cancelOrder notifyCustomer",
			order.Cancelled, order.PaymentNone, order.LoyaltyNone},
		{"left alone", "postOrders redriveDeadLetters reconcileOrders",
			order.Pending, order.PaymentNone, order.LoyaltyNone},
	} {
		t.Run(story.name, func(t *testing.T) {
			c.haveSample(t)
			for event := range strings.FieldsSeq(story.events) {
				told[event] = true
				text, err := os.ReadFile("../../../events/" + event + ".json")
				require.NoError(t, err)
				var answer struct{ StatusCode int } // of an HTTP event's answer
				require.NoError(t, json.Unmarshal(invoke(t, c.Function, string(text)), &answer))
				require.Less(t, answer.StatusCode, 300, event)
			}
			o := c.order(t, sample)
			require.Equal(t, story.status, o.Status)
			require.Equal(t, story.payment, o.Payment)
			require.Equal(t, story.loyalty, o.Loyalty)
		})
	}
	files, err := filepath.Glob("../../../events/*.json")
	require.NoError(t, err)
	for _, file := range files {
		event := strings.TrimSuffix(filepath.Base(file), ".json")
		assert.True(t, told[event], "%s is an event of no story", file)
	}
}

// delivery lists the steps of an order that goes well, one after another.
func delivery() (names []string) {
	byState := map[string]string{}
	for name := range new(steps.Steps).ByName() {
		byState[workflow.State(name)] = string(name)
	}
	well := outcomes.All()[workflow.FaultNone]
	fulfil := slices.Index(well.Main, "FulfilOrder")
	for _, state := range slices.Concat(well.Main[:fulfil], well.LoyaltyBranch, well.KitchenBranch, well.Main[fulfil:]) {
		if name, ok := byState[state]; ok {
			names = append(names, name)
		}
	}
	return names
}

// haveSample stores the sample order, pending.
func (c *Cloud) haveSample(t *testing.T) {
	_, err := c.DynamoDB.DeleteItem(t.Context(), &sdk.DeleteItemInput{TableName: &c.Table,
		Key: map[string]types.AttributeValue{"pk": &types.AttributeValueMemberS{Value: "order#" + sample}}})
	require.NoError(t, err)
	o := order.New(order.Request{ID: sample, Flavour: "Pineapple"}, time.Now())
	_, err = dynamodb.NewOrders(c.DynamoDB, c.Table).Submit(t.Context(), order.Submission{Orders: []order.Order{o}})
	require.NoError(t, err)
}
