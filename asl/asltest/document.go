package asltest

import (
	"errors"
	"fmt"
	"os"
	"strings"

	"pizzasaga/asl"
	"pizzasaga/asl/internal/jsonvalue"
)

// document is a JSON text.
type document struct {
	file string // empty if the text is not that of a file
	text []byte
}

// ReadInput reads a file with the input of an execution. The error says where the file is
// not JSON or has a duplicate name in an object.
func ReadInput(file string) (string, error) {
	text, err := os.ReadFile(file)
	if err != nil {
		return "", err
	}
	_, err = document{file, text}.parse()
	return string(text), err
}

// problem returns an error that begins with the file, the line and the column.
func (d document) problem(offset int, format string, args ...any) error {
	return fmt.Errorf("%s: %s", d.place(offset), fmt.Sprintf(format, args...))
}

func (d document) place(offset int) string {
	line, column := jsonvalue.Position(d.text, offset)
	return strings.TrimPrefix(fmt.Sprintf("%s:%d:%d", d.file, line, column), ":")
}

// parse reads the text, in which no object may have two values of one name.
func (d document) parse() (*jsonvalue.Node, error) {
	root, err := jsonvalue.Parse(d.text)
	if syntax, ok := errors.AsType[*jsonvalue.SyntaxError](err); ok {
		return nil, d.problem(syntax.Offset, "not valid JSON: %s", syntax.Message)
	}
	return root, errors.Join(d.repeated(root, nil)...)
}

// repeated adds a problem for each duplicate name.
func (d document) repeated(n *jsonvalue.Node, problems []error) []error {
	seen := make(map[string]bool, len(n.Members))
	for _, m := range n.Members {
		if seen[m.Name] {
			problems = append(problems, d.problem(m.Begin, "%q is a duplicate name", m.Name))
		}
		seen[m.Name] = true
		problems = d.repeated(m.Node, problems)
	}
	for _, item := range n.Items {
		problems = d.repeated(item, problems)
	}
	return problems
}

// InFile wraps an error of a definition so that each line of its text begins with the file.
// It returns nil if err is nil.
func InFile(file string, err error) error {
	if problems, ok := errors.AsType[asl.Problems](err); ok {
		return inFile{file, problems}
	}
	return err
}

type inFile struct {
	file string
	asl.Problems
}

func (e inFile) Error() string {
	lines := make([]string, len(e.Problems))
	for i, p := range e.Problems {
		separator := ":"
		if p.Line == 0 {
			separator = ": "
		}
		lines[i] = e.file + separator + p.String()
	}
	return strings.Join(lines, "\n")
}

func (e inFile) Unwrap() error { return e.Problems }
