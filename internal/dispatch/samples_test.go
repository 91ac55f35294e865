package dispatch_test

import (
	"encoding/json"
	"fmt"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"pizzasaga/internal/order"
	"pizzasaga/internal/steps"
	"pizzasaga/internal/testkit/ordertest"
)

// sampleOf returns the order of a sample event.
func sampleOf(event []byte) order.Request {
	r := sample
	if id := regexp.MustCompile(`SAMPLE\w+`).Find(event); id != nil {
		r.ID = string(id)
	}
	return r
}

// TestTheSampleEventOfEveryStepIsAnswered sends each step its sample event twice, for an
// order that has reached the start of one of the step's transitions by the shortest way.
func TestTheSampleEventOfEveryStepIsAnswered(t *testing.T) {
	for step := range new(steps.Steps).ByName() {
		t.Run(string(step), func(t *testing.T) {
			event := []byte(read(t, fmt.Sprintf("../../events/%s.json", step)))
			var tried []error
			id := sampleOf(event).ID
			for _, way := range ordertest.Ways(sampleOf(event)) {
				if !slices.ContainsFunc(way.Next, func(t order.Transition) bool { return t.Step == step }) {
					continue
				}
				f := newFunction(t)
				f.have(t, way.Order)
				answer, err := f.Invoke(t.Context(), event)
				if err != nil { // the sample's failures can lead to another status
					tried = append(tried, err)
					continue
				}
				after, err := f.orders.Get(t.Context(), id)
				require.NoError(t, err)
				require.Greater(t, len(after.Timeline), len(way.Order.Timeline), "the step recorded nothing")
				require.Equal(t, step, after.Timeline[len(after.Timeline)-1].Step)
				summary, err := json.Marshal(after.Summary())
				require.NoError(t, err)
				require.JSONEq(t, string(summary), string(answer))
				requireDone(t, step, after)

				again, err := f.Invoke(t.Context(), event)
				require.NoError(t, err)
				require.JSONEq(t, string(answer), string(again))
				unchanged, err := f.orders.Get(t.Context(), id)
				require.NoError(t, err)
				require.Equal(t, after, unchanged)
				return
			}
			require.Fail(t, "the sample event moves no order", "%v", tried)
		})
	}
}

// requireDone fails if a transition of the step could still move the order.
func requireDone(t *testing.T, step order.StepName, o order.Order) {
	t.Helper()
	for _, transition := range order.Transitions() {
		if transition.Step == step {
			further := o
			order.NewChange(transition, time.Now()).Apply(&further)
			require.Equal(t, o.Summary(), further.Summary(), "the step did not finish")
		}
	}
}

func TestTheOtherSampleEventsAreAnswered(t *testing.T) {
	others := map[string]string{
		"redriveDeadLetters": `^{"queue":"RefundPayment","redriven":\[\],"kept":\[\]}$`,
		"reconcileOrders":    `"orderId":"SAMPLE\w+","status":"PENDING"`,
		"postOrders":         `"statusCode":202`,
		"getOrder":           `"statusCode":200`,
		"cancelOrder":        `"statusCode":202`,
	}
	for name, says := range others {
		t.Run(name, func(t *testing.T) {
			f := newFunction(t)
			event := []byte(read(t, "../../events/"+name+".json"))
			f.have(t, order.New(sampleOf(event), time.Now()))
			answer, err := f.Invoke(t.Context(), event)
			require.NoError(t, err)
			require.Regexp(t, says, string(answer))
		})
	}
	files, err := filepath.Glob("../../events/*.json")
	require.NoError(t, err)
	for _, file := range files {
		name := strings.TrimSuffix(filepath.Base(file), ".json")
		_, other := others[name]
		_, step := new(steps.Steps).ByName()[order.StepName(name)]
		assert.True(t, other || step, "no test runs the event %s", file)
	}
}
