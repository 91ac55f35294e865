package jsonvalue

import (
	"testing"

	"github.com/stretchr/testify/require"
)

// answer is the answer of a workflow step. The benchmarks decode and encode it.
const answer = `{"orderId":"7f3b0c52","status":"PAYMENT_COMPLETE","payment":"COMPLETE","loyalty":"NONE","attempt":1}`

func value(t testing.TB, text string) any {
	t.Helper()
	v, err := Decode(text)
	require.NoError(t, err, text)
	return v
}
