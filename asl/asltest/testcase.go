package asltest

import (
	"cmp"
	"errors"
	"fmt"

	"pizzasaga/asl"
	"pizzasaga/asl/internal/jsonvalue"
)

// TestCase is one test case of a [MockFile].
type TestCase struct {
	Name  string
	Input string // JSON; "{}" if the file has none
	Mocks Mocks
	want  []jsonvalue.Property // Status, Output, Error and Cause, as far as the file has them
}

// ExpectsNothing reports whether the file does not say how the execution must end. Then
// [TestCase.Check] accepts every end.
func (c TestCase) ExpectsNothing() bool { return len(c.want) == 0 }

// Check returns how the end of a run differs from the one in the file, or nil.
func (c TestCase) Check(r *Run) error {
	ends := map[string]string{"Status": string(r.Status), "Error": r.Error, "Cause": r.Cause}
	var wrong []error
	for _, p := range c.want {
		if got, ok := ends[p.Name]; ok && p.Value != got && p.Value != anything {
			wrong = append(wrong, fmt.Errorf("expected the %s %v, got %s", p.Name, p.Value, cmp.Or(got, nothing)))
		}
		if p.Name != "Output" {
			continue
		}
		if r.Status != asl.Succeeded {
			wrong = append(wrong, fmt.Errorf("there is no output, because the execution is %s", r.end()))
		} else if d := unlike(text(p.Value), r.Output); d != "" {
			wrong = append(wrong, fmt.Errorf("the output differs: %s", d))
		}
	}
	return errors.Join(wrong...)
}

// Test runs a test case, and checks its end as [TestCase.Check] does. It logs if the file
// does not say how the execution must end.
func (m *Machine) Test(t TB, c TestCase) *Run {
	t.Helper()
	run := m.Run(t, c.Input, c.Mocks)
	if err := c.Check(run); err != nil {
		t.Errorf("%v\n%s", err, run.ending())
	}
	if c.ExpectsNothing() {
		t.Logf("%s checks nothing: Executions does not say how it must end; it is %s", c.Name, run.end())
	}
	return run
}
