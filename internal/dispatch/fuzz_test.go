package dispatch_test

import (
	"context"
	"encoding/json"
	"errors"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/aws/aws-lambda-go/lambda/messages"
	"github.com/stretchr/testify/require"

	"pizzasaga/internal/order"
	"pizzasaga/internal/workflow"
)

// FuzzEvent sends the function any event, whose time is over so that no step waits. The
// answer is JSON, or an error that the state machine knows by name.
func FuzzEvent(f *testing.F) {
	files, err := filepath.Glob("../../events/*.json")
	require.NoError(f, err)
	require.NotEmpty(f, files)
	for _, file := range files {
		event, err := os.ReadFile(file)
		require.NoError(f, err)
		f.Add(event)
	}
	over, cancel := context.WithCancel(context.Background())
	cancel()
	f.Fuzz(func(t *testing.T, event []byte) {
		function := newFunction(t)
		function.have(t, order.New(sample, time.Now()))
		answer, err := function.Invoke(over, event)
		if err == nil {
			require.True(t, json.Valid(answer), "%s", answer)
			return
		}
		var named messages.InvokeResponse_Error
		require.True(t, errors.As(err, &named))
		require.Contains(t, workflow.ErrorNames(), named.Type)
		if !json.Valid(event) {
			require.Equal(t, workflow.ErrorName(order.ErrInvalid), named.Type)
		}
	})
}
