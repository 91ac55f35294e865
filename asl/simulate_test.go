package asl_test

import (
	"errors"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"pizzasaga/asl"
)

// simulate runs a definition whose tasks all get the same replies.
func simulate(t *testing.T, definition string, replies ...asl.Reply) (asl.Execution, []asl.Event, error) {
	t.Helper()
	machine, err := asl.Load([]byte(definition), nil)
	require.NoError(t, err)
	return asl.Simulation{
		Config: asl.Config{Machine: machine}, Input: []byte(`{}`),
		Reply: func(time.Time, asl.Task) ([]asl.Reply, error) { return replies, nil },
	}.Run()
}

const callback = `{"StartAt": "Ask", "States": {"Ask": {"Type": "Task", "HeartbeatSeconds": 60,
	"Resource": "arn:aws:states:::sqs:sendMessage.waitForTaskToken", "Parameters": {"QueueUrl": "q", "MessageBody.$": "$$.Task.Token"}, "End": true}}}`

func TestASimulationRunsInVirtualTime(t *testing.T) {
	wait := `{"StartAt": "W", "States": {"W": {"Type": "Wait", "Seconds": 31536000, "End": true}}}`
	x, events, err := simulate(t, wait)
	require.NoError(t, err)
	require.Equal(t, asl.Succeeded, x.Status)
	require.Equal(t, 365*24*time.Hour, x.Stopped.Sub(x.Started))
	require.Len(t, events, 4)
}

func TestRepliesOfASimulationHappenAtTheirTimes(t *testing.T) {
	submitted := asl.Reply{}
	answer := func(after time.Duration) asl.Reply {
		return asl.Reply{After: after, Kind: asl.ByToken, Output: "answered"}
	}
	late := func(after time.Duration) asl.Reply {
		return asl.Reply{After: after, Kind: asl.ByToken, Output: "answered again"}
	}
	beat := func(after time.Duration) asl.Reply {
		return asl.Reply{After: after, Kind: asl.HeartbeatSent}
	}
	for _, test := range []struct {
		name    string
		replies []asl.Reply
		err     string
		took    time.Duration
	}{
		{"an answer by token", []asl.Reply{submitted, answer(10 * time.Second)}, "", 10 * time.Second},
		{"an answer before the submission", []asl.Reply{answer(0), {After: time.Second}}, "", time.Second},
		{"the first of two answers", []asl.Reply{submitted, answer(2 * time.Second), answer(3 * time.Second)}, "", 2 * time.Second},
		{"the first of two answers at once", []asl.Reply{submitted, answer(0), late(0)}, "", 0},
		{"the first of two answers before the submission", []asl.Reply{answer(0), late(time.Second), {After: 2 * time.Second}}, "", 2 * time.Second},
		{"no heartbeat", []asl.Reply{submitted, answer(90 * time.Second)}, "States.Timeout", 60 * time.Second},
		{"a heartbeat", []asl.Reply{submitted, beat(50 * time.Second), answer(90 * time.Second)}, "", 90 * time.Second},
		{"a failure of the call", []asl.Reply{{Err: &asl.TaskError{Name: "Refused"}}}, "Refused", 0},
		{"a failure by token", []asl.Reply{submitted, {Kind: asl.ByToken, Err: errors.New("broken")}}, "States.TaskFailed", 0},
	} {
		t.Run(test.name, func(t *testing.T) {
			x, _, err := simulate(t, callback, test.replies...)
			require.NoError(t, err)
			require.Equal(t, test.err, x.Error)
			require.Equal(t, test.took, x.Stopped.Sub(x.Started))
			if test.err == "" {
				require.Equal(t, `"answered"`, x.Output.String())
			}
		})
	}
}

func TestAReplyToAnEarlierAttemptIsDropped(t *testing.T) {
	definition := `{"StartAt": "Ask", "States": {"Ask": {"Type": "Task", "TimeoutSeconds": 5, "End": true,
		"Retry": [{"ErrorEquals": ["States.Timeout"], "IntervalSeconds": 1, "MaxAttempts": 1}],
		"Resource": "arn:aws:states:::sqs:sendMessage.waitForTaskToken", "Parameters": {"QueueUrl": "q", "MessageBody": "m"}}}}`
	x, _, err := simulate(t, definition, asl.Reply{}, asl.Reply{After: 7 * time.Second, Kind: asl.ByToken, Output: "late"})
	require.NoError(t, err)
	require.Equal(t, "States.Timeout", x.Error)
	require.Equal(t, 11*time.Second, x.Stopped.Sub(x.Started))
}

func TestASimulationEndsWhenNothingCanHappen(t *testing.T) {
	x, _, err := simulate(t, taskWith(""))
	require.ErrorIs(t, err, asl.ErrWaitsForever)
	require.ErrorContains(t, err, "forever: T")
	require.Equal(t, asl.Running, x.Status)
}

func TestTheErrorOfAReplyEndsTheSimulation(t *testing.T) {
	machine, err := asl.Load([]byte(taskWith("")), nil)
	require.NoError(t, err)
	unknown := errors.New("unknown")
	_, _, err = asl.Simulation{Config: asl.Config{Machine: machine}, Input: []byte(`{}`), Reply: func(time.Time, asl.Task) ([]asl.Reply, error) {
		return nil, unknown
	}}.Run()
	require.ErrorIs(t, err, unknown)
}

func TestASimulationIsPacedAndObserved(t *testing.T) {
	machine, err := asl.Load([]byte(`{"StartAt": "W", "States": {"W": {"Type": "Wait", "Seconds": 5, "End": true}}}`), nil)
	require.NoError(t, err)
	start := time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC)
	var paced []time.Time
	var observed []asl.Event
	_, events, err := asl.Simulation{
		Config: asl.Config{Machine: machine, Observe: func(_ string, e asl.Event) { observed = append(observed, e) }},
		Input:  []byte(`{}`), Start: start,
		Pace: func(next time.Time) { paced = append(paced, next) },
	}.Run()
	require.NoError(t, err)
	require.Equal(t, []time.Time{start.Add(5 * time.Second)}, paced)
	require.Equal(t, events, observed)
}

func TestSimulationsWithTheSameSeedAreEqual(t *testing.T) {
	machine, err := asl.Load([]byte(states(`"S": {"Type": "Pass", "Parameters": {"id.$": "States.UUID()", "n.$": "States.MathRandom(0, 1000000000)"}, "End": true}`)), nil)
	require.NoError(t, err)
	output := func(seed uint64) string {
		execution, _, err := asl.Simulation{Config: asl.Config{Machine: machine}, Input: []byte(`{}`), Seed: seed}.Run()
		require.NoError(t, err)
		return execution.Output.String()
	}
	require.Equal(t, output(0), output(0))
	require.NotEqual(t, output(0), output(1))
	require.Regexp(t, `"id":"[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}"`, output(0))
}
