package history

import (
	"testing"

	"github.com/stretchr/testify/require"

	"pizzasaga/asl"
)

// events is the history of an execution with two interleaved branches.
var events = []asl.Event{
	{ID: 1, Type: asl.ExecutionStarted, Details: &asl.ExecutionStartedDetails{}},
	{ID: 2, PreviousID: 0, Type: "ParallelStateEntered", Details: &asl.StateEnteredDetails{Name: "Both"}},
	{ID: 3, PreviousID: 2, Type: asl.ParallelStateStarted},
	{ID: 4, PreviousID: 3, Type: "TaskStateEntered", Details: &asl.StateEnteredDetails{Name: "Cook"}},
	{ID: 5, PreviousID: 3, Type: "TaskStateEntered", Details: &asl.StateEnteredDetails{Name: "Thank"}},
	{ID: 6, PreviousID: 4, Type: asl.TaskScheduled, Details: &asl.TaskScheduledDetails{}},
	{ID: 7, PreviousID: 5, Type: asl.TaskScheduled, Details: &asl.TaskScheduledDetails{}},
	{ID: 8, PreviousID: 6, Type: asl.TaskFailed, Details: &asl.TaskFailureDetails{Error: "Cold", Cause: "no fire"}},
	{ID: 9, PreviousID: 7, Type: asl.TaskSucceeded, Details: &asl.TaskOutputDetails{}},
	{ID: 10, PreviousID: 9, Type: "TaskStateExited", Details: &asl.StateExitedDetails{Name: "Thank"}},
	{ID: 11, PreviousID: 8, Type: asl.TaskScheduled, Details: &asl.TaskScheduledDetails{}},
	{ID: 12, PreviousID: 11, Type: asl.TaskTimedOut, Details: &asl.TaskFailureDetails{Error: "States.Timeout"}},
	{ID: 13, PreviousID: 3, Type: asl.ParallelStateFailed},
	{ID: 14, PreviousID: 13, Type: asl.ExecutionFailed, Details: &asl.FailureDetails{Error: "States.Timeout"}},
}

func TestAnEventBelongsToTheStateThatItsBranchIsIn(t *testing.T) {
	var states []string
	var attempts []int
	for _, e := range Read(events) {
		states, attempts = append(states, e.State), append(attempts, e.Attempt)
	}
	require.Equal(t, []string{"", "Both", "Both", "Cook", "Thank", "Cook", "Thank", "Cook", "Thank", "Thank", "Cook", "Cook", "Both", "Both"}, states)
	require.Equal(t, []int{0, 0, 0, 0, 0, 1, 1, 1, 1, 1, 2, 2, 0, 0}, attempts)
}

func TestEntriesEndsAndFailuresAreRecognised(t *testing.T) {
	var entered, failed []string
	for i, e := range Read(events) {
		if e.Entered() {
			entered = append(entered, e.State)
		}
		if d := e.Failure(); d != nil {
			failed = append(failed, e.State+" "+d.Error)
		}
		require.Equal(t, i == len(events)-1, e.Ended(), "event %d", e.ID)
	}
	require.Equal(t, []string{"Both", "Cook", "Thank"}, entered)
	require.Equal(t, []string{"Cook Cold", "Cook States.Timeout"}, failed, "the execution's own failure is not a task's")
}
