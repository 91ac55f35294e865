package docs

import (
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	_ "pizzasaga/asl/asltest" // commands are made of these two: a change of them makes a cached result stale
	_ "pizzasaga/internal/local"
	"pizzasaga/internal/testkit/awstest"
	"pizzasaga/internal/testkit/markdown"
)

// root is the repository, of which the documents are these.
const root = ".."

func documents(t *testing.T) []string {
	files, err := filepath.Glob("*.md")
	require.NoError(t, err)
	return append(files, root+"/README.md", root+"/CONTRIBUTING.md")
}

// elsewhere are the commands that something else runs: a file, and a word of it.
var elsewhere = map[string][2]string{
	"go run ./cmd/local": {"cmd/local/main_test.go", "TestAnOrderIsAcceptedAndItsProgressPrinted"},
	"go test ./...":      {".ci/run", "go test -count=1 -timeout 20m -v ./..."},
	".ci/run":            {".github/workflows/ci.yml", "- run: .ci/run"},
	rename:               {"docs/rename_test.go", "TestTheModuleCanBeRenamed"},
}

// indented is a block without a fence.
var indented = regexp.MustCompile(`(?m)^ {4}\S.*`)

// needs is how a section, or the introduction of a document, says what its commands need.
var needs = regexp.MustCompile(`Needs (an AWS account|Docker)\.`)

// TestEveryCommandIsRunOrSaysWhatItNeeds looks at the blocks named sh. Those named
// console are run by TestTheCommandsPrintWhatIsShown, and a command that chooses tests
// is for TestTheCommandsThatTakeLongChooseSomething.
func TestEveryCommandIsRunOrSaysWhatItNeeds(t *testing.T) {
	for _, file := range documents(t) {
		t.Run(filepath.Base(file), func(t *testing.T) {
			text := markdown.Read(t, file)
			introduction, _, _ := strings.Cut(text, "\n## ")
			require.Empty(t, indented.FindString(markdown.WithoutBlocks(text)), "commands belong into a fenced block")
			for _, b := range markdown.Blocks(text) {
				require.Contains(t, []string{"console", "sh", "go", "json", "yaml"}, b.Language, b.Text)
				if b.Language != "sh" || needs.MatchString(introduction+b.Section) {
					continue
				}
				for line := range strings.Lines(b.Text) {
					command, _, _ := strings.Cut(strings.TrimSpace(line), "  ")
					if chosen.MatchString(command) {
						continue
					}
					by, ok := elsewhere[command]
					require.True(t, ok, "nothing runs this command, and its section does not say what it needs: %s", command)
					require.Contains(t, markdown.Read(t, filepath.Join(root, by[0])), by[1])
				}
			}
		})
	}
}

// TestTheCommandsPrintWhatIsShown runs the blocks named console, those of one
// document in one shell. It writes the files of the other blocks that a paragraph
// "Write `file`:" precedes.
func TestTheCommandsPrintWhatIsShown(t *testing.T) {
	if testing.Short() {
		t.Skip("some orders take 15 s, the retries of a refund that fails")
	}
	for _, tool := range []string{"bash", "curl"} {
		if _, err := exec.LookPath(tool); err != nil {
			t.Skip("the commands need a tool: ", err)
		}
	}
	sources, err := filepath.Glob(root + "/cmd/*/*.go")
	require.NoError(t, err)
	for _, file := range sources { // likewise
		markdown.Read(t, file)
	}
	shop := filepath.Join(t.TempDir(), "shop")
	built, err := exec.Command("go", "build", "-o", shop, root+"/cmd/local").CombinedOutput()
	require.NoError(t, err, "%s", built)
	for _, file := range documents(t) {
		t.Run(filepath.Base(file), func(t *testing.T) {
			t.Parallel()
			follow(t, file, shop)
		})
	}
}

// write is the end of a paragraph before the text of a file.
var write = regexp.MustCompile("Write `([^`]+)`[^`]*(?:`[^`]+`[^`]*)*:$")

// follow does what a document says. Shop is the compiled local program, which runs
// meanwhile unless the document starts it.
func follow(t *testing.T, file, shop string) {
	text := markdown.Read(t, file)
	tools := ""
	if strings.Contains(text, "\n$ aws ") {
		tools = filepath.Dir(awstest.CLIPath(t))
	}
	s := newSession(t, workplace(t, file), tools)
	if strings.Contains(text, "localhost:3000") && !strings.Contains(text, "$ ./shop") {
		s.run(t, shop+" -addr localhost:3000 >/dev/null &")
	}
	for _, b := range markdown.Blocks(text) {
		if name := write.FindStringSubmatch(b.Before); name != nil {
			folder := strings.TrimSpace(s.run(t, "pwd"))
			require.NoError(t, os.WriteFile(filepath.Join(folder, name[1]), []byte(b.Text), 0o600))
		}
		if b.Language != "console" {
			continue
		}
		for _, c := range b.Commands() {
			s.do(t, c)
		}
	}
}

// workplace returns the folder in which the commands of a document are run: the
// repository, or beside it.
func workplace(t *testing.T, file string) string {
	clone, err := filepath.Abs(root)
	require.NoError(t, err)
	if file != "test-a-state-machine.md" {
		return clone
	}
	folder := t.TempDir()
	require.NoError(t, os.Symlink(clone, filepath.Join(folder, "pizza-saga")))
	return folder
}

// source is a link to a file outside docs/.
var source = regexp.MustCompile(`\]\(\.\./([^)]+)\)`)

// TestTheCodeShownIsTheCode looks for each block of code in the file that the paragraph
// before it links to last. Dots stand for what is left out.
func TestTheCodeShownIsTheCode(t *testing.T) {
	for _, file := range documents(t) {
		t.Run(filepath.Base(file), func(t *testing.T) {
			for _, b := range markdown.Blocks(markdown.Read(t, file)) {
				if b.Language == "console" || b.Language == "sh" || write.MatchString(b.Before) {
					continue
				}
				links := source.FindAllStringSubmatch(b.Before, -1)
				require.NotEmpty(t, links, "the paragraph before this code links to no file:\n%s", b.Text)
				code := squeezed(markdown.Read(t, filepath.Join(root, links[len(links)-1][1])))
				for part := range strings.SplitSeq(squeezed(b.Text), "…") {
					_, rest, found := strings.Cut(code, part)
					require.True(t, found, "%s does not have, in this order:\n%s", links[len(links)-1][1], b.Text)
					code = rest
				}
			}
		})
	}
}

var (
	long   = regexp.MustCompile("(?m)(?:`|^)((?:go test|go run|\\.ci/)[^`\n]+)")
	chosen = regexp.MustCompile(`-(run|bench|fuzz) '?([^' ]+)`)
	folder = regexp.MustCompile(`\./([\w/]+)`)
)

// TestTheCommandsThatTakeLongChooseSomething is for the commands in tables, sentences and
// blocks named sh, which take too long to be run: the package is there, and so is a test
// that the pattern matches.
func TestTheCommandsThatTakeLongChooseSomething(t *testing.T) {
	for _, file := range documents(t) {
		for _, command := range long.FindAllStringSubmatch(markdown.Read(t, file), -1) {
			t.Run(filepath.Base(file)+" "+command[1], func(t *testing.T) {
				script, _, _ := strings.Cut(command[1], " ")
				if strings.HasPrefix(script, ".ci/") {
					require.FileExists(t, filepath.Join(root, script))
				}
				for _, pkg := range folder.FindAllStringSubmatch(command[1], -1) {
					require.DirExists(t, filepath.Join(root, pkg[1]))
					tests, err := filepath.Glob(filepath.Join(root, pkg[1], "*_test.go"))
					require.NoError(t, err)
					var text strings.Builder
					for _, test := range tests {
						text.WriteString(markdown.Read(t, test))
					}
					for _, flag := range chosen.FindAllStringSubmatch(command[1], -1) {
						if pattern := strings.ReplaceAll(flag[2], `\|`, "|"); pattern != "^$" && pattern != "." {
							require.Regexp(t, `func \w*(`+pattern+`)`, text.String())
						}
					}
				}
			})
		}
	}
}
