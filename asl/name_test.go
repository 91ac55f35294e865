package asl

import (
	"testing"

	"github.com/stretchr/testify/require"
)

func TestARNsContainNames(t *testing.T) {
	machine, err := Load([]byte(`{"StartAt":"Done","States":{"Done":{"Type":"Succeed"}}}`), nil)
	require.NoError(t, err)
	engine, err := New(Config{Machine: machine, Name: "orders"})
	require.NoError(t, err)
	x, err := engine.Start("order-1", []byte(`{}`))
	require.NoError(t, err)
	require.Equal(t, x.ARN, engine.ExecutionARN("order-1"))
	require.Equal(t, "order-1", NameOf(x.ARN))
	require.Equal(t, "orders", NameOf(engine.StateMachineARN()))
	require.NoError(t, engine.Close(t.Context()))
}

func TestAnExecutionNeedsAName(t *testing.T) {
	require.ErrorIs(t, checkExecutionName(""), ErrInvalidName)
	require.NoError(t, checkExecutionName("x"))
}
