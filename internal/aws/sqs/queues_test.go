package sqs_test

import (
	"encoding/json"
	"net/http"
	"testing"

	sdk "github.com/aws/aws-sdk-go-v2/service/sqs"
	"github.com/stretchr/testify/require"

	"pizzasaga/internal/aws/sqs"
	"pizzasaga/internal/order"
	"pizzasaga/internal/repair"
	"pizzasaga/internal/testkit/awstest"
	"pizzasaga/internal/workflow"
)

var urls = map[order.Queue]string{workflow.RefundPaymentQueue: "https://sqs.example/refunds"}

// queues returns queues whose service gives one answer and records the calls.
func queues(status int, answer string, asked *map[string]any) *sqs.Queues {
	return sqs.New(sdk.NewFromConfig(awstest.Config(func(w http.ResponseWriter, r *http.Request) {
		_ = json.NewDecoder(r.Body).Decode(asked)
		w.Header().Set("Content-Type", "application/x-amz-json-1.0")
		w.WriteHeader(status)
		_, _ = w.Write([]byte(answer))
	})), urls)
}

func TestLettersAreReceivedAndHidden(t *testing.T) {
	var asked map[string]any
	q := queues(200, `{"Messages":[{"MessageId":"1","ReceiptHandle":"r","Body":"{}","MD5OfBody":"99914b932bd37a50b983c5e7c90ae93b"}]}`, &asked)
	letters, err := q.Receive(t.Context(), workflow.RefundPaymentQueue, 3)
	require.NoError(t, err)
	require.Equal(t, []repair.Message{{Body: "{}", Receipt: "r"}}, letters)
	require.Equal(t, "https://sqs.example/refunds", asked["QueueUrl"])
	require.EqualValues(t, 3, asked["MaxNumberOfMessages"])
	require.EqualValues(t, 60, asked["VisibilityTimeout"])
}

func TestALetterIsDeletedByItsReceipt(t *testing.T) {
	var asked map[string]any
	require.NoError(t, queues(200, `{}`, &asked).Delete(t.Context(), workflow.RefundPaymentQueue, repair.Message{Receipt: "r"}))
	require.Equal(t, "r", asked["ReceiptHandle"])
}

func TestAQueueThatDoesNotAnswerIsUnavailable(t *testing.T) {
	var asked map[string]any
	q := queues(503, `{"__type":"ServiceUnavailable"}`, &asked)
	_, err := q.Receive(t.Context(), workflow.RefundPaymentQueue, 1)
	require.ErrorIs(t, err, order.ErrUnavailable)
	require.ErrorIs(t, q.Delete(t.Context(), workflow.RefundPaymentQueue, repair.Message{}), order.ErrUnavailable)
}

func TestALetterIsSent(t *testing.T) {
	var asked map[string]any
	id, err := queues(200, `{"MessageId":"1","MD5OfMessageBody":"99914b932bd37a50b983c5e7c90ae93b"}`, &asked).Send(t.Context(), workflow.RefundPaymentQueue, "{}")
	require.NoError(t, err)
	require.Equal(t, "1", id)
	require.Equal(t, "https://sqs.example/refunds", asked["QueueUrl"])
	require.Equal(t, "{}", asked["MessageBody"])
}
