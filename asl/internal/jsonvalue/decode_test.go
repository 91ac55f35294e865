package jsonvalue

import (
	"bytes"
	"encoding/json"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

const answer = `{"orderId":"7f3b0c52","status":"PAYMENT_COMPLETE","payment":"COMPLETE","loyalty":"NONE","attempt":1}`

func TestNumbersKeepTheirForm(t *testing.T) {
	for text, want := range map[string]string{
		"0": "0", "-0": "0", "12": "12", "-7": "-7", "9223372036854775807": "9223372036854775807",
		"92233720368547758070": "92233720368547758070", // beyond 64 bits: as it came
		"0.0":                  "0.0", "-0.0": "-0.0", "1.0": "1.0", "1.10": "1.1", "3.3": "3.3", "0.001": "0.001",
		"9999999.5": "9999999.5", "1e3": "1000.0", "1E7": "1.0E7", "12345678.5": "1.23456785E7", "0.0001": "1.0E-4",
		"1e400": "1e400",
	} {
		t.Run(text, func(t *testing.T) { require.Equal(t, want, string(Encode(value(t, text)))) })
	}
}

func TestEncodingIsCompactAndKeepsTheOrder(t *testing.T) {
	require.Equal(t, `{"b":{"<":"é & \"\\\n\u001F\u2028"},"a":[1,null,true]}`,
		strings.ReplaceAll(string(Encode(value(t, ` { "b" : {"<": "é & \"\\\n\u001f\u2028"} , "a" : [1, null, true] } `))),
			"\u2028", `\u2028`))
}

func TestWhatTheStandardRefusesIsRefused(t *testing.T) {
	for _, text := range []string{
		"", " ", "{", "[1", `{"a"}`, `{"a":}`, `{"a":1,}`, `{a:1}`, `{'a':1}`, "[1,]", "[,1]", "01", "1.", ".5", "+1",
		"1e", "-", "tru", "nul", "NaN", `"a`, `"\x"`, `"\u12"`, "\"\n\"", "1 2", "{} {}", "// x\n1", "[1]]", "\xef\xbb\xbf1",
	} {
		t.Run(text, func(t *testing.T) {
			require.False(t, json.Valid([]byte(text)))
			_, err := Decode([]byte(text))
			var syntax *SyntaxError
			require.ErrorAs(t, err, &syntax)
			require.LessOrEqual(t, syntax.Offset, len(text))
		})
	}
}

func TestDecodingIsLenientWhereAWSIs(t *testing.T) {
	require.Equal(t, "😀\uFFFDx\uFFFD", value(t, `"\ud83d\ude00\ud83dx`+"\xff"+`"`))
	require.Equal(t, "\uFFFD\uFFFD", value(t, "\"\x93\x80\""), "one for each byte")
	require.Equal(t, `{"b":2,"a":3}`, string(Encode(value(t, `{"b":1,"a":3,"b":2}`))), "the last of a name that comes twice")
}

func TestNestingIsBounded(t *testing.T) {
	deep := strings.Repeat("[", maxDepth) + strings.Repeat("]", maxDepth)
	value(t, deep)
	_, err := Decode([]byte("[" + deep + "]"))
	require.ErrorContains(t, err, "nested more than 1000 deep")
}

func TestNodesKnowWhereTheyStand(t *testing.T) {
	const text = ` {"a": [1, {"b.c": "x"}], "a": null}`
	root, err := Parse([]byte(text))
	require.NoError(t, err)
	require.Equal(t, value(t, text), root.Value)
	require.Len(t, root.Members, 2, "repeated names included")
	require.Equal(t, `"a": null`, text[root.Members[1].Begin:root.Members[1].End])

	list := root.Member("a")
	require.True(t, list.IsArray())
	require.Equal(t, `[1, {"b.c": "x"}]`, text[list.Begin:list.End])
	inner := list.Items[1]
	require.True(t, inner.IsObject())
	require.Equal(t, `"x"`, text[inner.Member("b.c").Begin:inner.Member("b.c").End])
	require.Nil(t, inner.Member("none"))
}

func TestPlacesAreWrittenAsPaths(t *testing.T) {
	require.Equal(t, Place(`States["My State"].Catch[0].a["b.$"]`), Place("").Field("States").Field("My State").Field("Catch").Item(0).Field("a").Field("b.$"))
}

func TestScanTakesOneLiteral(t *testing.T) {
	for text, want := range map[string]any{"1.5, x": 1.5, "-3)": int64(-3), "true)": true, "false": false, "null ": nil} {
		t.Run(text, func(t *testing.T) {
			v, n, err := Scan(text)
			require.NoError(t, err)
			require.Equal(t, want, v)
			require.Contains(t, []string{", x", ")", " ", ""}, text[n:])
		})
	}
	_, _, err := Scan("-x")
	require.Error(t, err)
}

// FuzzValue holds Decode against encoding/json, and Encode, Size and Parse
// against Decode.
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

func BenchmarkDecode(b *testing.B) {
	for b.Loop() {
		if _, err := Decode([]byte(answer)); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkEncode(b *testing.B) {
	v := value(b, answer)
	for b.Loop() {
		Encode(v)
	}
}
