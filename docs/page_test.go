package docs

import (
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	_ "pizzasaga/asl/asltest" // of which the page's commands are made: a change of it makes a cached result stale
)

var (
	// block is a fenced block, with its language and the paragraph before it.
	block = regexp.MustCompile("(?s)([^\n]*\n[^\n]*)\n\n```(\\w+)\n(.*?)```\n")
	// write is the end of a paragraph before the text of a file.
	write = regexp.MustCompile("Write `([^`]+)`[^`]*(?:`[^`]+`[^`]*)*:$")
	// took is what differs from one run of go test to the next.
	took = regexp.MustCompile(`\(?[0-9.]+s\)?\n|\(cached\)\n`)
)

// TestThePageOnStateMachinesIsTrue does what docs/test-a-state-machine.md says: it writes
// the files and runs the commands, and compares what they print.
func TestThePageOnStateMachinesIsTrue(t *testing.T) {
	if testing.Short() {
		t.Skip("builds a command and tests in a module of its own")
	}
	if _, err := exec.LookPath("sh"); err != nil {
		t.Skip("the page's commands are those of a shell: ", err)
	}
	text, err := os.ReadFile("test-a-state-machine.md")
	require.NoError(t, err)
	clone, err := filepath.Abs("..")
	require.NoError(t, err)
	sources, err := filepath.Glob("../cmd/asl/*.go")
	require.NoError(t, err)
	for _, file := range sources { // likewise
		_, err := os.ReadFile(file)
		require.NoError(t, err)
	}
	folder := t.TempDir()
	require.NoError(t, os.Symlink(clone, filepath.Join(folder, "pizza-saga")))
	blocks := block.FindAllStringSubmatch(string(text), -1)
	require.Equal(t, strings.Count(string(text), "```")/2, len(blocks), "every block follows a paragraph")
	for _, b := range blocks {
		if b[2] != "console" {
			name := write.FindStringSubmatch(b[1])
			require.NotNil(t, name, "this block has no file: %s", b[3])
			require.NoError(t, os.WriteFile(filepath.Join(folder, name[1]), []byte(b[3]), 0o600))
			continue
		}
		for command := range strings.SplitSeq(strings.TrimPrefix(b[3], "$ "), "\n$ ") {
			folder = run(t, folder, command)
		}
	}
}

// run runs a command, compares what it prints, and returns the folder in which it ends.
func run(t *testing.T, folder, block string) string {
	t.Helper()
	command, printed, _ := strings.Cut(block, "\n")
	c := exec.Command("sh", "-c", command+"; pwd >&3")
	c.Dir = folder
	ended, err := os.CreateTemp(t.TempDir(), "")
	require.NoError(t, err)
	defer ended.Close()
	c.ExtraFiles = []*os.File{ended}
	var stderr strings.Builder
	c.Stderr = &stderr
	out, err := c.Output()
	require.NoError(t, err, stderr.String())
	require.Equal(t, normal(printed), normal(string(out)), "%s\n%s", command, stderr.String())
	now, err := os.ReadFile(ended.Name())
	require.NoError(t, err)
	return strings.TrimSpace(string(now))
}

func normal(output string) string {
	output = strings.ReplaceAll(output, "exit status 1\n", "") // on the standard error
	return strings.TrimSpace(took.ReplaceAllString(output, "took\n"))
}
