package asl

import (
	"errors"
	"testing"

	"github.com/stretchr/testify/require"
)

func TestAnExecutionThatCouldNotBeStartedCannotBeChanged(t *testing.T) {
	machine, err := Load([]byte(`{"StartAt": "W", "States": {"W": {"Type": "Wait", "Seconds": 10, "End": true}}}`), nil)
	require.NoError(t, err)
	var engine *Engine
	var found *execution
	saves := 0
	engine, err = New(Config{Machine: machine, Save: func(c Change) error {
		found = engine.executions.get(c.Name)
		saves++
		return errors.New("no space left on device")
	}})
	require.NoError(t, err)
	_, err = engine.Start("x", []byte(`{}`))
	require.ErrorIs(t, err, ErrUnsaved)
	require.NoError(t, found.turn(func(t *turn) { t.endExecution(Aborted, ExecutionAborted, &FailureDetails{}, 0) }))
	require.Equal(t, 1, saves)
	require.Equal(t, Aborted, found.describe().Status)
	<-found.end()
}
