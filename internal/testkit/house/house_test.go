// Package house has the rules for every file of the repository, first of all its layout
// (see "Layout" in the README), and the checks that a step of the workflow is complete.
package house

import (
	"bytes"
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"os/exec"
	"path"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"pizzasaga/internal/testkit/markdown"
)

const (
	root   = "../../.."
	module = "pizzasaga/"
)

// Lists that several rows of mayImport use.
const (
	domain     = "internal/order internal/workflow "
	everything = "asl internal/... statemachine web "
)

// mayImport says which of our packages a package may import, except in tests: the
// packages on the left may import those on the right. x/... is x and everything below it.
// If several rows list a package, the first one counts.
var mayImport = []struct{ packages, imports string }{
	{"asl/internal/jsonvalue", ""},
	{"asl/internal/expr", "asl/internal/jsonvalue"},
	{"asl/...", "asl/..."},
	{"internal/history", "asl"},
	{"internal/sfnapi", "asl internal/need"},

	{"internal/order internal/need internal/lambdaapi", ""},
	{"internal/workflow", "internal/order"},
	{"internal/steps internal/api", domain + "internal/need"},
	{"internal/repair internal/dispatch", domain + "internal/need internal/steps"},
	{"internal/simulated internal/outside", domain + "internal/steps"},
	{"internal/outcomes", domain + "internal/history"},
	{"internal/console", domain + "internal/outcomes internal/history asl"},
	{"internal/customer", "internal/order"},
	{"internal/smoke", domain + "internal/console internal/customer internal/outcomes"},
	{"internal/aws/awscall", "internal/order"},
	{"internal/aws/...", domain + "internal/repair internal/dispatch internal/aws/awscall"},
	{"internal/memory", domain + "internal/repair"},
	{"internal/bolt", domain + "internal/repair internal/memory internal/simulated asl"},
	{"internal/testkit/ordertest", domain},

	{"statemachine internal/diagram", ""},
	{"web", "internal/diagram"},

	{"internal/function internal/local internal/testkit/...", everything},
	{"cmd/asl", "asl asl/asltest"},
	{"cmd/...", "internal/..."},
}

func TestImportsPointInward(t *testing.T) {
	for pkg, imports := range ourImports(t) {
		t.Run(pkg, func(t *testing.T) {
			row := slices.IndexFunc(mayImport, func(r struct{ packages, imports string }) bool { return fits(pkg, r.packages) })
			require.NotEqual(t, -1, row, "mayImport does not list this package: give it a place in the layout")
			for imported := range imports {
				if !fits(imported, mayImport[row].imports) {
					t.Errorf("%s must not import %s", pkg, imported)
				}
			}
		})
	}
}

func TestTheLayoutHasARowForEachPackage(t *testing.T) {
	var rows strings.Builder
	for _, name := range regexp.MustCompile("`([^`]+)`").FindAllStringSubmatch(markdown.Section(t, root+"/README.md", "Layout"), -1) {
		rows.WriteString(strings.ReplaceAll(name[1], "…", "...") + " ")
	}
	for pkg := range ourImports(t) {
		pkg, _, _ := strings.Cut(pkg, "/testdata")
		t.Run(pkg, func(t *testing.T) {
			require.True(t, fits(pkg, rows.String()), "README.md: the layout has no row for this package")
		})
	}
}

func TestDomainDependsOnNoTechnology(t *testing.T) {
	for _, pkg := range list(t, "./internal/order") {
		host, _, _ := strings.Cut(pkg, "/")
		if strings.Contains(host, ".") && !strings.HasPrefix(pkg, module) || pkg == "net/http" {
			t.Errorf("internal/order must not depend on %s", pkg)
		}
	}
}

func TestShippedProgramsLinkNothingForTests(t *testing.T) {
	for _, program := range []string{"./cmd/handler", "./cmd/local", "./cmd/smoke", "./cmd/asl"} {
		t.Run(program, func(t *testing.T) {
			for _, pkg := range list(t, program) {
				if fits(pkg, "testing/... net/http/httptest github.com/stretchr/testify/... github.com/getkin/kin-openapi/... "+module+"internal/testkit/...") {
					t.Errorf("%s links %s", program, pkg)
				}
			}
		})
	}
}

func TestNoGoFileIsAtTheRoot(t *testing.T) {
	files, err := filepath.Glob(root + "/*.go")
	require.NoError(t, err)
	require.Empty(t, files)
}

func TestFilesAreReadInOneSitting(t *testing.T) {
	for name, text := range files(t, ".go", ".js", ".css") {
		if lines := bytes.Count(text, []byte("\n")); lines >= 300 {
			t.Errorf("%s has %d lines: keep it under 300; split it where a reader would", name, lines)
		}
	}
}

func TestFunctionsInGoAreSeenWhole(t *testing.T) {
	for name, text := range files(t, ".go") {
		if strings.HasSuffix(name, "_test.go") {
			continue
		}
		set := token.NewFileSet()
		file, err := parser.ParseFile(set, name, text, 0)
		require.NoError(t, err)
		for _, d := range file.Decls {
			f, ok := d.(*ast.FuncDecl)
			if !ok {
				continue
			}
			start := set.Position(f.Pos())
			if lines := set.Position(f.End()).Line - start.Line + 1; lines >= 50 {
				t.Errorf("%s: %s has %d lines: keep it under 50", start, f.Name.Name, lines)
			}
		}
	}
}

// opening matches the first line of a JavaScript function, and of any block with a
// condition, which is never longer than the function around it.
var opening = regexp.MustCompile(`^(\s*).*(\)|=>) \{$`)

func TestFunctionsInJavaScriptAreSeenWhole(t *testing.T) {
	for name, text := range files(t, ".js") {
		lines := strings.Split(string(text), "\n")
		for i, line := range lines {
			begin := opening.FindStringSubmatch(line)
			if begin == nil {
				continue
			}
			more := slices.IndexFunc(lines[i+1:], func(l string) bool { return strings.HasPrefix(l, begin[1]+"}") })
			require.NotEqual(t, -1, more, "%s:%d: no brace at the same indentation closes this", name, i+1)
			if length := more + 2; length >= 50 {
				t.Errorf("%s:%d: %s has %d lines: keep it under 50", name, i+1, line, length)
			}
		}
	}
}

// files returns the text of the repository's files with one of the name endings, by their
// path from the root.
func files(t *testing.T, extensions ...string) map[string][]byte {
	t.Helper()
	all := map[string][]byte{}
	tree := os.DirFS(root)
	require.NoError(t, fs.WalkDir(tree, ".", func(name string, entry fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return err
		case entry.IsDir() && name != "." && strings.HasPrefix(entry.Name(), "."):
			return fs.SkipDir // git's and the tools'
		case !entry.IsDir() && slices.Contains(extensions, path.Ext(name)):
			all[name], err = fs.ReadFile(tree, name)
		}
		return err
	}))
	require.NotEmpty(t, all)
	return all
}

// ourImports returns, for each of our packages, which of our packages it imports, except
// in tests.
func ourImports(t *testing.T) map[string]map[string]bool {
	t.Helper()
	all := map[string]map[string]bool{}
	for name, text := range files(t, ".go") {
		if strings.HasSuffix(name, "_test.go") {
			continue
		}
		file, err := parser.ParseFile(token.NewFileSet(), name, text, parser.ImportsOnly)
		require.NoError(t, err)
		pkg := path.Dir(name)
		if all[pkg] == nil {
			all[pkg] = map[string]bool{}
		}
		for _, spec := range file.Imports {
			imported, err := strconv.Unquote(spec.Path.Value)
			require.NoError(t, err)
			if ours, ok := strings.CutPrefix(imported, module); ok {
				all[pkg][ours] = true
			}
		}
	}
	return all
}

// list returns the packages that are linked into a package, including itself.
func list(t *testing.T, pkg string) []string {
	t.Helper()
	cmd := exec.Command("go", "list", "-deps", pkg)
	cmd.Dir = root
	out, err := cmd.Output()
	require.NoError(t, err)
	return strings.Fields(string(out))
}

// fits reports whether a package is in a list in the format of mayImport.
func fits(pkg, list string) bool {
	for p := range strings.FieldsSeq(list) {
		folder, below := strings.CutSuffix(p, "/...")
		if pkg == folder || below && strings.HasPrefix(pkg, folder+"/") {
			return true
		}
	}
	return false
}
