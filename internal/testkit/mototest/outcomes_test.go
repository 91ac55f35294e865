package mototest

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/stretchr/testify/require"

	"pizzasaga/internal/local"
	"pizzasaga/internal/order"
	"pizzasaga/internal/outcomes"
	"pizzasaga/internal/workflow"
)

// TestEveryOutcomeIsTheSameHereAsOnALaptop runs each outcome on two engines:
// ours, with the steps in this process and orders in memory, and moto's, with
// the compiled function and orders in DynamoDB. Both are held against the one
// table of outcomes, and what they leave behind against one another.
func TestEveryOutcomeIsTheSameHereAsOnALaptop(t *testing.T) {
	c := deployed(t)
	shop, err := local.Open(local.Config{})
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, shop.Close(context.WithoutCancel(t.Context()))) })

	t.Run("outcome", func(t *testing.T) {
		all := outcomes.All()
		slices.Reverse(all) // the slow ones first
		for _, want := range all {
			t.Run(fmt.Sprintf("%d %s", want.Fault, workflow.FaultStep(want.Fault)), func(t *testing.T) {
				t.Parallel()
				ordered := placeLocally(t, shop, want.Fault)
				here := runHere(t, c, want.Fault)
				laptop := runLocally(t, shop, ordered)
				require.NoError(t, want.Check(laptop.run), "on a laptop")
				require.NoError(t, want.Check(here.run), "here")
				require.Equal(t, laptop.comparable(), here.comparable())
			})
		}
	})
	t.Run("dead letters are redriven", func(t *testing.T) { redrive(t, c) })
}

// left is what an execution leaves behind.
type left struct {
	run    outcomes.Run
	output string // JSON
	error  string
	cause  string // JSON
}

// comparable is what two runs of one outcome must have in common: all that is
// left, but for ids, times and what depends on which branch was faster.
func (l left) comparable() map[string]any {
	o := l.run.Order
	var timeline []string
	for _, m := range o.Timeline {
		if o.ErrorOnStep < workflow.FaultPrepareOrder || m.Step != order.AddLoyaltyPoints && m.Step != order.ReclaimLoyaltyPoints {
			timeline = append(timeline, fmt.Sprint(m.Step, m.Status, m.Error, m.Cause))
		}
	}
	slices.Sort(timeline) // of the branches, either may come first
	failure, err := json.Marshal(o.Failure)
	if err != nil {
		return map[string]any{"failure": err}
	}
	return map[string]any{
		"flavour": o.Flavour, "delay": o.PerStepDelaySeconds, "failure": l.parsed(string(failure)), "timeline": timeline,
		"notified": o.NotifiedAt != nil, "output": l.parsed(l.output), "error": l.error, "cause": l.parsed(l.cause),
	}
}

var timestamp = regexp.MustCompile(`\d{4}-\d\d-\d\dT[\d:.]+(Z|\+00:00)`)

// parsed is a JSON text as a value, the order's id and times left out. No text is
// null.
func (l left) parsed(text string) (v any) {
	text = timestamp.ReplaceAllString(strings.ReplaceAll(text, l.run.Order.ID, "ID"), "TIME")
	if err := json.Unmarshal([]byte(text), &v); err != nil && text != "" {
		return err
	}
	return v
}

func placing(f order.Fault) string { return fmt.Sprintf(`{"flavour":"Hawaii","errorOnStep":%d}`, f) }

func placeLocally(t *testing.T, shop *local.Shop, f order.Fault) (id string) {
	answer := httptest.NewRecorder()
	shop.ServeHTTP(answer, httptest.NewRequest(http.MethodPost, "/orders", strings.NewReader(placing(f))))
	require.Equal(t, http.StatusAccepted, answer.Code, "%s", answer.Body)
	return summary(t, answer.Body.String()).ID
}

func runLocally(t *testing.T, shop *local.Shop, id string) left {
	execution, err := shop.Wait(t.Context(), id)
	require.NoError(t, err)
	o, err := shop.Orders.Get(t.Context(), id)
	require.NoError(t, err)
	run, err := shop.Run(o)
	require.NoError(t, err)
	return left{run: run, output: string(execution.Output.Bytes()), error: execution.Error, cause: execution.Cause}
}

func runHere(t *testing.T, c *Cloud, f order.Fault) left {
	placed := request(t, c.Function, http.MethodPost, "/orders", placing(f))
	require.Equal(t, http.StatusAccepted, placed.StatusCode, placed.Body)
	id := summary(t, placed.Body).ID
	execution, err := c.Wait(t.Context(), id)
	require.NoError(t, err)
	o := c.order(t, id)
	run, err := c.Run(t.Context(), o)
	require.NoError(t, err)
	return left{run: run, output: aws.ToString(execution.Output), error: aws.ToString(execution.Error), cause: aws.ToString(execution.Cause)}
}

func summary(t *testing.T, text string) order.Summary {
	var s order.Summary
	require.NoError(t, json.Unmarshal([]byte(text), &s))
	return s
}

// redrive repairs the orders of the three outcomes with a dead letter.
func redrive(t *testing.T, c *Cloud) {
	for _, want := range []struct {
		queue   order.Queue
		status  order.Status
		payment order.Payment
		loyalty []order.Loyalty
	}{
		{workflow.AddLoyaltyPointsQueue, outcomes.All()[workflow.FaultNone].Status, order.PaymentPaid, []order.Loyalty{order.LoyaltyAdded}},
		{workflow.RefundPaymentQueue, order.Cancelled, order.PaymentRefunded, []order.Loyalty{order.LoyaltyReclaimed, order.LoyaltyNone}},
		{workflow.ReclaimLoyaltyPointsQueue, order.Cancelled, order.PaymentRefunded, []order.Loyalty{order.LoyaltyReclaimed, order.LoyaltyNone}},
	} {
		t.Run(string(want.queue), func(t *testing.T) {
			var report struct {
				Redriven []order.Summary
				Kept     []any
			}
			answer := invoke(t, c.Function, fmt.Sprintf(`{"action":"redriveDeadLetters","queue":%q}`, want.queue))
			require.NoError(t, json.Unmarshal(answer, &report))
			require.Empty(t, report.Kept, "%s", answer)
			require.Len(t, report.Redriven, 1, "%s", answer)
			o := c.order(t, report.Redriven[0].ID)
			require.Equal(t, want.status, o.Status)
			require.Equal(t, want.payment, o.Payment)
			require.Contains(t, want.loyalty, o.Loyalty)
			letters, err := c.DeadLetters(t.Context(), o.ID)
			require.NoError(t, err)
			require.Empty(t, letters)
		})
	}
}
