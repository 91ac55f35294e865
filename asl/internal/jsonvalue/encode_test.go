package jsonvalue

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

func TestNumbersKeepTheirForm(t *testing.T) {
	for text, want := range map[string]string{
		"0":                    "0",
		"-0":                   "0",
		"12":                   "12",
		"-7":                   "-7",
		"9223372036854775807":  "9223372036854775807",
		"92233720368547758070": "92233720368547758070", // unchanged beyond 64 bits
		"0.0":                  "0.0",
		"-0.0":                 "-0.0",
		"1.0":                  "1.0",
		"1.10":                 "1.1",
		"3.3":                  "3.3",
		"0.001":                "0.001",
		"9999999.5":            "9999999.5",
		"1e3":                  "1000.0",
		"1E7":                  "1.0E7",
		"12345678.5":           "1.23456785E7",
		"0.0001":               "1.0E-4",
		"1e400":                "1e400",
	} {
		t.Run(text, func(t *testing.T) {
			require.Equal(t, want, string(Encode(value(t, text))))
		})
	}
}

func TestEncodingIsCompactAndKeepsTheOrder(t *testing.T) {
	require.Equal(t, `{"b":{"<":"é & \"\\\n\u001F\u2028"},"a":[1,null,true]}`,
		strings.ReplaceAll(string(Encode(value(t, ` { "b" : {"<": "é & \"\\\n\u001f\u2028"} , "a" : [1, null, true] } `))),
			"\u2028", `\u2028`))
}

func BenchmarkEncode(b *testing.B) {
	v := value(b, answer)
	for b.Loop() {
		Encode(v)
	}
}
