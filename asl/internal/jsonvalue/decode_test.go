package jsonvalue

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

func TestInvalidJSONIsRefused(t *testing.T) {
	for name, text := range map[string]string{
		"nothing":                          "",
		"a space only":                     " ",
		"an unclosed object":               "{",
		"an unclosed array":                "[1",
		"a name without a value":           `{"a"}`,
		"a colon without a value":          `{"a":}`,
		"a comma after the last member":    `{"a":1,}`,
		"a name without quotes":            `{a:1}`,
		"a name in single quotes":          `{'a':1}`,
		"a comma after the last item":      "[1,]",
		"a comma before the first item":    "[,1]",
		"a leading zero":                   "01",
		"a point without digits after it":  "1.",
		"a point without digits before it": ".5",
		"a plus sign":                      "+1",
		"an exponent without digits":       "1e",
		"a minus sign only":                "-",
		"an incomplete true":               "tru",
		"an incomplete null":               "nul",
		"NaN":                              "NaN",
		"an unclosed string":               `"a`,
		"an unknown escape":                `"\x"`,
		"a Unicode escape of two digits":   `"\u12"`,
		"a line feed in a string":          "\"\n\"",
		"two numbers":                      "1 2",
		"two objects":                      "{} {}",
		"a comment":                        "// x\n1",
		"a bracket after the end":          "[1]]",
		"a byte order mark":                "\xef\xbb\xbf1",
	} {
		t.Run(name, func(t *testing.T) {
			require.False(t, json.Valid([]byte(text)))
			_, err := Decode(text)
			var syntax *SyntaxError
			require.ErrorAs(t, err, &syntax)
			require.LessOrEqual(t, syntax.Offset, len(text))
		})
	}
}

func TestDecodingIsLenientWhereAWSIs(t *testing.T) {
	require.Equal(t, "😀\uFFFDx\uFFFD", value(t, `"\ud83d\ude00\ud83dx`+"\xff"+`"`))
	require.Equal(t, "\uFFFD\uFFFD", value(t, "\"\x93\x80\""), "one for each byte")
	require.Equal(t, `{"b":2,"a":3}`, string(Encode(value(t, `{"b":1,"a":3,"b":2}`))), "the last value of a duplicate name")
}

func TestNestingIsLimited(t *testing.T) {
	deep := strings.Repeat("[", maxDepth) + strings.Repeat("]", maxDepth)
	value(t, deep)
	_, err := Decode("[" + deep + "]")
	require.ErrorContains(t, err, "nested more than 1000 deep")
}

func TestScanReadsOneLiteral(t *testing.T) {
	for text, want := range map[string]struct {
		value any
		rest  string
	}{
		"1.5, x": {1.5, ", x"},
		"-3)":    {int64(-3), ")"},
		"true)":  {true, ")"},
		"false":  {false, ""},
		"null ":  {nil, " "},
	} {
		t.Run(text, func(t *testing.T) {
			v, n, err := Scan(text)
			require.NoError(t, err)
			require.Equal(t, want.value, v)
			require.Equal(t, want.rest, text[n:])
		})
	}
	_, _, err := Scan("-x")
	require.Error(t, err)
}

func BenchmarkDecode(b *testing.B) {
	for b.Loop() {
		if _, err := Decode(answer); err != nil {
			b.Fatal(err)
		}
	}
}
