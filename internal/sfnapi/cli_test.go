package sfnapi_test

import (
	"context"
	"encoding/json"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"

	"pizzasaga/asl"
	"pizzasaga/internal/sfnapi"
)

// findCLI returns the AWS CLI, which .ci/run installs, or skips the test.
func findCLI(t *testing.T) string {
	cli, err := filepath.Abs("../../.tools/awscli/bin/aws")
	require.NoError(t, err)
	if _, err := os.Stat(cli); err == nil {
		return cli
	}
	if cli, err = exec.LookPath("aws"); err != nil {
		t.Skip("the AWS CLI is neither in .tools/awscli (.ci/run installs it) nor on the PATH")
	}
	return cli
}

func TestTheAWSCLIReadsAnExecution(t *testing.T) {
	cli := findCLI(t)
	machine, err := asl.Load([]byte(`{"StartAt":"Cook","States":{"Cook":{"Type":"Pass","Result":{"done":true},"End":true}}}`), nil)
	require.NoError(t, err)
	engine, err := asl.New(asl.Config{Machine: machine})
	require.NoError(t, err)
	api, err := sfnapi.New(sfnapi.Config{Engine: engine, Machine: machine})
	require.NoError(t, err)
	server := httptest.NewServer(api)
	t.Cleanup(func() { server.Close(); require.NoError(t, engine.Close(context.WithoutCancel(t.Context()))) })

	aws := func(args ...string) (answer map[string]any) {
		cmd := exec.CommandContext(t.Context(), cli, append([]string{"--endpoint-url", server.URL, "--output", "json", "stepfunctions"}, args...)...)
		cmd.Env = append(os.Environ(), "AWS_ACCESS_KEY_ID=key", "AWS_SECRET_ACCESS_KEY=secret", "AWS_REGION=us-east-1", "AWS_DEFAULT_REGION=us-east-1", "AWS_EC2_METADATA_DISABLED=true")
		out, err := cmd.CombinedOutput()
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
