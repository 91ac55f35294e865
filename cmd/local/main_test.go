package main

import (
	"bytes"
	"context"
	"encoding/json"
	"io"
	"net"
	"net/http"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// start runs the program on a free port. It returns its address, its output, and a
// function that ends it and returns its error.
func start(t *testing.T, args ...string) (address string, out *lines, end func() error) {
	ctx, cancel := context.WithCancel(t.Context())
	out = newLines()
	done := make(chan error, 1)
	go func() { done <- run(ctx, append([]string{"-addr", "127.0.0.1:0"}, args...), out, out) }()
	welcome := out.until(t, regexp.MustCompile(`open at http://(\S+)`))
	return welcome[1], out, func() error { cancel(); return <-done }
}

func TestAnOrderIsAcceptedAndItsProgressPrinted(t *testing.T) {
	address, out, end := start(t)
	answer, err := http.Post("http://"+address+"/orders", "application/json", strings.NewReader(`{"flavour":"Pineapple","errorOnStep":4}`))
	require.NoError(t, err)
	defer answer.Body.Close()
	var placed struct{ OrderID, StatusURL string }
	require.NoError(t, json.NewDecoder(answer.Body).Decode(&placed))
	out.until(t, regexp.MustCompile(`Pineapple pizza, order `+placed.OrderID+`, prepareOrder will fail`))
	out.until(t, regexp.MustCompile(`PrepareOrder ✗ attempt 1: SimulatedFailure`))
	out.until(t, regexp.MustCompile(`RefundPayment`))
	out.until(t, regexp.MustCompile(`■ CANCELLED, payment REFUNDED`))

	shown, err := http.Get(placed.StatusURL)
	require.NoError(t, err)
	defer shown.Body.Close()
	body, err := io.ReadAll(shown.Body)
	require.NoError(t, err)
	require.Contains(t, string(body), `"status":"CANCELLED"`)
	require.NoError(t, end())
}

func TestClosingLetsRunningStepsFinish(t *testing.T) {
	address, out, end := start(t)
	answer, err := http.Post("http://"+address+"/orders", "application/json", strings.NewReader(`{"perStepDelaySeconds":1}`))
	require.NoError(t, err)
	require.NoError(t, answer.Body.Close())
	out.until(t, regexp.MustCompile(`  ProcessPayment`))
	require.NoError(t, end())
	require.NotContains(t, out.String(), "■", "the program waits for the step, not for the order")
	require.NotContains(t, out.String(), "✗", "the step was not interrupted")
}

func TestTheWelcomeSaysWhetherOrdersAreKept(t *testing.T) {
	_, out, end := start(t)
	out.until(t, regexp.MustCompile(`Orders are lost when this program ends`))
	require.NoError(t, end())

	file := filepath.Join(t.TempDir(), "shop.data")
	_, out, end = start(t, "-data", file)
	out.until(t, regexp.MustCompile(`Orders are kept in `+regexp.QuoteMeta(file)))
	require.NoError(t, end())
}

func TestTheWelcomeSaysLocalhostWhereThatIsTheAddress(t *testing.T) {
	for addr, says := range map[string]string{
		"localhost:0": `open at http://localhost:[1-9]`,
		"0.0.0.0:0":   `open at http://localhost:[1-9]`,
		"127.0.0.1:0": `open at http://127\.0\.0\.1:[1-9]`,
	} {
		t.Run(addr, func(t *testing.T) {
			_, out, end := start(t, "-addr", addr)
			out.until(t, regexp.MustCompile(`Ctrl-C`))
			require.Regexp(t, says, out)
			require.NoError(t, end())
		})
	}
}

func TestTheWelcomeWarnsIfTheShopIsOpenToTheNetwork(t *testing.T) {
	const reached = "Anyone who can reach this machine over the network"
	_, out, end := start(t)
	out.until(t, regexp.MustCompile(`Ctrl-C`))
	require.NotContains(t, out.String(), reached)
	require.NoError(t, end())
	_, out, end = start(t, "-addr", "0.0.0.0:0")
	out.until(t, regexp.MustCompile(reached))
	require.NoError(t, end())
}

func TestAWrongCommandLineIsOneClearLine(t *testing.T) {
	taken, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	defer taken.Close()
	for says, args := range map[string][]string{
		"address already in use":               {"-addr", taken.Addr().String()},
		"invalid port":                         {"-addr", "127.0.0.1:99999"},
		"missing port in address":              {"-addr", "localhost"},
		`unexpected argument "outcomes"`:       {"outcomes"},
		"flag provided but not defined: -port": {"-port", "3000"},
		"-keep 0: it must be at least 1":       {"-keep", "0"},
		"leave out the other flags":            {"-outcomes", "-keep", "5"},
		"cannot create the data file":          {"-addr", "127.0.0.1:0", "-data", filepath.Join(t.TempDir(), "none", "shop.data")},
	} {
		t.Run(says, func(t *testing.T) {
			err := run(t.Context(), args, io.Discard, io.Discard)
			require.ErrorContains(t, err, says)
			require.NotContains(t, err.Error(), "\n")
		})
	}
}

func TestTheDataFileIsNotTouchedIfTheAddressIsInUse(t *testing.T) {
	taken, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	defer taken.Close()
	file := filepath.Join(t.TempDir(), "shop.data")
	err = run(t.Context(), []string{"-addr", taken.Addr().String(), "-data", file}, io.Discard, io.Discard)
	require.ErrorContains(t, err, "address already in use")
	require.NoFileExists(t, file)
}

func TestAllOutcomesAreCorrect(t *testing.T) {
	if testing.Short() {
		t.Skip("takes 15 s because two compensations are retried")
	}
	var out bytes.Buffer
	require.NoError(t, run(t.Context(), []string{"-outcomes"}, &out, io.Discard))
	require.Contains(t, out.String(), "8 of 8 outcomes are correct")
	require.NotContains(t, out.String(), "\x1b", "colours only on a terminal")
}

// lines collects the output, so that a test can wait for a line.
type lines struct {
	more chan struct{}
	text chan []byte // has the text so far
}

func newLines() *lines {
	l := &lines{more: make(chan struct{}, 1), text: make(chan []byte, 1)}
	l.text <- nil
	return l
}

func (l *lines) Write(p []byte) (int, error) {
	l.text <- append(<-l.text, p...)
	select {
	case l.more <- struct{}{}:
	default:
	}
	return len(p), nil
}

func (l *lines) String() string {
	text := <-l.text
	l.text <- text
	return string(text)
}

// until waits until the text matches.
func (l *lines) until(t *testing.T, pattern *regexp.Regexp) []string {
	t.Helper()
	for {
		if found := pattern.FindStringSubmatch(l.String()); found != nil {
			return found
		}
		select {
		case <-l.more:
		case <-time.After(time.Minute):
			require.FailNow(t, "never printed", "%s in\n%s", pattern, l)
		}
	}
}
