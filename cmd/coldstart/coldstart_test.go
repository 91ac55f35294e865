//go:build linux

package main

import (
	"bytes"
	"os"
	"os/exec"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// spin is the environment variable that makes this program use a whole CPU instead of
// running the tests.
const spin = "COLDSTART_SPIN"

func TestMain(m *testing.M) {
	if os.Getenv(spin) != "" {
		for i := 0; ; i++ {
		}
	}
	os.Exit(m.Run())
}

// TestContestantsCompile exists because ./... does not include testdata.
func TestContestantsCompile(t *testing.T) {
	out, err := exec.Command("go", "vet", "./testdata/hello", "./testdata/late").CombinedOutput()
	require.NoError(t, err, "%s", out)
}

// TestTheFunctionLinksNothingThatSlowsItsStart lists packages that were measured to slow
// the start by a tenth or more.
func TestTheFunctionLinksNothingThatSlowsItsStart(t *testing.T) {
	t.Chdir("../..")
	list, err := exec.Command("go", "list", "-deps", "./cmd/handler").Output()
	require.NoError(t, err)
	for pkg := range strings.Lines(string(list)) {
		pkg = strings.TrimSpace(pkg)
		assert.False(t, strings.HasSuffix(pkg, "/schemas"), "%s: this version of the client builds its schemas as it starts", pkg)
		assert.NotEqual(t, "github.com/aws/aws-sdk-go-v2/config", pkg)
		assert.NotEqual(t, "pizzasaga/asl", pkg)
	}
}

func TestThrottledProcessHasItsShareOfACPU(t *testing.T) {
	program, err := os.Executable()
	require.NoError(t, err)
	busy := exec.Command(program)
	busy.Env = []string{spin + "=1"}
	require.NoError(t, busy.Start())
	var throttling sync.WaitGroup
	throttling.Go(func() { throttle(busy.Process, share) })

	start := time.Now()
	<-time.After(50 * period)
	used, err := cpuTime(busy.Process.Pid)
	took := time.Since(start)
	require.NoError(t, busy.Process.Kill())
	require.Error(t, busy.Wait())
	throttling.Wait()
	require.NoError(t, err)
	require.Positive(t, used)
	require.Less(t, used, took/4, "a process without a limit uses all of it")
}

func TestMissedLimitIsReported(t *testing.T) {
	all := func(ourInit float64) map[string]*results {
		return map[string]*results{
			ours: {throttled: []float64{10}}, lateOurs: {init: []float64{ourInit}, throttled: []float64{100}},
			hello: {init: []float64{4}}, node: {init: []float64{150}},
		}
	}
	var out bytes.Buffer
	require.True(t, checkLimits(&out, all(5)), out.String())
	require.False(t, checkLimits(&out, all(6.1)))
	require.Contains(t, out.String(), "1.52   at most 1.5: MISSED")
}

func TestQuantile(t *testing.T) {
	samples := []float64{4, 2, 3, 1, 5}
	require.Equal(t, 3.0, median(samples))
	require.Equal(t, 5.0, quantile(samples, 0.99))
	require.Zero(t, median(nil))
}
