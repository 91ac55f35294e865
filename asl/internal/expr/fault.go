package expr

import (
	"fmt"
	"strings"

	"github.com/agnivade/levenshtein"

	"pizzasaga/asl/internal/jsonvalue"
)

// Fault is one thing that is wrong in a definition.
type Fault struct {
	Offset  int // in the definition's text, in bytes
	Place   jsonvalue.Place
	Message string
}

// Nearest returns the one of the names that was probably meant by a misspelt one.
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

// DidYouMean returns the end of a sentence about a name that does not exist:
// a question with the nearest of the names, or nothing if none is near.
func DidYouMean(misspelt string, names []string) string {
	if name, ok := Nearest(misspelt, names); ok {
		return fmt.Sprintf("; did you mean %q?", name)
	}
	return ""
}
