package asl

import "time"

// parseTimestamp reads a timestamp as Wait and Choice know it: RFC 3339 with
// an upper-case T and a zone, either Z or an offset.
func parseTimestamp(text string) (time.Time, bool) {
	var t time.Time
	err := t.UnmarshalText([]byte(text)) // time.Parse takes more than RFC 3339 has
	return t, err == nil
}
