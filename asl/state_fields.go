package asl

import (
	"slices"
	"strings"

	"pizzasaga/asl/internal/expr"
)

// stateFields reads the fields of a state.
type stateFields struct {
	*fields
	flow  *flow
	state *state
}

// compile compiles the state.
func (f *stateFields) compile() {
	f.text("Comment")
	f.queryLanguage()
	f.require("Type")
	kind, named := f.text("Type")
	i := slices.IndexFunc(stateTypes, func(t stateType) bool { return t.kind == kind })
	if i < 0 {
		if named {
			f.wrong("Type", "must be Pass, Task, Choice, Wait, Succeed, Fail, Parallel or Map%s", expr.DidYouMean(kind, stateKinds()))
		}
		f.flow.incomplete = true
		return
	}
	f.state.part = f.part(StatePart, f.node.Begin, string(f.place))
	f.state.part.Type = kind
	f.state.stateType, f.state.work = stateTypes[i], f.work(kind)
	f.reportUnknown("a " + kind + " state")
}

// work reads the fields of a state of this type.
func (f *stateFields) work(kind string) work {
	switch kind {
	case "Pass":
		return compilePass(f)
	case "Task":
		return compileTask(f)
	case "Choice":
		return compileChoice(f)
	case "Wait":
		return compileWait(f)
	case "Succeed":
		return compileSucceed(f)
	case "Fail":
		return compileFail(f)
	case "Parallel":
		return compileParallel(f)
	default:
		return compileMap(f)
	}
}

// common reads the fields of every state that has a Next or an End.
func (f *stateFields) common() {
	f.paths()
	f.transition()
	f.state.leave.assign = f.assign(f.fields)
}

// paths reads InputPath and OutputPath.
func (f *stateFields) paths() {
	f.state.inputPath = f.inputPath("InputPath")
	f.state.outputPath = f.inputPath("OutputPath")
}

// transition reads Next and End. A state must have exactly one of them.
func (f *stateFields) transition() {
	f.exclusive("Next", "End")
	end := f.field("End")
	f.state.terminal = end != nil
	switch {
	case f.has("Next"):
		f.state.leave.part = f.part(TransitionPart, f.field("Next").Begin, string(f.at("Next")))
		f.leave(f.fields, "Next", &f.state.leave)
		f.flow.incomplete = f.flow.incomplete || end != nil
	case end == nil:
		f.lacks("Next or End")
		f.flow.incomplete = true
	case end.Value != true:
		f.wrong("End", "must be true; leave it out if there is a Next")
	default:
		f.state.leave.part = f.part(TransitionPart, end.Begin, string(f.at("End")))
	}
}

// target reads a field that names a state of the same flow. It calls lead with that state,
// at once or after the whole flow has been read.
func (f *stateFields) target(from *fields, field string, lead func(*state)) {
	name, ok := from.text(field)
	if !ok {
		f.flow.incomplete = f.flow.incomplete || from.has(field)
		return
	}
	f.loader.target(f.flow, from, field, name, func(st *state) {
		f.state.targets = append(f.state.targets, st)
		lead(st)
	})
}

// reservedVariable is the variable that has a state's data in JSONata.
const reservedVariable = "states"

// assign reads the Assign of a state, a Choice rule or a Catch.
//
// https://docs.aws.amazon.com/step-functions/latest/dg/workflow-variables.html
func (f *stateFields) assign(from *fields) *expr.Template {
	n := from.field("Assign")
	if n == nil {
		return nil
	}
	if !n.IsObject() {
		from.wrong("Assign", "must be an object")
		return nil
	}
	t := from.template("Assign")
	for _, m := range n.Members {
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

// results reads ResultSelector and ResultPath.
func (f *stateFields) results() {
	f.state.selector, f.state.resultPath = f.template("ResultSelector"), f.resultPath()
}

// errorHandling reads Retry and Catch.
func (f *stateFields) errorHandling() {
	f.errorRules("Retry", func(_ int, rule *fields, errors []string) {
		r := compileRetrier(rule, errors)
		r.part = f.part(RetrierPart, rule.node.Begin, string(rule.place))
		f.state.retry = append(f.state.retry, r)
	})
	f.state.catch = make([]catcher, len(f.items("Catch")))
	f.errorRules("Catch", func(i int, rule *fields, errors []string) {
		c := &f.state.catch[i]
		if rule.require("Next") == nil {
			f.flow.incomplete = true
		}
		c.errors, c.resultPath, c.assign = errors, rule.resultPath(), f.assign(rule)
		c.part = f.part(CatcherPart, rule.node.Begin, string(rule.place))
		f.leave(rule, "Next", &c.transition)
	})
}

// errorRules reads the entries of Retry or Catch. Both have ErrorEquals.
func (f *stateFields) errorRules(name string, read func(i int, rule *fields, errors []string)) {
	items := f.array(name)
	f.objects(name, items, func(i int, rule *fields) {
		rule.text("Comment")
		rule.requireItems("ErrorEquals", "error name")
		var errors []string
		for j, item := range rule.items("ErrorEquals") {
			text, ok := item.Value.(string)
			if !ok || text == "" {
				f.report(item.Begin, rule.at("ErrorEquals").Item(j), "must be an error name")
			}
			errors = append(errors, text)
		}
		switch all := slices.Contains(errors, statesALL); {
		case all && len(errors) > 1:
			rule.wrong("ErrorEquals", statesALL+" must be the only name")
		case all && i < len(items)-1:
			rule.wrong("ErrorEquals", statesALL+" must be in the last entry, because entries after it are never used")
		}
		read(i, rule, errors)
		rule.reportUnknown("an entry of " + name)
	})
}
