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
	bootstrap := filepath.Join(t.TempDir(), "bootstrap")
	require.NoError(t, lambdatest.Build(t.Context(), ".", bootstrap))
	aws := awstest.NewStub()
	defer aws.Close()
	var before []string
	f := lambdatest.New(lambdatest.Config{
		Bootstrap: bootstrap, Timeout: time.Minute,
		Env: map[string]string{
			"TABLE_NAME": "orders", "STATE_MACHINE_ARN": "arn:aws:states:eu-west-1:123456789012:stateMachine:pizza",
			"ADD_LOYALTY_POINTS_DLQ_URL": "a", "REFUND_PAYMENT_DLQ_URL": "b", "RECLAIM_LOYALTY_POINTS_DLQ_URL": "c",
			"AWS_ENDPOINT_URL": aws.URL,
		},
		Ready: func(*os.Process) { before = aws.Targets() },
	})
	defer f.Close()
	r, err := f.Invoke(t.Context(), []byte(`{"action":"createOrder","order":{"orderId":"1","errorOnStep":1}}`))
	require.NoError(t, err)
	require.Contains(t, string(r.Payload), "SimulatedFailure")
	require.Equal(t, []string{"AWSStepFunctions.DescribeExecution", "DynamoDB_20120810.GetItem"}, before)
}
