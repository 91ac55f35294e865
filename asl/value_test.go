package asl

import (
	"bytes"
	"encoding/json"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

func value(t testing.TB, text string) any {
	t.Helper()
	v, err := decode([]byte(text))
	require.NoError(t, err, text)
	return v
}

func TestNumbersKeepTheirForm(t *testing.T) {
	for text, want := range map[string]string{
		"0": "0", "-0": "0", "12": "12", "-7": "-7", "9223372036854775807": "9223372036854775807",
		"92233720368547758070": "92233720368547758070", // beyond 64 bits: as it came
		"0.0":                  "0.0", "-0.0": "-0.0", "1.0": "1.0", "1.10": "1.1", "3.3": "3.3", "0.001": "0.001",
		"9999999.5": "9999999.5", "1e3": "1000.0", "1E7": "1.0E7", "12345678.5": "1.23456785E7", "0.0001": "1.0E-4",
		"1e400": "1e400",
	} {
		require.Equal(t, want, string(encode(value(t, text))), text)
	}
}

func TestEncodingIsCompactAndKeepsTheOrder(t *testing.T) {
	require.Equal(t, `{"b":{"<":"é & \"\\\n\u001F\u2028"},"a":[1,null,true]}`,
		strings.ReplaceAll(string(encode(value(t, ` { "b" : {"<": "é & \"\\\n\u001f\u2028"} , "a" : [1, null, true] } `))),
			"\u2028", `\u2028`))
}

func TestDecodingFollowsTheStandard(t *testing.T) {
	for _, text := range []string{
		"", " ", "{", "[1", `{"a"}`, `{"a":}`, `{"a":1,}`, `{a:1}`, `{'a':1}`, "[1,]", "[,1]", "01", "1.", ".5", "+1",
		"1e", "-", "tru", "nul", "NaN", `"a`, `"\x"`, `"\u12"`, "\"\n\"", "1 2", "{} {}", "// x\n1", "[1]]", "\xef\xbb\xbf1",
	} {
		_, err := decode([]byte(text))
		require.Error(t, err, "%q", text)
		require.False(t, json.Valid([]byte(text)), "%q", text)
	}
	require.Equal(t, "😀\uFFFDx\uFFFD", value(t, `"\ud83d\ude00\ud83dx`+"\xff"+`"`))
	require.Equal(t, "\uFFFD\uFFFD", value(t, "\"\x93\x80\""), "one for each byte")
	require.Equal(t, `{"b":2,"a":3}`, string(encode(value(t, `{"b":1,"a":3,"b":2}`))), "the last of a key that comes twice")

	deep := strings.Repeat("[", maxNesting) + strings.Repeat("]", maxNesting)
	value(t, deep)
	_, err := decode([]byte("[" + deep + "]"))
	require.ErrorContains(t, err, "nested more than 1000 deep")
}

func TestEqualityIsByValue(t *testing.T) {
	for _, c := range []struct {
		a, b string
		want bool
	}{
		{"1", "1.0", true}, {"0", "-0.0", true}, {"1", "2", false}, {"1", "true", false}, {"0", "false", false},
		{"null", "null", true}, {"null", "0", false}, {`"1"`, "1", false}, {`"a"`, `"a"`, true},
		{"[1,2]", "[1.0,2]", true}, {"[1,2]", "[2,1]", false}, {"[]", "{}", false},
		{`{"a":1,"b":[]}`, `{"b":[],"a":1}`, true}, {`{"a":1}`, `{"b":1}`, false}, {`{"a":null}`, `{}`, false},
	} {
		require.Equal(t, c.want, equal(value(t, c.a), value(t, c.b)), "%s = %s", c.a, c.b)
		require.Equal(t, c.want, equal(value(t, c.b), value(t, c.a)), "%s = %s", c.b, c.a)
	}
}

// FuzzValue holds decode against encoding/json, and encode and size against
// decode.
func FuzzValue(f *testing.F) {
	for _, seed := range []string{`{"a":[1,2.5,"x\u00e9\n"],"b":null}`, `"\ud800"`, "1e400", `[[],{}]`, "-0.0"} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		v, err := decode(data)
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
		text := encode(v)
		require.Len(t, text, size(v))
		again, err := decode(text)
		require.NoError(t, err)
		require.True(t, equal(v, again), "%s", text)
		plain, err := json.Marshal(reference)
		require.NoError(t, err)
		require.True(t, equal(v, value(t, string(plain))), "%s against %s", text, plain)
	})
}

func BenchmarkDecode(b *testing.B) {
	data := []byte(`{"orderId":"7f3b0c52","status":"PAYMENT_COMPLETE","payment":"COMPLETE","loyalty":"NONE","attempt":1}`)
	for b.Loop() {
		if _, err := decode(data); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkEncode(b *testing.B) {
	v := value(b, `{"orderId":"7f3b0c52","status":"PAYMENT_COMPLETE","payment":"COMPLETE","loyalty":"NONE","attempt":1}`)
	for b.Loop() {
		encode(v)
	}
}
