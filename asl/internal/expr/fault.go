package expr

import (
	"fmt"
	"strings"

	"github.com/agnivade/levenshtein"

	"pizzasaga/asl/internal/jsonvalue"
)

// Fault is an error in a definition.
type Fault struct {
	Offset int // in the text of the definition, in bytes
	Place  jsonvalue.Place
	Err    error
}

// Refusal is an error in a definition for which AWS's message is known.
type Refusal struct {
	Text string // AWS's message
	Hint string // what AWS's message lacks
}

func (r *Refusal) Error() string { return r.Text + "; " + r.Hint }

// Nearest returns the name that was probably meant by a misspelt one. ok is false if no name
// is similar: similar names differ in a few letters, or one of them begins with the other.
func Nearest(misspelt string, names []string) (name string, ok bool) {
	best := 0
	for _, candidate := range names {
		d, ok := distance(strings.ToLower(misspelt), strings.ToLower(candidate))
		if ok && (name == "" || d < best) {
			name, best = candidate, d
		}
	}
	return name, name != ""
}

// distance returns how many letters differ between two names, and whether the names are
// similar. Two swapped letters count as one.
func distance(a, b string) (int, bool) {
	shorter, longer := min(len(a), len(b)), max(len(a), len(b))
	if shorter >= 5 && (strings.HasPrefix(a, b) || strings.HasPrefix(b, a)) {
		return longer - shorter, true
	}
	most := min((longer+2)/3, (shorter+shorter/4)/2)
	if shorter == 0 || longer-shorter > most || shorter < 5 && a[0] != b[0] {
		return 0, false
	}
	d := levenshtein.ComputeDistance(a, b)
	if len(a) == len(b) && swapped(a, b) {
		d = 1
	}
	return d, d <= most
}

// swapped reports whether two names of the same length differ only in two neighbouring
// letters that are swapped.
func swapped(a, b string) bool {
	for i := range len(a) - 1 {
		if a[i] != b[i] {
			return a[i] == b[i+1] && a[i+1] == b[i] && a[i+2:] == b[i+2:]
		}
	}
	return false
}

// DidYouMean returns the end of an error message about a misspelt name: a question with the
// nearest name, or an empty string.
func DidYouMean(misspelt string, names []string) string {
	if name, ok := Nearest(misspelt, names); ok {
		return fmt.Sprintf("; did you mean %q?", name)
	}
	return ""
}
