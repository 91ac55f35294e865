package asl

import (
	"math"
	"slices"
	"strings"

	"pizzasaga/asl/internal/expr"
	"pizzasaga/asl/internal/jsonvalue"
)

// fields reads the fields of an object of the definition and reports those that are wrong.
// reportUnknown reports those that have not been read.
//
// A misspelt field is read as the one that was probably meant. It is therefore reported
// once, without the errors that would follow from a missing field.
type fields struct {
	*loader
	node  *jsonvalue.Node
	place jsonvalue.Place
	read  map[string]bool             // the names in the object that have been read
	asked []string                    // the names that an object of this kind can have
	meant map[string]jsonvalue.Member // misspelt fields by their correct names; created when needed
}

// fieldNames are the names of all fields of the JSONPath form.
var fieldNames = []string{
	"Assign", "BackoffRate", "Branches", "Catch", "Cause", "CausePath", "Choices", "Comment", "Credentials", "Default", "End", "Error", "ErrorEquals",
	"ErrorPath", "ExecutionType", "HeartbeatSeconds", "HeartbeatSecondsPath", "InputPath", "IntervalSeconds", "ItemBatcher", "ItemProcessor",
	"ItemReader", "ItemSelector", "ItemsPath", "Iterator", "JitterStrategy", "Label", "MaxAttempts", "MaxConcurrency", "MaxConcurrencyPath",
	"MaxDelaySeconds", "Mode", "Next", "OutputPath", "Parameters", "ProcessorConfig", "QueryLanguage", "Resource", "Result", "ResultPath",
	"ResultSelector", "ResultWriter", "Retry", "Seconds", "SecondsPath", "StartAt", "States", "TimeoutSeconds", "TimeoutSecondsPath", "Timestamp",
	"TimestampPath", "ToleratedFailureCount", "ToleratedFailureCountPath", "ToleratedFailurePercentage", "ToleratedFailurePercentagePath", "Type", "Version",
}

// jsonataFields exist only in the JSONata form.
var jsonataFields = []string{"Arguments", "Output", "Items", "Condition"}

// field returns the value of a field, or nil if it is missing.
func (f *fields) field(name string) *jsonvalue.Node {
	f.asked = append(f.asked, name)
	if n := f.node.Member(name); n != nil {
		f.read[name] = true
		return n
	}
	if f.meant == nil {
		f.meant = misspelt(f.node)
	}
	return f.meant[name].Node
}

// misspelt returns the members of an object that have unknown names, by the names that were
// probably meant.
func misspelt(object *jsonvalue.Node) map[string]jsonvalue.Member {
	meant := map[string]jsonvalue.Member{}
	for _, m := range object.Members {
		if slices.Contains(fieldNames, m.Name) || slices.Contains(jsonataFields, m.Name) {
			continue
		}
		if name, ok := expr.Nearest(m.Name, fieldNames); ok && meant[name].Node == nil {
			meant[name] = m
		}
	}
	return meant
}

func (f *fields) has(name string) bool { return f.field(name) != nil }

// at returns the place of a field. If the field is misspelt, so is its name in the place.
func (f *fields) at(name string) jsonvalue.Place {
	if m, misspelt := f.meant[name]; misspelt && f.node.Member(name) == nil {
		name = m.Name
	}
	return f.place.Field(name)
}

// wrong reports a problem with a field that exists.
func (f *fields) wrong(name, format string, args ...any) {
	f.report(f.field(name).Begin, f.at(name), format, args...)
}

// lacks reports missing fields.
func (f *fields) lacks(what string) { f.report(f.node.Begin, f.place, "needs the field %s", what) }

// require is like field, but reports a missing field.
func (f *fields) require(name string) *jsonvalue.Node {
	n := f.field(name)
	if n == nil {
		f.lacks(name)
	}
	return n
}

// exclusive reports each of these fields that exists, except the first one.
func (f *fields) exclusive(names ...string) {
	f.asked = append(f.asked, names...)
	var first string
	for _, name := range names {
		switch {
		case f.node.Member(name) == nil: // or it is misspelt, which reportUnknown reports
		case first == "":
			first = name
		default:
			f.read[first] = true
			f.wrong(name, "cannot be used with %s", first)
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

// integer returns a whole number from low to high. If the field is missing or wrong, it
// returns otherwise.
func (f *fields) integer(name string, low, high, otherwise int64) int64 {
	n := f.field(name)
	if n == nil {
		return otherwise
	}
	value, ok := n.Value.(int64)
	if !ok || value < low || value > high {
		f.wrong(name, "must be a whole number from %d to %d%s", low, high, f.substitutionHint(n))
		return otherwise
	}
	return value
}

// number is like integer, but also accepts fractions.
func (f *fields) number(name string, low, high, otherwise float64) float64 {
	n := f.field(name)
	if n == nil {
		return otherwise
	}
	value, ok := jsonvalue.Number(n.Value)
	switch {
	case ok && low <= value && value <= high:
		return value
	case math.IsInf(high, 1):
		f.wrong(name, "must be a number of at least %v%s", low, f.substitutionHint(n))
	default:
		f.wrong(name, "must be a number from %v to %v%s", low, high, f.substitutionHint(n))
	}
	return otherwise
}

// substitutionHint returns the end of an error message about a string that must be a
// number. It is empty unless the string was a placeholder.
func (f *fields) substitutionHint(n *jsonvalue.Node) string {
	if f.isReplaced(n.Begin, n.End) {
		return "; substitutions are strings, so read a number from the input"
	}
	return ""
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

// items is like array, but reports nothing.
func (f *fields) items(name string) []*jsonvalue.Node {
	if n := f.field(name); n != nil {
		return n.Items
	}
	return nil
}

// requireItems reports an array that is missing or empty.
func (f *fields) requireItems(name, item string) {
	if n := f.require(name); n != nil && len(n.Items) == 0 {
		f.wrong(name, "must be an array with at least one %s", item)
	}
}

// objects calls each with the fields of every object in an array.
func (f *fields) objects(name string, items []*jsonvalue.Node, each func(i int, item *fields)) {
	for i, n := range items {
		if item := f.fields(n, f.at(name).Item(i)); item != nil {
			each(i, item)
		}
	}
}

// isNull reports whether a field exists and is null.
func (f *fields) isNull(name string) bool {
	n := f.field(name)
	return n != nil && n.Value == nil
}

// compiled reads a string field, such as a path, and compiles it.
func compiled[T any](f *fields, name string, compile func(string) (T, error)) (out T) {
	text, ok := f.text(name)
	if !ok {
		return out
	}
	out, err := compile(text)
	if err != nil {
		f.reportFaults(expr.Fault{Offset: f.field(name).Begin, Place: f.at(name), Err: err})
	}
	return out
}

// template reads a payload template. It returns nil if the field is missing. As on AWS, a
// string is a constant.
func (f *fields) template(name string) *expr.Template {
	n := f.field(name)
	if n == nil {
		return nil
	}
	_, isText := n.Value.(string)
	if name != "ItemSelector" && !n.IsObject() && !n.IsArray() && !isText {
		f.wrong(name, "must be an object")
		return nil
	}
	t, faults := expr.CompileTemplate(n, f.at(name))
	f.reportFaults(faults...)
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

// numberOrPath reads a field with a whole number up to most, or the …Path field that can
// replace it.
func (f *fields) numberOrPath(name string, kind *numberKind, most int64) number {
	n := f.numberPath(name, kind)
	n.constant = f.integer(name, kind.low, most, 0)
	return n
}

// numberPath reads only the …Path field.
func (f *fields) numberPath(name string, kind *numberKind) number {
	return number{numberKind: kind, field: name, path: compiled(f, name+"Path", expr.CompileDataReference)}
}

// queryLanguage reads QueryLanguage, which must be JSONPath.
func (f *fields) queryLanguage() {
	switch language, ok := f.text("QueryLanguage"); {
	case strings.EqualFold(language, "JSONata") && f.jsonata == nil:
		problem := f.problem(f.field("QueryLanguage").Begin, f.at("QueryLanguage"),
			"JSONata is not supported: this interpreter runs the JSONPath form of the Amazon States Language")
		f.jsonata = &problem
	case ok && language != "JSONPath":
		f.wrong("QueryLanguage", "must be JSONPath")
	}
}

// reportUnknown reports the fields that have not been read. what is the kind of object, for
// the message.
func (f *fields) reportUnknown(what string) {
	missing := slices.DeleteFunc(slices.Clone(f.asked), func(name string) bool { return f.node.Member(name) != nil })
	for _, m := range f.node.Members {
		switch place := f.place.Field(m.Name); {
		case f.read[m.Name]:
		case slices.Contains(jsonataFields, m.Name):
			f.report(m.Begin, place, "is not a field of %s in JSONPath (JSONata is not supported)", what)
		case slices.Contains(fieldNames, m.Name):
			f.report(m.Begin, place, "is not a field of %s", what)
		default:
			f.report(m.Begin, place, "is not a field of %s%s", what, expr.DidYouMean(m.Name, missing))
		}
	}
}
