package asl

import (
	"strings"

	"pizzasaga/asl/internal/expr"
	"pizzasaga/asl/internal/jsonvalue"
)

// inputPath is InputPath or OutputPath: absent it is "$", null it gives {}.
type inputPath struct {
	path *expr.Path
	null bool
}

// get returns what the path selects of a value.
func (p inputPath) get(t *turn, f *frame, value any) (any, error) {
	switch {
	case p.null:
		return jsonvalue.ObjectOf(), nil
	case p.path == nil, value == nil && p.path.IsRoot(): // "$" is the default, and of null gives null
		return value, nil
	}
	return p.path.Get(t.scope(f, value))
}

// resultPath is ResultPath: absent it is "$", null it drops the result.
type resultPath struct {
	path *expr.ReferencePath
	null bool
}

// put puts a result into the state's raw input.
func (r resultPath) put(input, result any) (any, error) {
	switch {
	case r.null:
		return input, nil
	case r.path == nil:
		return result, nil
	}
	return r.path.Set(input, result)
}

// paths reads InputPath and OutputPath.
func (f *stateFields) paths() {
	f.state.inputPath = f.inputPath("InputPath")
	f.state.outputPath = f.inputPath("OutputPath")
}

func (f *fields) inputPath(name string) inputPath {
	if f.isNull(name) {
		return inputPath{null: true}
	}
	return inputPath{path: compiled(f, name, expr.CompilePath)}
}

func (f *fields) resultPath() resultPath {
	if f.isNull("ResultPath") {
		return resultPath{null: true}
	}
	return resultPath{path: compiled(f, "ResultPath", expr.CompileReferencePath)}
}

// reservedVariable is the variable in which JSONata has a state's data.
const reservedVariable = "states"

// assign reads the Assign of a state, a Choice rule or a Catch.
//
// https://docs.aws.amazon.com/step-functions/latest/dg/workflow-variables.html
func (f *stateFields) assign(from *fields) *expr.Template {
	t := from.template("Assign")
	if t == nil {
		return nil
	}
	for _, m := range from.field("Assign").Members {
		name, place := strings.TrimSuffix(m.Name, ".$"), from.at("Assign").Field(m.Name)
		if err := expr.CheckVariableName(name); err != nil {
			f.report(m.Begin, place, "%v", err)
		} else if name == reservedVariable {
			f.report(m.Begin, place, "the name %q is reserved", name)
		}
		f.assigned = append(f.assigned, assignedVariable{f.flow, name, m.Begin, place})
	}
	return t
}

// checkSize returns an error if what the state takes or gives has too many bytes.
func (st *state) checkSize(bytes int) error {
	if bytes > maxPayloadBytes {
		return &expr.Error{Name: statesDataLimitExceeded, Cause: tooLarge(st.name)}
	}
	return nil
}

func tooLarge(what string) string {
	return "The state/task '" + what + "' returned a result with a size exceeding the maximum number of bytes service limit."
}
