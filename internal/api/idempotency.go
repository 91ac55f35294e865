package api

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"net/http"
	"strings"
	"time"

	"pizzasaga/internal/order"
)

const (
	keyHeader      = "Idempotency-Key"
	replayedHeader = "Idempotent-Replayed"
	keyLife        = 24 * time.Hour
	maxKey         = 128 // characters
)

// newRecord returns the record for the request's idempotency key, or nil if it has none.
// If customers are known, each has their own keys. The fingerprint is taken from the
// parsed body: the sequence of its fields and explicit defaults do not change it.
func newRecord(h http.Header, w wish, now time.Time) (*order.Record, error) {
	keys := h.Values(keyHeader)
	if len(keys) == 0 {
		return nil, nil
	}
	key, ok := unquote(keys[0])
	unprintable := func(r rune) bool { return r < ' ' || r > '~' }
	if !ok || len(keys) > 1 || key == "" || len(key) > maxKey || strings.ContainsFunc(key, unprintable) {
		return nil, refuse(malformed, "%s must be one value of 1 to %d printable ASCII characters, with or without double quotes.", keyHeader, maxKey)
	}
	return &order.Record{
		Key:         hash(fmt.Sprintf("%q %q", h.Get(subjectHeader), key)),
		Fingerprint: hash(fmt.Sprintf("%q %d %d", w.Flavour, w.PerStepDelaySeconds, w.ErrorOnStep)),
		Expires:     now.Add(keyLife),
	}, nil
}

// unquote returns the text of a key that is a quoted string (RFC 9651, section 3.3.3), as
// the IETF's draft of the header requires, and any other key unchanged. It returns false
// if the string is malformed.
func unquote(key string) (text string, ok bool) {
	inner, quoted := strings.CutPrefix(key, `"`)
	if !quoted {
		return key, true
	}
	var b strings.Builder
	for i := 0; i < len(inner); i++ {
		switch c := inner[i]; {
		case c == '"':
			return b.String(), i == len(inner)-1
		case c == '\\':
			if i++; i == len(inner) || inner[i] != '"' && inner[i] != '\\' {
				return "", false
			}
			b.WriteByte(inner[i])
		default:
			b.WriteByte(c)
		}
	}
	return "", false
}

func hash(s string) string {
	sum := sha256.Sum256([]byte(s))
	return hex.EncodeToString(sum[:])
}
