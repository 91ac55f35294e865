package local

import (
	"context"
	"encoding/json"
	"net/http/httptest"
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"

	"pizzasaga/internal/order"
	"pizzasaga/internal/testkit/awstest"
)

// invoked is the result of an invocation: what the CLI printed, and the answer.
type invoked struct {
	StatusCode, ExecutedVersion any
	FunctionError               string
	answer                      []byte
}

func TestTheAWSCLIInvokesTheFunction(t *testing.T) {
	shop, err := Open(Config{})
	require.NoError(t, err)
	server := httptest.NewServer(shop)
	t.Cleanup(func() { server.Close(); require.NoError(t, shop.Close(context.WithoutCancel(t.Context()))) })
	cli := awstest.CLI(t, server.URL)
	out := filepath.Join(t.TempDir(), "answer.json")
	invoke := func(t *testing.T, event string) (i invoked) {
		printed, err := cli("lambda", "invoke", "--function-name", "pizza-saga", "--payload", event, out)
		require.NoError(t, err, "%s", printed)
		require.NoError(t, json.Unmarshal(printed, &i), "%s", printed)
		i.answer, err = os.ReadFile(out)
		require.NoError(t, err)
		return i
	}

	t.Run("a sample event", func(t *testing.T) {
		i := invoke(t, "file://../../events/postOrders.json")
		require.Equal(t, invoked{StatusCode: 200.0, ExecutedVersion: "$LATEST", answer: i.answer}, i)
		var answer struct{ Body string }
		require.NoError(t, json.Unmarshal(i.answer, &answer))
		var placed order.Summary
		require.NoError(t, json.Unmarshal([]byte(answer.Body), &placed))
		_, err := shop.Wait(t.Context(), placed.ID)
		require.NoError(t, err, "the order's execution was started")
	})
	t.Run("a tool for operators", func(t *testing.T) {
		i := invoke(t, `{"action":"redriveDeadLetters","queue":"RefundPayment"}`)
		require.JSONEq(t, `{"queue":"RefundPayment","redriven":[],"kept":[]}`, string(i.answer))
	})
	t.Run("a step that fails", func(t *testing.T) {
		i := invoke(t, "file://../../events/createOrder.json")
		require.Equal(t, "Unhandled", i.FunctionError)
		require.JSONEq(t, `{"errorType":"OrderNotFound","errorMessage":"createOrder: no such order"}`, string(i.answer))
	})
	t.Run("another function", func(t *testing.T) {
		printed, err := cli("lambda", "invoke", "--function-name", "pasta-saga", out)
		require.Error(t, err)
		require.Contains(t, string(printed), "ResourceNotFoundException")
	})
}
