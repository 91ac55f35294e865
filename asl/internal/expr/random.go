package expr

import (
	"crypto/rand"
	"encoding/binary"
	mathrand "math/rand/v2"
)

// Secret makes random values that cannot be guessed. Many goroutines may use it at once.
var Secret = mathrand.New(secretSource{})

type secretSource struct{}

// Uint64 implements mathrand.Source.
func (secretSource) Uint64() uint64 {
	var bytes [8]byte
	_, _ = rand.Read(bytes[:]) // never fails
	return binary.NativeEndian.Uint64(bytes[:])
}
