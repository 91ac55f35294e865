package docs

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// rename is the command that gives the module another path.
const rename = "make rename MODULE=example.com/you/pizza"

// TestTheModuleCanBeRenamed runs the command in a copy of the repository, and looks
// whether the copy still holds together.
func TestTheModuleCanBeRenamed(t *testing.T) {
	if testing.Short() {
		t.Skip("it compiles every package")
	}
	for _, tool := range []string{"git", "make", "perl", "sh"} {
		if _, err := exec.LookPath(tool); err != nil {
			t.Skip("the command needs a tool: ", err)
		}
	}
	if exec.Command("git", "-C", root, "rev-parse").Run() != nil {
		t.Skip("this is no clone")
	}
	clone := t.TempDir()
	in := func(command string) string {
		t.Helper()
		c := exec.Command("sh", "-ec", command)
		c.Dir = clone
		c.Env = append(os.Environ(), "MAKEFLAGS=")
		out, err := c.CombinedOutput()
		require.NoError(t, err, "%s\n%s", command, out)
		return strings.TrimSpace(string(out))
	}
	here, err := filepath.Abs(root)
	require.NoError(t, err)
	in("cd '" + here + "' && git ls-files -z --cached --others --exclude-standard | xargs -0 tar -c -f - | tar -x -f - -C '" + clone + "'")
	in("git init -q && git add .")
	in(rename)
	require.Empty(t, in("gofmt -l ."))
	require.Empty(t, in(`git grep -n 'pizzasaga[/@]' || true`), "a place still has the old path")
	in("go vet ./...")
}
