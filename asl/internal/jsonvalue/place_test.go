package jsonvalue

import (
	"testing"

	"github.com/stretchr/testify/require"
)

func TestPlacesAreWrittenAsPaths(t *testing.T) {
	require.Equal(t, Place(`States["My State"].Catch[0].a["b.$"]`), Place("").Field("States").Field("My State").Field("Catch").Item(0).Field("a").Field("b.$"))
}
