// Package events_test checks what docs/operations.md says about the sample events.
package events_test

import (
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"pizzasaga/internal/testkit/awstest"
	"pizzasaga/internal/testkit/lambdatest"
	"pizzasaga/internal/testkit/markdown"
	"pizzasaga/internal/testkit/ministacktest"
)

// TestEverySampleEventIsAnsweredAsDocumented sets up an emulator with the document's
// command and sends the compiled function each sample event, in the document's sequence.
func TestEverySampleEventIsAnsweredAsDocumented(t *testing.T) {
	if testing.Short() {
		t.Skip("takes about 20 s")
	}
	aws := awstest.CLIPath(t)
	emulator := ministacktest.Start(t)
	samples := documented(t)
	files, err := filepath.Glob("*.json")
	require.NoError(t, err)
	require.Len(t, samples, len(files), "docs/operations.md must have one row for each sample event")

	setup(t, emulator, filepath.Dir(aws))
	function := compiled(t, emulator)
	for _, sample := range samples {
		ok := t.Run(sample.event, func(t *testing.T) {
			event, err := os.ReadFile(sample.event + ".json")
			require.NoError(t, err)
			r, err := function.Invoke(t.Context(), event)
			require.NoError(t, err)
			require.Empty(t, r.FunctionError, "%s", r.Payload)
			require.Equal(t, sample.answer, answer(t, r.Payload), "%s", r.Payload)
		})
		if !ok {
			break // the others depend on it
		}
	}
}

func TestTheEventsNameTheStateMachineOfTheEnvironment(t *testing.T) {
	var event struct{ Execution string }
	read(t, "reconcileOrders.json", &event)
	var env struct{ Function map[string]string }
	read(t, "../env.json", &env)
	machine, _, _ := strings.Cut(strings.Replace(event.Execution, ":execution:", ":stateMachine:", 1), ":SAMPLE")
	require.Equal(t, env.Function["STATE_MACHINE_ARN"], machine)
}

func read(t *testing.T, file string, into any) {
	text, err := os.ReadFile(file)
	require.NoError(t, err)
	require.NoError(t, json.Unmarshal(text, into), file)
}

// documented returns the events with their answers from the document.
func documented(t *testing.T) (samples []struct{ event, answer string }) {
	section := markdown.Section(t, "../docs/operations.md", "Run the built function locally")
	for _, row := range regexp.MustCompile("(?m)^\\| `(\\w+)` \\| (.+) \\|$").FindAllStringSubmatch(section, -1) {
		samples = append(samples, struct{ event, answer string }{row[1], row[2]})
	}
	return samples
}

// setup runs the command that sets up the emulator, with the AWS CLI from a folder.
func setup(t *testing.T, emulator *ministacktest.Emulator, cli string) {
	cmd := exec.CommandContext(t.Context(), "./setup", emulator.URL)
	cmd.Env = append(emulator.Environ(), "PATH="+cli+":"+os.Getenv("PATH"))
	out, err := cmd.CombinedOutput()
	require.NoError(t, err, "%s", out)
}

// compiled returns the compiled function with the environment of sam local, except for
// the emulator's address.
func compiled(t *testing.T, emulator *ministacktest.Emulator) *lambdatest.Function {
	bootstrap := filepath.Join(t.TempDir(), "bootstrap")
	require.NoError(t, lambdatest.Build(t.Context(), "../cmd/handler", bootstrap))
	text, err := os.ReadFile("../env.json")
	require.NoError(t, err)
	const address = "http://host.docker.internal:4566"
	samconfig, err := os.ReadFile("../samconfig.toml")
	require.NoError(t, err)
	require.Equal(t, 2, strings.Count(string(samconfig), "EndpointUrl="+address+`"`))
	var env struct{ Function map[string]string }
	require.NoError(t, json.Unmarshal([]byte(strings.ReplaceAll(string(text), address, emulator.URL)), &env))
	env.Function["AWS_ENDPOINT_URL"] = emulator.URL
	f := lambdatest.New(lambdatest.Config{Bootstrap: bootstrap, Region: ministacktest.Region, Timeout: 30 * time.Second, Env: env.Function})
	t.Cleanup(f.Close)
	return f
}

// summary is the part of an order that the document shows.
type summary struct{ Status, Payment, Loyalty string }

func (s summary) String() string {
	return strings.TrimSuffix(strings.Join([]string{s.Status, s.Payment, s.Loyalty}, ", "), ", , ")
}

// answer formats the function's answer like the document.
func answer(t *testing.T, payload []byte) string {
	t.Helper()
	var http struct {
		StatusCode int
		Body       string
	}
	require.NoError(t, json.Unmarshal(payload, &http))
	if http.StatusCode != 0 {
		payload = []byte(http.Body)
	}
	var said struct {
		summary
		Redriven []summary
	}
	require.NoError(t, json.Unmarshal(payload, &said))
	switch {
	case http.StatusCode != 0:
		return fmt.Sprintf("%d, %v", http.StatusCode, said.summary)
	case len(said.Redriven) == 1:
		return fmt.Sprintf("redriven: %v", said.Redriven[0])
	}
	return said.String()
}
