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
	want  *jsonvalue.Object // how the execution must end; nil if the file does not say so
}

// Check returns how a run differs from what the file says about the end of the test case's
// execution, or nil. If the file says nothing, every end is right.
func (c TestCase) Check(r *Run) error {
	if c.want == nil {
		return nil
	}
	ends := map[string]string{"Status": string(r.Status), "Error": r.Error, "Cause": r.Cause}
	var wrong []error
	for _, p := range c.want.Properties() {
		if got, ok := ends[p.Name]; ok && got != p.Value {
			wrong = append(wrong, fmt.Errorf("%s is to be %v, and is %s", p.Name, p.Value, cmp.Or(got, nothing)))
		}
		if p.Name != "Output" {
			continue
		}
		if r.Status != asl.Succeeded {
			wrong = append(wrong, fmt.Errorf("there is no output, because the execution is %s: %s: %s", r.Status, r.Error, r.Cause))
		} else if d := unlike(text(p.Value), r.Output); d != "" {
			wrong = append(wrong, fmt.Errorf("the output differs: %s", d))
		}
	}
	return errors.Join(wrong...)
}

// Test runs a test case, and checks its end as [TestCase.Check] does.
func (m *Machine) Test(t TB, c TestCase) *Run {
	t.Helper()
	run := m.Run(t, c.Input, c.Mocks)
	if err := c.Check(run); err != nil {
		t.Errorf("%v\n%s", err, run.ending())
	}
	return run
}
