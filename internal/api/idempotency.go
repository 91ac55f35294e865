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
	keyHeader = "Idempotency-Key"
	keyLife   = 24 * time.Hour
	maxKey    = 128 // characters
)

// newRecord returns the record for the request's idempotency key, or nil if it
// has none. Where customers are known, each has their own keys. The fingerprint
// is taken from what the body means, not from its bytes: with its fields in
// another order or its defaults written out it is still the same order.
func newRecord(h http.Header, w wish, now time.Time) (*order.Record, error) {
	keys := h.Values(keyHeader)
	if len(keys) == 0 {
		return nil, nil
	}
	unprintable := func(r rune) bool { return r < ' ' || r > '~' }
	if key := keys[0]; len(keys) > 1 || key == "" || len(key) > maxKey || strings.ContainsFunc(key, unprintable) {
		return nil, refuse(malformed, "%s must be one value of 1 to %d printable ASCII characters.", keyHeader, maxKey)
	}
	return &order.Record{
		Key:         hash(fmt.Sprintf("%q %q", h.Get(subjectHeader), keys[0])),
		Fingerprint: hash(fmt.Sprintf("%q %d %d", w.Flavour, w.PerStepDelaySeconds, w.ErrorOnStep)),
		Expires:     now.Add(keyLife),
	}, nil
}

func hash(s string) string {
	sum := sha256.Sum256([]byte(s))
	return hex.EncodeToString(sum[:])
}
