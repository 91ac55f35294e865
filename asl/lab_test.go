package asl_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"pizzasaga/asl"
)

// lab runs one definition, whose tasks are functions of the test. If the test depends on
// time, it must create the lab inside a synctest bubble.
type lab struct {
	*testing.T
	engine *asl.Engine
	events chan asl.Event
	disk   *disk
}

// disk is the store in which a lab saves its executions.
type disk struct {
	mu    sync.Mutex
	saved map[string]asl.Change // with all events
	full  bool
}

var errFull = errors.New("no space left on device")

func (d *disk) save(c asl.Change) error {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.full {
		return errFull
	}
	c.Events = append(slices.Clip(d.saved[c.Name].Events), c.Events...)
	d.saved[c.Name] = c
	return nil
}

// fill makes the disk full, or makes room on it.
func (d *disk) fill(full bool) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.full = full
}

// on returns an execution as it is on the disk.
func (d *disk) on(arn string) asl.Change {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.saved[asl.NameOf(arn)]
}

type work = func(ctx context.Context, t asl.Task) (any, error)

// newLab returns a lab with tasks that have the resources arn:aws:states:::test:<name>.
func newLab(t *testing.T, definition string, tasks map[string]work) *lab {
	t.Helper()
	d := &disk{saved: map[string]asl.Change{}}
	l := newLabThatSaves(t, definition, tasks, d.save)
	l.disk = d
	return l
}

// newLabThatSaves is newLab with a function that saves executions instead of a disk. If it
// is nil, nothing is saved.
func newLabThatSaves(t *testing.T, definition string, tasks map[string]work, save func(asl.Change) error) *lab {
	t.Helper()
	machine, err := asl.Load([]byte(definition), nil)
	require.NoError(t, err)
	resources := map[string]asl.Resource{}
	for name, do := range tasks {
		resources["test:"+name] = do
	}
	l := &lab{T: t, events: make(chan asl.Event, 100000)}
	l.engine, err = asl.New(asl.Config{
		Machine: machine, Resources: resources, Save: save,
		Observe: func(_ string, e asl.Event) { l.events <- e },
	})
	require.NoError(t, err)
	t.Cleanup(func() {
		ctx, cancel := context.WithCancel(context.Background())
		cancel() // the contexts of running tasks
		_ = l.engine.Close(ctx)
	})
	return l
}

func (l *lab) start(input string) string {
	l.Helper()
	x, err := l.engine.Start("", []byte(input))
	require.NoError(l, err)
	return x.ARN
}

func (l *lab) wait(arn string) asl.Execution {
	l.Helper()
	ctx, cancel := context.WithTimeout(l.Context(), 10000*time.Hour)
	defer cancel()
	x, err := l.engine.Wait(ctx, arn)
	require.NoError(l, err)
	return x
}

func (l *lab) run(input string) asl.Execution { l.Helper(); return l.wait(l.start(input)) }

// types returns the types of an execution's events.
func (l *lab) types(x asl.Execution) []string {
	l.Helper()
	events, err := l.engine.History(x.ARN)
	require.NoError(l, err)
	types := make([]string, len(events))
	for i, e := range events {
		types[i] = string(e.Type)
	}
	return types
}

func (l *lab) succeeds(x asl.Execution, output string) {
	l.Helper()
	require.Equal(l, asl.Succeeded, x.Status, "%s: %s", x.Error, x.Cause)
	require.JSONEq(l, output, x.Output.String())
}

func (l *lab) fails(x asl.Execution, name, cause string) {
	l.Helper()
	require.Equal(l, asl.Failed, x.Status)
	require.Equal(l, name, x.Error)
	require.Equal(l, cause, x.Cause)
}

// echo is a task that returns its parameters.
func echo(_ context.Context, t asl.Task) (any, error) { return t.Parameters, nil }

// returns is a task that always returns the same output.
func returns(output string) work {
	return func(context.Context, asl.Task) (any, error) { return json.RawMessage(output), nil }
}

// failing is a task that always fails.
func failing(name, cause string) work {
	return func(context.Context, asl.Task) (any, error) {
		return nil, &asl.TaskError{Name: name, Cause: cause}
	}
}

// takes is a task that takes some time and ignores its context.
func takes(d time.Duration) work {
	return func(context.Context, asl.Task) (any, error) {
		time.Sleep(d)
		return nil, nil
	}
}

const onePass = `{"StartAt": "P", "States": {"P": {"Type": "Pass", "End": true}}}`

// taskWith returns a machine with one task, which has further fields, and with the Pass
// states Caught and Other if the fields name them.
func taskWith(fields string) string {
	var states strings.Builder
	states.WriteString(`"T": {"Type": "Task", "Resource": "arn:aws:states:::test:do", "End": true` + fields + `}`)
	for _, name := range []string{"Caught", "Other"} {
		if strings.Contains(fields, name) {
			states.WriteString(`, "` + name + `": {"Type": "Pass", "End": true}`)
		}
	}
	return `{"StartAt": "T", "States": {` + states.String() + `}}`
}

const catchAll = `, "Catch": [{"ErrorEquals": ["Never"], "Next": "Other"}, {"ErrorEquals": ["States.ALL"], "Next": "Caught"}]`

// mapOf returns a machine with a Map over $.items. Each iteration runs one task.
func mapOf(fields string) string {
	return `{"StartAt": "M", "States": {"M": {"Type": "Map", "ItemsPath": "$.items", "End": true` + fields + `,
		"ItemProcessor": {"StartAt": "T", "States": {"T": {"Type": "Task", "Resource": "arn:aws:states:::test:do", "End": true}}}}}}`
}

// beside returns a machine with a Parallel whose failure is caught. One branch fails after
// ten seconds; the other one has this state.
func beside(state string) string {
	return `{"StartAt": "P", "States": {
		"P": {"Type": "Parallel", "Next": "End", "Catch": [{"ErrorEquals": ["States.ALL"], "Next": "End"}], "Branches": [
			{"StartAt": "Nap", "States": {"Nap": {"Type": "Wait", "Seconds": 10, "Next": "Bad"}, "Bad": {"Type": "Fail", "Error": "Bad"}}},
			{"StartAt": "Other", "States": {"Other": ` + state + `}}]},
		"End": {"Type": "Pass", "Result": "ended", "End": true}}}`
}

// while returns the cause of an error in the data of a state.
func while(state string, entered int, cause string) string {
	return fmt.Sprintf("An error occurred while executing the state '%s' (entered at the event id #%d). %s", state, entered, cause)
}
