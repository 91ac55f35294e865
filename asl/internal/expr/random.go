package expr

import (
	"crypto/rand"
	"encoding/binary"
	mathrand "math/rand/v2"
)

// Secret returns random values that cannot be guessed. It is safe for concurrent use.
var Secret = mathrand.New(secretSource{})

type secretSource struct{}

// Uint64 implements mathrand.Source.
func (secretSource) Uint64() uint64 {
	var bytes [8]byte
	_, _ = rand.Read(bytes[:]) // never fails
	return binary.NativeEndian.Uint64(bytes[:])
}
