package asltest_test

import (
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"testing"

	"github.com/stretchr/testify/require"

	"pizzasaga/asl"
	"pizzasaga/asl/asltest"
)

// published is a folder of definitions that people use.
const published = "../../../shared/definitions"

// definition is one of them, with executions that together cover as much of it as possible.
type definition struct {
	file    string
	runs    []execution
	uncover map[string]string // what no execution can take, and why
}

// execution is how a definition runs with mocks.
type execution struct {
	name, input string
	mocks       asltest.Mocks
	fails       string // the execution's error; empty if it succeeds
}

// noError is the error of an execution that ends in a Fail state without an Error.
const noError = "no error"

func TestPublishedDefinitionsReachAllTheirEnds(t *testing.T) {
	files, err := filepath.Glob(filepath.Join(published, "*.asl.json"))
	require.NoError(t, err)
	if len(files) == 0 {
		t.Skipf("no published definitions in %s", published)
	}
	definitions := append(polling, others...)
	require.Len(t, definitions, len(files), "each definition is tested")
	uncovered := 0
	for _, d := range definitions {
		t.Run(d.file, d.check)
		for place, reason := range d.uncover {
			uncovered++
			t.Logf("%s: %s cannot be taken: %s", d.file, place, reason)
		}
	}
	t.Logf("%d definitions are covered, but for %d parts", len(definitions), uncovered)
}

var placeholder = regexp.MustCompile(`\$\{(\w+)\}`)

func (d definition) check(t *testing.T) {
	file := filepath.Join(published, d.file+".asl.json")
	text, err := os.ReadFile(file)
	require.NoError(t, err)
	values := map[string]string{}
	for _, found := range placeholder.FindAllSubmatch(text, -1) {
		values[string(found[1])] = "arn:aws:lambda:us-east-1:123456789012:function:" + string(found[1])
	}
	values["partition"], values["filter_prefix"] = "aws", "prod"
	machine := asltest.Load(t, file, values)
	for _, one := range d.runs {
		t.Run(one.name, func(t *testing.T) {
			run := machine.Run(t, one.input, one.mocks)
			switch one.fails {
			case "":
				require.Equal(t, asl.Succeeded, run.Status, "%s: %s", run.Error, run.Cause)
			case noError:
				run.Failed(t, "", "")
			default:
				run.Failed(t, one.fails, "*")
			}
		})
	}
	machine.Covered(t, d.uncover)
}

// Tasks for which it only matters whether they succeed.
var (
	ok   = asltest.Return(`{}`)
	boom = asltest.Throw("Boom", "")
)

// after returns a task that fails with an error before it ends.
func after(name string, end asltest.Response) asltest.Mock {
	return asltest.InOrder(asltest.Throw(name, ""), end)
}

// in returns a task with these outputs, one after the other.
func in(outputs ...string) asltest.Mock {
	var responses []asltest.Response
	for _, output := range outputs {
		responses = append(responses, asltest.Return(output))
	}
	return asltest.InOrder(responses...)
}

// with returns the mocks together with others.
func with(mocks, more asltest.Mocks) asltest.Mocks {
	all := maps.Clone(mocks)
	maps.Copy(all, more)
	return all
}
