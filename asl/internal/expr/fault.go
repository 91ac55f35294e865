package expr

import (
	"fmt"
	"strings"

	"github.com/agnivade/levenshtein"

	"pizzasaga/asl/internal/jsonvalue"
)

// Fault is an error in a definition.
type Fault struct {
	Offset  int // in the text of the definition, in bytes
	Place   jsonvalue.Place
	Message string
}

// Nearest returns the name that is most like a misspelt one, if any is like it.
func Nearest(misspelt string, names []string) (name string, ok bool) {
	best := 0
	for _, candidate := range names {
		shorter, longer := min(len(misspelt), len(candidate)), max(len(misspelt), len(candidate))
		most := min((longer+2)/3, shorter/2)
		if longer-shorter > most {
			continue
		}
		distance := levenshtein.ComputeDistance(strings.ToLower(misspelt), strings.ToLower(candidate))
		if distance <= most && (name == "" || distance < best) {
			name, best = candidate, distance
		}
	}
	return name, name != ""
}

// DidYouMean returns the end of an error message about a misspelt name: a question
// with the nearest name, or an empty text.
func DidYouMean(misspelt string, names []string) string {
	if name, ok := Nearest(misspelt, names); ok {
		return fmt.Sprintf("; did you mean %q?", name)
	}
	return ""
}
