package asl

import (
	"crypto/rand"
	"encoding/base64"
	"strings"
)

// newToken returns a task token. It cannot be guessed, and it contains the name of
// its execution.
func newToken(execution string) string {
	return base64.RawURLEncoding.EncodeToString([]byte(rand.Text() + "/" + execution))
}

// executionOf returns the name of the execution of a token.
func executionOf(token string) (name string, ok bool) {
	text, err := base64.RawURLEncoding.DecodeString(token)
	_, name, ok = strings.Cut(string(text), "/")
	return name, ok && err == nil
}
