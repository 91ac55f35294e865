package jsonvalue

import (
	"bytes"
	"encoding/json"
	"testing"

	"github.com/stretchr/testify/require"
)

// FuzzValue compares Decode with encoding/json, and Encode, Size and Parse with Decode.
func FuzzValue(f *testing.F) {
	for _, seed := range []string{`{"a":[1,2.5,"x\u00e9\n"],"b":null}`, `"\ud800"`, "1e400", `[[],{}]`, "-0.0"} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		v, err := Decode(data)
		var reference any
		reader := json.NewDecoder(bytes.NewReader(data))
		reader.UseNumber()
		if !json.Valid(data) {
			require.Error(t, err)
			return
		}
		if err != nil {
			require.ErrorContains(t, err, "nested")
			return
		}
		require.NoError(t, reader.Decode(&reference))
		text := Encode(v)
		require.Len(t, text, Size(v))
		again, err := Decode(text)
		require.NoError(t, err)
		require.True(t, Equal(v, again), "%s", text)
		plain, err := json.Marshal(reference)
		require.NoError(t, err)
		require.True(t, Equal(v, value(t, string(plain))), "%s against %s", text, plain)
		root, err := Parse(data)
		require.NoError(t, err)
		require.Equal(t, string(text), string(Encode(root.Value)))
	})
}
