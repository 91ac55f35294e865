package mototest

import (
	"encoding/base64"
	"encoding/json"
	"net/http"
	"testing"

	"github.com/stretchr/testify/require"

	"pizzasaga/internal/order"
	"pizzasaga/internal/workflow"
)

func TestAPIThroughTheCompiledFunction(t *testing.T) {
	c := deployed(t)

	t.Run("an order is placed and found at once", func(t *testing.T) {
		placed := request(t, c.Function, http.MethodPost, "/orders", `{"flavour":"Marinara"}`)
		require.Equal(t, 202, placed.StatusCode, placed.Body)
		id := summary(t, placed.Body).ID
		require.Equal(t, "/orders/"+id, placed.Headers["Location"])
		o := c.order(t, id)
		require.Equal(t, "Marinara", o.Flavour)
		execution, err := c.Wait(t.Context(), id)
		require.NoError(t, err)
		require.Equal(t, "SUCCEEDED", string(execution.Status))
	})
	t.Run("a key orders once", func(t *testing.T) {
		first := request(t, c.Function, http.MethodPost, "/orders", `{}`)
		again := request(t, c.Function, http.MethodPost, "/orders", `{}`)
		require.Equal(t, 202, again.StatusCode, again.Body)
		require.Equal(t, summary(t, first.Body).ID, summary(t, again.Body).ID)
		other := request(t, c.Function, http.MethodPost, "/orders", `{"flavour":"Capricciosa"}`)
		require.Equal(t, 422, other.StatusCode, other.Body)
	})
	t.Run("a body may come in base64", func(t *testing.T) {
		text, err := json.Marshal(map[string]any{"version": "2.0", "rawPath": "/orders", "isBase64Encoded": true,
			"body":           base64.StdEncoding.EncodeToString([]byte(`{"flavour":"Ananas 🍍"}`)),
			"requestContext": map[string]any{"http": map[string]any{"method": "POST", "path": "/orders"}}})
		require.NoError(t, err)
		var placed struct{ Body string }
		require.NoError(t, json.Unmarshal(invoke(t, c.Function, string(text)), &placed))
		require.Equal(t, "Ananas 🍍", c.order(t, summary(t, placed.Body).ID).Flavour)
	})
	t.Run("errors are problems", func(t *testing.T) {
		for _, bad := range []struct {
			name, method, path, body string
			status                   int
			says                     string
		}{
			{"an unknown field", "POST", "/orders", `{"flavor":"Margherita"}`, 400, "flavor"},
			{"an unknown fault", "POST", "/orders", `{"errorOnStep":8}`, 400, "errorOnStep"},
			{"a body that is no JSON", "POST", "/orders", `{`, 400, "JSON"},
			{"an unknown order", "GET", "/orders/" + order.NewID(), "", 404, "order"},
			{"an unknown path", "GET", "/pizzas", "", 404, ""},
			{"a method that is not allowed", "DELETE", "/orders", "", 405, ""},
		} {
			t.Run(bad.name, func(t *testing.T) {
				answer := request(t, c.Function, bad.method, bad.path, bad.body)
				require.Equal(t, bad.status, answer.StatusCode, answer.Body)
				require.Equal(t, "application/problem+json", answer.Headers["Content-Type"])
				var problem struct{ Detail, RequestID string }
				require.NoError(t, json.Unmarshal([]byte(answer.Body), &problem))
				require.Contains(t, problem.Detail, bad.says)
				require.Equal(t, t.Name(), problem.RequestID)
			})
		}
	})
	t.Run("errorOnStep 100 orders one of each", func(t *testing.T) {
		// What comes of them is another test's: here they start a workflow that does nothing.
		f, _ := c.withWorkflow(t, "idle", `{"StartAt":"Idle","States":{"Idle":{"Type":"Succeed"}}}`)
		placed := request(t, f, http.MethodPost, "/orders", `{"errorOnStep":100}`)
		require.Equal(t, 202, placed.StatusCode, placed.Body)
		var all struct{ Orders []order.Request }
		require.NoError(t, json.Unmarshal([]byte(placed.Body), &all))
		require.Len(t, all.Orders, 8)
		for i, o := range all.Orders {
			fault := order.Fault(i)
			t.Run(string(workflow.FaultStep(fault)), func(t *testing.T) {
				require.Equal(t, fault, o.ErrorOnStep)
				require.Equal(t, fault, c.order(t, o.ID).ErrorOnStep)
			})
		}
	})
}
