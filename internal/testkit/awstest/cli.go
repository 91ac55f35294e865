package awstest

import (
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"testing"
)

// Tools is the folder in which `.ci/aws tools` installs what tests use.
func Tools() string {
	_, here, _, _ := runtime.Caller(0)
	return filepath.Join(filepath.Dir(here), "../../../.tools")
}

// CLIPath returns the path of the AWS CLI. It skips the test if there is none; .ci/run
// installs one.
func CLIPath(t *testing.T) string {
	t.Helper()
	cli := filepath.Join(Tools(), "awscli/bin/aws")
	if _, err := os.Stat(cli); err != nil {
		if cli, err = exec.LookPath("aws"); err != nil {
			t.Skip("there is no AWS CLI in .tools/awscli (.ci/run installs it) or on the PATH")
		}
	}
	return cli
}

// CLI returns the AWS CLI for an endpoint: a function that runs a command and returns its
// output, or an error. It skips the test if there is no AWS CLI.
func CLI(t *testing.T, endpoint string) func(args ...string) (printed []byte, err error) {
	t.Helper()
	cli := CLIPath(t)
	return func(args ...string) ([]byte, error) {
		cmd := exec.CommandContext(t.Context(), cli, append([]string{"--endpoint-url", endpoint, "--output", "json"}, args...)...)
		cmd.Env = append(os.Environ(), "AWS_ACCESS_KEY_ID=key", "AWS_SECRET_ACCESS_KEY=secret", "AWS_REGION=us-east-1", "AWS_DEFAULT_REGION=us-east-1", "AWS_EC2_METADATA_DISABLED=true")
		return cmd.CombinedOutput()
	}
}
