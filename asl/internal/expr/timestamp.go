package expr

import (
	"strings"
	"time"
)

// ParseTimestamp parses a timestamp of a Wait or a Choice: RFC 3339 with an upper-case T, and
// with Z or an offset.
func ParseTimestamp(text string) (time.Time, bool) {
	t, err := time.Parse(time.RFC3339Nano, text)
	// time.Parse also accepts an hour of one digit and a decimal comma.
	const hour = len("2006-01-02T15")
	return t, err == nil && text[hour] == ':' && !strings.Contains(text, ",")
}

// formatTimestamp returns a time as the context object has it.
func formatTimestamp(at time.Time) string { return at.UTC().Format("2006-01-02T15:04:05.000Z") }
