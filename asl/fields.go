package asl

import (
	"slices"

	"pizzasaga/asl/internal/expr"
	"pizzasaga/asl/internal/jsonvalue"
)

// fields reads the fields of an object of the definition and notes which it has
// read; reportUnknown reports the others.
//
// A misspelt name stands for the field that was probably meant, so that it is
// reported once, by itself, and not as a missing field with all that follows.
type fields struct {
	*loader
	node  *jsonvalue.Node
	place jsonvalue.Place
	read  map[string]bool            // the names in the definition that were read
	asked []string                   // the names of the fields that such an object has
	meant map[string]*jsonvalue.Node // by the name that was probably meant by a misspelt one; made when it is needed
}

// fieldNames are the names of all fields of the language.
var fieldNames = []string{
	"Assign", "BackoffRate", "Branches", "Catch", "Cause", "CausePath", "Choices", "Comment", "Credentials", "Default", "End", "Error", "ErrorEquals",
	"ErrorPath", "ExecutionType", "HeartbeatSeconds", "HeartbeatSecondsPath", "InputPath", "IntervalSeconds", "ItemBatcher", "ItemProcessor",
	"ItemReader", "ItemSelector", "ItemsPath", "Iterator", "JitterStrategy", "Label", "MaxAttempts", "MaxConcurrency", "MaxConcurrencyPath",
	"MaxDelaySeconds", "Mode", "Next", "OutputPath", "Parameters", "ProcessorConfig", "QueryLanguage", "Resource", "Result", "ResultPath",
	"ResultSelector", "ResultWriter", "Retry", "Seconds", "SecondsPath", "StartAt", "States", "TimeoutSeconds", "TimeoutSecondsPath", "Timestamp",
	"TimestampPath", "ToleratedFailureCount", "ToleratedFailureCountPath", "ToleratedFailurePercentage", "ToleratedFailurePercentagePath", "Type", "Version",
}

// jsonataFields exist in JSONata only.
var jsonataFields = []string{"Arguments", "Output", "Items", "Condition"}

// field returns the value of a field, or nil.
func (f *fields) field(name string) *jsonvalue.Node {
	f.asked = append(f.asked, name)
	if n := f.node.Member(name); n != nil {
		f.read[name] = true
		return n
	}
	if f.meant == nil {
		f.meant = misspelt(f.node)
	}
	return f.meant[name]
}

// misspelt returns the members of an object whose names are no fields of the
// language, by the field that was probably meant.
func misspelt(object *jsonvalue.Node) map[string]*jsonvalue.Node {
	meant := map[string]*jsonvalue.Node{}
	for _, m := range object.Members {
		if slices.Contains(fieldNames, m.Name) || slices.Contains(jsonataFields, m.Name) {
			continue
		}
		if name, ok := expr.Nearest(m.Name, fieldNames); ok && meant[name] == nil {
			meant[name] = m.Node
		}
	}
	return meant
}

func (f *fields) has(name string) bool { return f.field(name) != nil }

func (f *fields) at(name string) jsonvalue.Place { return f.place.Field(name) }

// wrong reports a problem with a field that the object has.
func (f *fields) wrong(name, format string, args ...any) {
	f.report(f.field(name).Begin, f.at(name), format, args...)
}

// lacks reports what the object does not have.
func (f *fields) lacks(what string) { f.report(f.node.Begin, f.place, "needs the field %s", what) }

// require returns the value of a field, or nil if it is missing, which is
// reported.
func (f *fields) require(name string) *jsonvalue.Node {
	n := f.field(name)
	if n == nil {
		f.lacks(name)
	}
	return n
}

// exclusive reports all but the first of the fields that are there. A misspelt one
// is reported anyway.
func (f *fields) exclusive(names ...string) {
	f.asked = append(f.asked, names...)
	var first string
	for _, name := range names {
		switch {
		case f.node.Member(name) == nil:
		case first == "":
			first = name
		default:
			f.read[first] = true
			f.wrong(name, "cannot stand beside %s", first)
		}
	}
}

func (f *fields) text(name string) (string, bool) {
	n := f.field(name)
	if n == nil {
		return "", false
	}
	text, ok := n.Value.(string)
	if !ok {
		f.wrong(name, "must be a string")
	}
	return text, ok
}

func (f *fields) flag(name string) bool {
	n := f.field(name)
	if n == nil {
		return false
	}
	value, ok := n.Value.(bool)
	if !ok {
		f.wrong(name, "must be true or false")
	}
	return value
}

// integer returns a whole number from low to high, or otherwise if the field is
// absent.
func (f *fields) integer(name string, low, high, otherwise int64) int64 {
	n := f.field(name)
	if n == nil {
		return otherwise
	}
	value, ok := n.Value.(int64)
	if !ok || value < low || value > high {
		f.wrong(name, "must be a whole number from %d to %d", low, high)
		return otherwise
	}
	return value
}

// number returns a number of at least low, or otherwise if the field is absent.
func (f *fields) number(name string, low, otherwise float64) float64 {
	n := f.field(name)
	if n == nil {
		return otherwise
	}
	value, ok := jsonvalue.Number(n.Value)
	if !ok || value < low {
		f.wrong(name, "must be a number of at least %v", low)
		return otherwise
	}
	return value
}

// array returns the items of an array.
func (f *fields) array(name string) []*jsonvalue.Node {
	n := f.field(name)
	if n == nil {
		return nil
	}
	if !n.IsArray() {
		f.wrong(name, "must be an array")
	}
	return n.Items
}

// items returns the items of what may be an array. Unlike array it reports nothing.
func (f *fields) items(name string) []*jsonvalue.Node {
	if n := f.field(name); n != nil {
		return n.Items
	}
	return nil
}

// requireItems reports an array that is missing, or without one of its items.
func (f *fields) requireItems(name, item string) {
	if n := f.require(name); n != nil && len(n.Items) == 0 {
		f.wrong(name, "must be an array with at least one %s", item)
	}
}

// objects calls each with the reader of every object in an array.
func (f *fields) objects(name string, items []*jsonvalue.Node, each func(i int, item *fields)) {
	for i, n := range items {
		if item := f.fields(n, f.at(name).Item(i)); item != nil {
			each(i, item)
		}
	}
}

// isNull reports whether a field is there and null.
func (f *fields) isNull(name string) bool {
	n := f.field(name)
	return n != nil && n.Value == nil
}

// compiled reads a field that holds a string in a language of its own.
func compiled[T any](f *fields, name string, compile func(string) (T, error)) (out T) {
	text, ok := f.text(name)
	if !ok {
		return out
	}
	out, err := compile(text)
	if err != nil {
		f.wrong(name, "%v", err)
	}
	return out
}

// template reads a payload template, nil if it is absent. An item may be
// anything, any other template must be an object.
func (f *fields) template(name string) *expr.Template {
	n := f.field(name)
	if n == nil {
		return nil
	}
	if !n.IsObject() && name != "ItemSelector" {
		f.wrong(name, "must be an object")
		return nil
	}
	t, faults := expr.CompileTemplate(n, f.at(name))
	f.reportFaults(faults)
	return t
}

// inputPath reads InputPath or OutputPath.
func (f *fields) inputPath(name string) inputPath {
	if f.isNull(name) {
		return inputPath{null: true}
	}
	return inputPath{path: compiled(f, name, expr.CompilePath)}
}

// resultPath reads ResultPath.
func (f *fields) resultPath() resultPath {
	if f.isNull("ResultPath") {
		return resultPath{null: true}
	}
	return resultPath{path: compiled(f, "ResultPath", expr.CompileReferencePath)}
}

// numberOrPath reads a field with a whole number of at most this, and the field
// that has a path instead.
func (f *fields) numberOrPath(name string, kind *numberKind, most int64) number {
	return number{kind, name, f.integer(name, kind.low, most, 0), compiled(f, name+"Path", expr.CompilePath)}
}

// queryLanguage reads QueryLanguage, which can only be JSONPath here.
func (f *fields) queryLanguage() {
	switch language, ok := f.text("QueryLanguage"); {
	case language == "JSONata" && f.jsonata == nil:
		problem := f.problem(f.field("QueryLanguage").Begin, f.at("QueryLanguage"),
			"JSONata is not supported: this interpreter runs the JSONPath form of the Amazon States Language")
		f.jsonata = &problem
	case ok && language != "JSONPath":
		f.wrong("QueryLanguage", "must be JSONPath")
	}
}

// reportUnknown reports what has not been read: these are no fields of what the
// object is.
func (f *fields) reportUnknown(what string) {
	for _, m := range f.node.Members {
		switch {
		case f.read[m.Name]:
		case slices.Contains(jsonataFields, m.Name):
			f.report(m.Begin, f.at(m.Name), "is not a field of %s in JSONPath (JSONata is not supported)", what)
		case slices.Contains(fieldNames, m.Name):
			f.report(m.Begin, f.at(m.Name), "is not a field of %s", what)
		default:
			f.report(m.Begin, f.at(m.Name), "is not a field of %s%s", what, expr.DidYouMean(m.Name, f.asked))
		}
	}
}
