package console

import (
	"bytes"
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"
)

func TestOnlyTerminalsGetColours(t *testing.T) {
	t.Setenv("NO_COLOR", "")
	file, err := os.Create(filepath.Join(t.TempDir(), "out"))
	require.NoError(t, err)
	defer file.Close()
	require.Equal(t, "x", paintFor(file).red("x"))
	require.Equal(t, "x", paintFor(&bytes.Buffer{}).red("x"))

	terminal, err := os.OpenFile(os.DevNull, os.O_WRONLY, 0) // a character device, like a terminal
	require.NoError(t, err)
	defer terminal.Close()
	require.Equal(t, "\x1b[31mx\x1b[0m", paintFor(terminal).red("x"))
	t.Setenv("NO_COLOR", "1")
	require.Equal(t, "x", paintFor(terminal).red("x"))
}
