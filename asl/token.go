package asl

import (
	"encoding/base64"
	"fmt"
	"strings"
)

// newToken returns a task token that cannot be guessed. It contains the name of its
// execution.
func (e *Engine) newToken(execution string) string {
	return base64.RawURLEncoding.EncodeToString(fmt.Appendf(nil, "%016x%016x/%s", e.random.Uint64(), e.random.Uint64(), execution))
}

// executionOf returns the name of a token's execution. ok is false for an invalid token.
func executionOf(token string) (name string, ok bool) {
	text, err := base64.RawURLEncoding.DecodeString(token)
	_, name, ok = strings.Cut(string(text), "/")
	return name, ok && err == nil
}
