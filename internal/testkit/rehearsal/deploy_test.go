package rehearsal

import (
	"context"
	"encoding/json"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"pizzasaga/internal/customer"
	"pizzasaga/internal/testkit/awstest"
	"pizzasaga/internal/testkit/ministacktest"
)

const root = "../../.."

// application is a copy of the repository that can be changed and deployed.
type application struct {
	dir   string
	cloud *ministacktest.Emulator
}

// newApplication copies the files that git tracks or would add. It skips the test if a
// tool is missing.
func newApplication(t *testing.T, cloud *ministacktest.Emulator) *application {
	for _, tool := range []string{"git", "make", "bash", samCLI, awsCLI} {
		if _, err := exec.LookPath(tool); err != nil {
			t.Skipf("%v: run `.ci/aws tools`", err)
		}
	}
	a := &application{dir: t.TempDir(), cloud: cloud}
	list := exec.Command("git", "ls-files", "-z", "--cached", "--others", "--exclude-standard")
	list.Dir = root
	names, err := list.Output()
	require.NoError(t, err)
	for name := range strings.SplitSeq(strings.TrimSuffix(string(names), "\x00"), "\x00") {
		if info, err := os.Stat(filepath.Join(root, name)); err != nil || !info.Mode().IsRegular() {
			continue // deleted but not committed, or a link to a folder
		}
		text, err := os.ReadFile(filepath.Join(root, name))
		require.NoError(t, err)
		copied := filepath.Join(a.dir, name)
		require.NoError(t, os.MkdirAll(filepath.Dir(copied), 0o700))
		require.NoError(t, os.WriteFile(copied, text, 0o600))
	}
	a.edit(t, "Makefile", "GOOS=linux GOARCH=arm64 GOARM64=v8.0", "GOOS="+runtime.GOOS+" GOARCH="+runtime.GOARCH)
	return a
}

// edit replaces a text that must be in the file.
func (a *application) edit(t *testing.T, name, old, replacement string) {
	file := filepath.Join(a.dir, name)
	text, err := os.ReadFile(file)
	require.NoError(t, err)
	require.Contains(t, string(text), old, name)
	require.NoError(t, os.WriteFile(file, []byte(strings.ReplaceAll(string(text), old, replacement)), 0o600))
}

// build runs `sam build`, and makes the changes for the emulator in the result.
func (a *application) build(t *testing.T) {
	a.sam(t, "build")
	change(t, filepath.Join(a.dir, ".aws-sam/build/template.yaml"))
}

// deploy runs `sam deploy` for the built application; name is the stack's name.
func (a *application) deploy(t *testing.T, name string, options ...string) *stack {
	a.sam(t, append([]string{"deploy", "--no-confirm-changeset"}, options...)...)
	s := &stack{cloud: a.cloud, name: name, output: map[string]string{}}
	var out struct {
		Stacks []struct {
			Outputs []struct{ OutputKey, OutputValue string }
		}
	}
	s.read(t, &out, "cloudformation", "describe-stacks", "--stack-name", name)
	for _, o := range out.Stacks[0].Outputs {
		s.output[o.OutputKey] = o.OutputValue
	}
	s.transport = &http.Transport{DialContext: func(ctx context.Context, network, _ string) (net.Conn, error) {
		return new(net.Dialer).DialContext(ctx, network, a.cloud.Addr) // the API's host is not in DNS
	}}
	t.Cleanup(s.transport.CloseIdleConnections)
	var err error
	s.shop, err = customer.New(s.output["ApiUrl"], "", s.transport)
	require.NoError(t, err)
	return s
}

func (a *application) sam(t *testing.T, arguments ...string) {
	t.Helper()
	t.Logf("sam %s", strings.Join(arguments, " "))
	cmd := exec.CommandContext(t.Context(), samCLI, arguments...)
	cmd.Dir, cmd.Env = a.dir, a.cloud.Environ()
	out, err := cmd.CombinedOutput()
	require.NoError(t, err, "%s", out)
}

var (
	samCLI = filepath.Join(awstest.Tools(), "sam/bin/sam")
	awsCLI = filepath.Join(awstest.Tools(), "awscli/bin/aws")
)

// run runs a command of the AWS CLI, and returns its output.
func (s *stack) run(t tester, arguments ...string) []byte {
	t.Helper()
	// Version 1 ignores AWS_ENDPOINT_URL for SQS.
	cmd := exec.CommandContext(t.Context(), awsCLI, append([]string{"--endpoint-url", s.cloud.URL, "--output", "json"}, arguments...)...)
	cmd.Env = s.cloud.Environ()
	out, err := cmd.CombinedOutput()
	require.NoError(t, err, "aws %s\n%s", strings.Join(arguments, " "), out)
	return out
}

// read decodes the output of a command of the AWS CLI.
func (s *stack) read(t tester, into any, arguments ...string) {
	t.Helper()
	out := s.run(t, arguments...)
	require.NoError(t, json.Unmarshal(out, into), "%s", out)
}
