package expr

import (
	"errors"
	"fmt"
	"strings"
	"unicode/utf8"

	"github.com/ohler55/ojg/jp"

	"pizzasaga/asl/internal/jsonvalue"
)

// filter is [?(…)]: those items of an array that meet a condition, or an object if it
// meets the condition.
type filter struct{ expr jp.Expr }

// from yields the items of the array v, or the object v, that meet the condition.
func (f *filter) from(v any, r *queryRun, yield func(any)) {
	items, isArray := v.([]any)
	if _, isObject := v.(*jsonvalue.Object); isObject {
		items = []any{v}
	} else if !isArray {
		return
	}
	if r.work += len(items); r.work > maxVisits {
		return
	}
	if r.plain == nil {
		r.plain = jsonvalue.Plain(r.root)
	}
	candidate := []any{nil}
	document := map[string]any{"root": r.plain, "items": candidate}
	for _, item := range items {
		candidate[0] = jsonvalue.Plain(item)
		if f.holds(document) {
			yield(item)
		}
	}
}

// holds evaluates the condition. It returns false if values cannot be compared, such
// as two arrays: then the library panics.
func (f *filter) holds(document any) (ok bool) {
	defer func() {
		if recover() != nil {
			ok = false
		}
	}()
	return len(f.expr.Get(document)) > 0
}

// newFilter reads a filter from its [ to its ]. The JSONPath library evaluates it over
// {"root": document, "items": [candidate]}, so that a condition can read the document.
func newFilter(text string) (*filter, error) {
	rooted, err := underRoot(text)
	if err != nil {
		return nil, err
	}
	expr, err := jp.ParseString("$.items" + rooted)
	if err != nil || len(expr) != 3 {
		return nil, errors.New("its condition cannot be read")
	}
	if _, ok := expr[2].(*jp.Filter); !ok {
		return nil, errors.New("its condition cannot be read")
	}
	return &filter{expr: expr}, nil
}

// underRoot replaces each $ of a condition by $.root, and anchors its patterns at both
// ends. It refuses calls, and paths that may find several values.
func underRoot(text string) (string, error) {
	var b strings.Builder
	for i := 0; i < len(text); i++ {
		switch c := text[i]; {
		case c == '\'' || c == '"' || c == '/':
			end := closingQuote(text, i)
			if end < 0 {
				return "", fmt.Errorf("its %c is not closed", c)
			}
			if c == '/' && strings.HasPrefix(text[end+1:], "i") {
				b.WriteString("/^(?i:" + text[i+1:end] + ")$/")
				end++
			} else if c == '/' {
				b.WriteString("/^(?:" + text[i+1:end] + ")$/")
			} else {
				b.WriteString(text[i : end+1])
			}
			i = end
			continue
		case c == '$' && i+1 < len(text) && (text[i+1] == '$' || text[i+1] == '_' || isLetter(text[i+1]) || text[i+1] >= utf8.RuneSelf):
			return "", errors.New("its condition may only look into the document, not at variables or the context object")
		case c == '$':
			b.WriteString("$.root")
			continue
		case c == '*' || strings.HasPrefix(text[i:], "..") || (c == '?' && i > 1):
			return "", errors.New("a path in its condition may only have names and indexes")
		case c == '(' && i > 0 && isLetter(text[i-1]):
			return "", errors.New("its condition has a call")
		}
		b.WriteByte(text[i])
	}
	return b.String(), nil
}

// closingQuote returns the index of the quote that closes the one at i, or -1.
func closingQuote(text string, i int) int {
	for end := i + 1; end < len(text); end++ {
		switch text[end] {
		case '\\':
			end++
		case text[i]:
			return end
		}
	}
	return -1
}

func isLetter(c byte) bool { return c|0x20 >= 'a' && c|0x20 <= 'z' }
