package main

import (
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"pizzasaga/internal/testkit/awstest"
	"pizzasaga/internal/testkit/lambdatest"
)

func TestTheFunctionIsConnectedBeforeItsFirstEvent(t *testing.T) {
	c := config(t)
	aws := awstest.NewStub()
	defer aws.Close()
	c.Env["AWS_ENDPOINT_URL"] = aws.URL
	var before []string
	c.Ready = func(*os.Process) { before = aws.Targets() }
	f := lambdatest.New(c)
	defer f.Close()
	r, err := f.Invoke(t.Context(), []byte(`{"action":"createOrder","order":{"orderId":"1","errorOnStep":1}}`))
	require.NoError(t, err)
	require.Contains(t, string(r.Payload), "SimulatedFailure")
	require.Equal(t, []string{"AWSStepFunctions.DescribeExecution", "DynamoDB_20120810.GetItem"}, before)
}

// config is the compiled function's, with an AWS that has no orders.
func config(t *testing.T) lambdatest.Config {
	t.Helper()
	bootstrap := filepath.Join(t.TempDir(), "bootstrap")
	require.NoError(t, lambdatest.Build(t.Context(), ".", bootstrap))
	aws := awstest.NewStub()
	t.Cleanup(aws.Close)
	return lambdatest.Config{
		Bootstrap: bootstrap, Timeout: time.Minute,
		Env: map[string]string{
			"TABLE_NAME": "orders", "STATE_MACHINE_ARN": "arn:aws:states:eu-west-1:123456789012:stateMachine:pizza",
			"ADD_LOYALTY_POINTS_DLQ_URL": "a", "REFUND_PAYMENT_DLQ_URL": "b", "RECLAIM_LOYALTY_POINTS_DLQ_URL": "c",
			"AWS_ENDPOINT_URL": aws.URL,
		},
	}
}
