package sfnapi_test

import (
	"context"
	"encoding/json"
	"net/http/httptest"
	"testing"

	"github.com/stretchr/testify/require"

	"pizzasaga/asl"
	"pizzasaga/internal/sfnapi"
	"pizzasaga/internal/testkit/awstest"
)

func TestTheAWSCLIReadsAnExecution(t *testing.T) {
	machine, err := asl.Load([]byte(`{"StartAt":"Cook","States":{"Cook":{"Type":"Pass","Result":{"done":true},"End":true}}}`), nil)
	require.NoError(t, err)
	engine, err := asl.New(asl.Config{Machine: machine})
	require.NoError(t, err)
	api, err := sfnapi.New(sfnapi.Config{Engine: engine})
	require.NoError(t, err)
	server := httptest.NewServer(api)
	t.Cleanup(func() { server.Close(); require.NoError(t, engine.Close(context.WithoutCancel(t.Context()))) })

	cli := awstest.CLI(t, server.URL)
	aws := func(args ...string) (answer map[string]any) {
		out, err := cli(append([]string{"stepfunctions"}, args...)...)
		require.NoError(t, err, "%s", out)
		require.NoError(t, json.Unmarshal(out, &answer), "%s", out)
		return answer
	}
	arn := aws("list-state-machines")["stateMachines"].([]any)[0].(map[string]any)["stateMachineArn"].(string)
	execution := aws("start-execution", "--state-machine-arn", arn, "--name", "one", "--input", `{"n":1}`)["executionArn"].(string)
	_, err = engine.Wait(t.Context(), execution)
	require.NoError(t, err)
	described := aws("describe-execution", "--execution-arn", execution)
	require.Equal(t, "SUCCEEDED", described["status"])
	require.Equal(t, `{"done":true}`, described["output"])
	events := aws("get-execution-history", "--execution-arn", execution, "--reverse-order")["events"].([]any)
	require.Equal(t, "ExecutionSucceeded", events[0].(map[string]any)["type"])
	require.Len(t, events, 4)
}
