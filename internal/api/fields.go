package api

import (
	"encoding/json"
	"fmt"
	"net/url"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/agnivade/levenshtein"

	"pizzasaga/internal/order"
	"pizzasaga/internal/workflow"
)

// wish is what a customer may order.
type wish struct {
	Flavour             string
	PerStepDelaySeconds int
	ErrorOnStep         order.Fault
}

// fields are the wish's names in JSON, each with the function that reads its value.
var fields = []struct {
	name string
	read func(*wish, json.RawMessage) error
}{
	{"flavour", func(w *wish, v json.RawMessage) (err error) {
		w.Flavour, err = readFlavour(v)
		return err
	}},
	{"perStepDelaySeconds", func(w *wish, v json.RawMessage) (err error) {
		w.PerStepDelaySeconds, err = readInteger(v, fmt.Sprintf("from 0 to %d", order.MaxPerStepDelaySeconds),
			func(n int) bool { return 0 <= n && n <= order.MaxPerStepDelaySeconds })
		return err
	}},
	{"errorOnStep", func(w *wish, v json.RawMessage) error {
		n, err := readInteger(v, fmt.Sprintf("from 0 to %d, or %d", workflow.LastFault, workflow.AllFaults),
			func(n int) bool {
				f := order.Fault(n)
				return f >= 0 && f <= workflow.LastFault || f == workflow.AllFaults
			})
		w.ErrorOnStep = order.Fault(n)
		return err
	}},
}

// fieldError says what is wrong with one field of the body.
type fieldError struct {
	Pointer string `json:"pointer"` // to the field: a JSON Pointer in a URI fragment
	Detail  string `json:"detail"`
}

func pointer(name string) string {
	escaped := strings.NewReplacer("~", "~0", "/", "~1").Replace(name)
	return (&url.URL{Fragment: "/" + escaped}).String()
}

// set reads a field and returns what is wrong with it, or "". A null leaves the default.
func (w *wish) set(name string, value json.RawMessage, seen map[string]bool) (wrong string) {
	for _, f := range fields {
		if f.name != name {
			continue
		}
		if seen[name] {
			return fmt.Sprintf("The field %q is given twice.", name)
		}
		seen[name] = true
		if string(value) == "null" {
			return ""
		}
		if err := f.read(w, value); err != nil {
			return fmt.Sprintf("The field %q must be %v, not %s.", name, err, show(string(value)))
		}
		return ""
	}
	return unknownField(name)
}

// unknownField suggests the field that was probably meant, or lists all fields.
func unknownField(name string) string {
	var names []string
	for _, f := range fields {
		if levenshtein.ComputeDistance(strings.ToLower(name), strings.ToLower(f.name)) <= len(f.name)/3 {
			return fmt.Sprintf(`There is no field "%s"; did you mean %q?`, show(name), f.name)
		}
		names = append(names, strconv.Quote(f.name))
	}
	return fmt.Sprintf(`There is no field "%s"; the fields are %s.`, show(name), strings.Join(names, ", "))
}

// readFlavour returns the flavour, or an error that says what it must be.
func readFlavour(v json.RawMessage) (string, error) {
	var s string
	n := 0
	if v[0] == '"' && json.Unmarshal(v, &s) == nil {
		n = utf8.RuneCountInString(s)
	}
	if !strings.ContainsFunc(s, visible) || n > order.MaxFlavourLength || strings.ContainsFunc(s, hidden) {
		return "", fmt.Errorf("a string of 1 to %d characters, at least one of them visible, without control or other hidden characters", order.MaxFlavourLength)
	}
	return s, nil
}

// hidden reports whether a character is invisible and not a space: a control or format
// character, or one that fonts do not draw. encoding/json replaces half a surrogate pair
// by utf8.RuneError.
func hidden(r rune) bool {
	// Not all of unicode.C, which includes every character that is newer than Go's
	// tables.
	return unicode.In(r, unicode.Cc, unicode.Cf, unicode.Co, unicode.Zl, unicode.Zp, unicode.Other_Default_Ignorable_Code_Point) || r == utf8.RuneError
}

// visible reports whether a character is visible when it stands alone.
func visible(r rune) bool {
	const blankBraille = '\u2800'
	return !hidden(r) && !unicode.In(r, unicode.Z, unicode.M) && r != blankBraille
}

// readInteger returns the integer, or an error that says what it must be.
func readInteger(v json.RawMessage, span string, ok func(int) bool) (int, error) {
	n, err := strconv.Atoi(string(v))
	if err != nil || !ok(n) {
		return 0, fmt.Errorf("an integer %s", span)
	}
	return n, nil
}

// show returns the start of a value from the request, for an error's detail, with
// invisible characters escaped.
func show(s string) string {
	const most = 40 // characters
	var b strings.Builder
	n := 0
	for _, r := range s {
		if n++; n > most {
			b.WriteRune('…')
			break
		}
		if hidden(r) {
			b.WriteString(strings.Trim(strconv.QuoteRuneToASCII(r), "'"))
		} else {
			b.WriteRune(r)
		}
	}
	return b.String()
}
