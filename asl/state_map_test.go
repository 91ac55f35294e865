package asl_test

import (
	"context"
	"fmt"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"pizzasaga/asl"
)

func TestAMapLimitsItsConcurrentIterations(t *testing.T) {
	for name, c := range map[string]struct {
		fields  string
		most    int
		seconds time.Duration
	}{
		"two":                  {`, "MaxConcurrency": 2`, 2, 3},
		"three, from a path":   {`, "MaxConcurrencyPath": "$.limit"`, 3, 2},
		"zero, so no limit":    {`, "MaxConcurrency": 0`, 5, 1},
		"missing, so no limit": {``, 5, 1},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				var mu sync.Mutex
				var now, most int
				l := newLab(t, mapOf(c.fields), map[string]work{"do": func(_ context.Context, task asl.Task) (any, error) {
					add := func(n int) {
						mu.Lock()
						defer mu.Unlock()
						now += n
						most = max(most, now)
					}
					add(1)
					time.Sleep(time.Second)
					add(-1)
					return task.Parameters, nil
				}})
				x := l.run(`{"items": [5, 4, 3, 2, 1], "limit": 3}`)
				l.succeeds(x, `[5, 4, 3, 2, 1]`)
				require.Equal(t, c.seconds*time.Second, x.Stopped.Sub(x.Started))
				require.Equal(t, c.most, most)
			})
		})
	}
}

func TestAMapRunsAtMost40ConcurrentIterations(t *testing.T) {
	for name, fields := range map[string]string{
		"without MaxConcurrency":       ``,
		"with a MaxConcurrency of 100": `, "MaxConcurrency": 100`,
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				l := newLab(t, mapOf(fields), map[string]work{"do": takes(time.Second)})
				x := l.run(`{"items": [` + strings.Repeat("1,", 40) + `1]}`)
				require.Equal(t, 2*time.Second, x.Stopped.Sub(x.Started))
			})
		})
	}
}

func TestAMapOfAnEmptyArrayReturnsAnEmptyArray(t *testing.T) {
	l := newLab(t, mapOf(``), map[string]work{"do": echo})
	x := l.run(`{"items": []}`)
	l.succeeds(x, `[]`)
	require.Equal(t, []string{"ExecutionStarted", "MapStateEntered", "MapStateStarted", "MapStateSucceeded", "MapStateExited", "ExecutionSucceeded"}, l.types(x))
}

func TestAMapNeedsAnArray(t *testing.T) {
	l := newLab(t, mapOf(``), map[string]work{"do": echo})
	l.fails(l.run(`{"items": {}}`), "States.Runtime", while("M", 2, `Reference path "$.items" must point to array.`))
}

func TestAMapToleratesAsManyFailuresAsConfigured(t *testing.T) {
	odd := func(_ context.Context, task asl.Task) (any, error) {
		if n := task.Parameters.Any().(int64); n%2 == 1 {
			return nil, &asl.TaskError{Name: "Odd", Cause: fmt.Sprint(n)}
		}
		return task.Parameters, nil
	}
	const tooMany = "States.ExceedToleratedFailureThreshold"
	for name, c := range map[string]struct{ fields, failure string }{
		"none":                   {``, "Odd"},
		"one":                    {`, "ToleratedFailureCount": 1`, tooMany},
		"two":                    {`, "ToleratedFailureCount": 2`, ""},
		"half of them":           {`, "ToleratedFailurePercentage": 50`, ""},
		"not quite half of them": {`, "ToleratedFailurePercentage": 49.9`, tooMany},
		"a quarter, from a path": {`, "ToleratedFailurePercentagePath": "$.p"`, tooMany},
	} {
		t.Run(name, func(t *testing.T) {
			l := newLab(t, mapOf(c.fields), map[string]work{"do": odd})
			x := l.run(`{"items": [1, 2, 3, 4], "p": 25}`)
			require.Equal(t, c.failure, x.Error)
			if c.failure == "" {
				l.succeeds(x, `[null, 2, null, 4]`)
			}
		})
	}
}

func TestARuntimeErrorIsNotTolerated(t *testing.T) {
	l := newLab(t, strings.Replace(mapOf(`, "ToleratedFailureCount": 5`), `"Resource"`, `"InputPath": "$.none", "Resource"`, 1), map[string]work{"do": echo})
	x := l.run(`{"items": [{}, {}]}`)
	require.Equal(t, "States.Runtime", x.Error)
}

func TestAMapOfTooManyIterationsFailsAtTheHistorysLimit(t *testing.T) {
	// Saving all items in each turn would take a minute.
	l := newLabThatSaves(t, mapOf(``), map[string]work{"do": echo}, nil)
	x := l.run(`{"items": [` + strings.Repeat("0,", 60000) + `0]}`)
	l.fails(x, "States.Runtime", "The execution reached the maximum number of history events (25000).")
	require.Len(t, l.types(x), 25000)
}
