package function

import (
	"bytes"
	"maps"
	"net/http"
	"net/http/httptest"
	"os"
	"slices"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.yaml.in/yaml/v3"

	"pizzasaga/internal/testkit/awstest"
	"pizzasaga/internal/workflow"
)

func environment(changes ...string) func(string) string {
	env := map[string]string{
		"TABLE_NAME": "orders", "STATE_MACHINE_ARN": "arn:aws:states:eu-west-1:123456789012:stateMachine:pizza", "AWS_REGION": "eu-west-1",
		"ADD_LOYALTY_POINTS_DLQ_URL": "a", "REFUND_PAYMENT_DLQ_URL": "b", "RECLAIM_LOYALTY_POINTS_DLQ_URL": "c",
	}
	for i := 0; i < len(changes); i += 2 {
		env[changes[i]] = changes[i+1]
	}
	return func(name string) string { return env[name] }
}

func TestTheEnvironmentIsRead(t *testing.T) {
	c, err := parse(environment())
	require.NoError(t, err)
	require.Equal(t, "orders", c.table)
	require.Equal(t, "b", c.queues[workflow.RefundPaymentQueue])
	require.True(t, c.faultInjection, "on by default")
	require.False(t, c.tokenRequired)
	require.Zero(t, c.retention, "orders are kept for ever")

	c, err = parse(environment("ORDER_RETENTION_DAYS", "30", "FAULT_INJECTION", "off", "TOKEN_REQUIRED", "on", "AWS_ENDPOINT_URL", "http://127.0.0.1:5000"))
	require.NoError(t, err)
	require.False(t, c.faultInjection)
	require.True(t, c.tokenRequired)
	require.Equal(t, 30*24*time.Hour, c.retention)
	require.Equal(t, "http://127.0.0.1:5000", *awsConfig(c, environment()).BaseEndpoint)
}

func TestAnOrderIsKeptLongerThanItsDeadLetters(t *testing.T) {
	for days, fine := range map[string]bool{"0": true, "14": false, "15": true, "-30": false, "a month": false} {
		t.Run(days, func(t *testing.T) {
			_, err := parse(environment("ORDER_RETENTION_DAYS", days))
			require.Equal(t, fine, err == nil, err)
		})
	}
}

func TestTheTemplateSetsEveryVariableThatTheFunctionReads(t *testing.T) {
	text, err := os.ReadFile("../../template.yaml")
	require.NoError(t, err)
	var template struct {
		Resources map[string]struct {
			Properties struct {
				Environment struct {
					Variables map[string]any `yaml:"Variables"`
				} `yaml:"Environment"`
			} `yaml:"Properties"`
		} `yaml:"Resources"`
	}
	require.NoError(t, yaml.Unmarshal(text, &template))
	read := map[string]bool{}
	_, _ = parse(func(name string) string { read[name] = true; return "" })
	delete(read, "AWS_REGION") // which Lambda sets
	require.ElementsMatch(t, slices.Collect(maps.Keys(template.Resources["Function"].Properties.Environment.Variables)), slices.Collect(maps.Keys(read)))
}

func TestTheErrorListsEverythingWrongWithTheEnvironment(t *testing.T) {
	_, err := New(environment("TABLE_NAME", "", "AWS_REGION", "", "FAULT_INJECTION", "yes"), new(bytes.Buffer))
	for _, says := range []string{"TABLE_NAME is not set", "AWS_REGION is not set", `FAULT_INJECTION is "yes", but must be on or off`} {
		assert.ErrorContains(t, err, says)
	}
}

func TestConnectOpensAConnectionToEachServiceThatAnOrderNeeds(t *testing.T) {
	aws := awstest.NewStub()
	defer aws.Close()
	f, err := New(environment("AWS_ENDPOINT_URL", aws.URL), new(bytes.Buffer))
	require.NoError(t, err)
	require.Empty(t, aws.Targets(), "New calls nothing")
	f.Connect(t.Context())
	require.Equal(t, []string{"AWSStepFunctions.DescribeExecution", "DynamoDB_20120810.GetItem"}, aws.Targets())
}

func TestConnectSendsOneRequestWhateverTheAnswer(t *testing.T) {
	for code, status := range map[string]int{"ThrottlingException": http.StatusBadRequest, "InternalServerError": http.StatusInternalServerError} {
		t.Run(code, func(t *testing.T) {
			var asked atomic.Int32
			aws := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
				asked.Add(1)
				awstest.Error(w, status, code, nil)
			}))
			defer aws.Close()
			f, err := New(environment("AWS_ENDPOINT_URL", aws.URL), new(bytes.Buffer))
			require.NoError(t, err)
			f.Connect(t.Context())
			require.EqualValues(t, len(f.connects), asked.Load())
		})
	}
}

func TestAColdStartSucceedsWhenNothingAnswers(t *testing.T) {
	f, err := New(environment("AWS_ENDPOINT_URL", "http://127.0.0.1:1"), new(bytes.Buffer))
	require.NoError(t, err)
	f.Connect(t.Context())
	_, err = f.Invoke(t.Context(), []byte(`{"action":"createOrder","order":{"orderId":"1","errorOnStep":1}}`))
	require.ErrorContains(t, err, "simulated failure", "a step that needs no connection works")
}
