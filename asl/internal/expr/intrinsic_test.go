package expr

import (
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"pizzasaga/asl/internal/jsonvalue"
)

func TestIntrinsicFunctions(t *testing.T) {
	input := value(t, `{
		"s": "text", "n": 3, "f": 2.5, "nil": null, "yes": true, "list": [1, 2, 3, 4, 5], "none": [],
		"o": {"b": 1.0, "a": {"x": [null, "y"]}}, "p": {"a": {"y": 2}, "c": 3}, "tpl": "n={} \\{\\}", "json": " {\"k\": [1, 2.0]} ",
		"mixed": [null, "", 0, [0, 1]], "braces": "a{}b"
	}`)
	s := &Scope{Input: input, Context: func() Context { return Context{ExecutionName: "e1"} }, Variables: (*Variables)(nil).Assign(jsonvalue.ObjectOf(jsonvalue.Prop("v", int64(4))))}
	for text, want := range map[string]string{
		"States.Array()": "[]",
		"States.Array(1, 2.50, 'x', true, false, null, $.s, $v)": `[1,2.5,"x",true,false,null,"text",4]`,
		"States.Array( $.list[0] ,States.Array($.none))":         "[1,[[]]]",

		"States.ArrayContains($.list, 3)":           "true",
		"States.ArrayContains($.list, 3.0)":         "false",
		"States.ArrayContains($.none, null)":        "false",
		"States.ArrayContains($.mixed, null)":       "true",
		"States.ArrayContains($.mixed, $.mixed[3])": "true",

		"States.ArrayGetItem($.list, 0)":   "1",
		"States.ArrayGetItem($.list, 1.9)": "2",
		"States.ArrayGetItem($.none, 999)": "null",

		"States.ArrayLength($.list)":           "5",
		"States.ArrayLength($.none[*])":        "0",
		"States.ArrayLength($.list[?(@ > 2)])": "3",

		"States.ArrayPartition($.list, 2)":          "[[1,2],[3,4],[5]]",
		"States.ArrayPartition($.list, 2.9)":        "[[1,2],[3,4],[5]]",
		"States.ArrayPartition($.list, 2147483647)": "[[1,2,3,4,5]]",
		"States.ArrayPartition($.none, 3)":          "[]",

		"States.ArrayRange(1, 9, 2)":                        "[1,3,5,7,9]",
		"States.ArrayRange(0, 9, 3)":                        "[0,3,6,9]",
		"States.ArrayRange(5, 1, -2)":                       "[5,3,1]",
		"States.ArrayRange(5.4, -0.6, -2.4)":                "[5,3,1]",
		"States.ArrayRange(1.6, 1.4, 1)":                    "[1]",
		"States.ArrayRange(3, 3, -1)":                       "[3]",
		"States.ArrayRange(1, 5, -1)":                       "[]",
		"States.ArrayRange(5, 1, 1)":                        "[]",
		"States.ArrayLength(States.ArrayRange(1, 1000, 1))": "1000",

		"States.Base64Encode('Data to encode')":       `"RGF0YSB0byBlbmNvZGU="`,
		"States.Base64Encode('>>>???')":               `"Pj4+Pz8/"`,
		"States.Base64Encode('')":                     `""`,
		"States.Base64Decode('RGF0YSB0byBlbmNvZGU=')": `"Data to encode"`,
		"States.Base64Decode('4pyT')":                 `"✓"`,
		"States.Base64Decode(' YWJj ZA== ')":          `"abcd"`,
		"States.Base64Decode('YWJjZA')":               `"abcd"`,
		"States.Base64Decode('Pj4-')":                 `">>>"`,
		"States.Base64Decode('YW==cd')":               `"a"`,
		"States.Base64Decode('!!')":                   `""`,

		"States.Hash('hello', 'MD5')":   `"5d41402abc4b2a76b9719d911017c592"`,
		"States.Hash('hello', 'SHA-1')": `"aaf4c61ddcc5e8a2dabede0f3b482cd9aea9434d"`,
		"States.Hash('✓', 'SHA-256')":   `"1dabba21cdad44541f6b15796f8d22978fc7ea10c46aeceeeeb66c23b3ac7604"`,
		"States.Hash(123, 'MD5')":       `"202cb962ac59075b964b07152d234b70"`,

		"States.JsonMerge($.o, $.p, false)":             `{"b":1.0,"a":{"y":2},"c":3}`,
		"States.JsonMerge($.o, $.p, 'no')":              `{"b":1.0,"a":{"y":2},"c":3}`,
		"States.JsonToString($.o)":                      `"{\"b\":1.0,\"a\":{\"x\":[null,\"y\"]}}"`,
		"States.JsonToString($.s)":                      `"\"text\""`,
		"States.StringToJson($.json)":                   `{"k":[1,2.0]}`,
		"States.StringToJson('')":                       "null",
		"States.StringToJson(' ')":                      "null",
		"States.StringToJson('-0')":                     "0",
		`States.StringToJson('"x"')`:                    `"x"`,
		"States.StringToJson(States.JsonToString($.o))": `{"b":1.0,"a":{"x":[null,"y"]}}`,

		"States.MathAdd(5, -7)":           "-2",
		"States.MathAdd(1.5, 0)":          "2",
		"States.MathAdd(-1.5, 0)":         "-1",
		"States.MathAdd(-1.51, 0)":        "-2",
		"States.MathAdd(-2.5, 0)":         "-2",
		"States.MathAdd(-0.5, 0.5)":       "1",
		"States.MathAdd(2147483646, 1)":   "2147483647",
		"States.MathAdd(-2147483647, -1)": "-2147483648",
		"States.MathRandom(7, 8)":         "7",
		"States.MathRandom(7.9, 8.9, -3)": "7",

		"States.StringSplit('This.is+a,test=string', '.+,=')": `["This","is","a","test","string"]`,
		"States.StringSplit(' , ', ',')":                      `[" "," "]`,
		"States.StringSplit(', , ,', ',')":                    `[" "," "]`,
		"States.StringSplit(',,,,', ',')":                     "[]",
		"States.StringSplit('', ',')":                         "[]",
		"States.StringSplit('abc', '')":                       `["abc"]`,
		"States.StringSplit('a😀b', '😁')":                      `["a😀b"]`,
		`States.StringSplit('Hello\'World', '\'')`:            `["Hello","World"]`,

		"States.Format('no placeholders')":                     `"no placeholders"`,
		"States.Format('{}{}', $.n, $.s)":                      `"3text"`,
		"States.Format('{} {} {} {}', $.nil, $.yes, $.f, 1.0)": `"null true 2.5 1.0"`,
		"States.Format('{}', $.o)":                             `"{b=1.0, a={x=[null, y]}}"`,
		"States.Format('{}', $.braces)":                        `"a{}b"`, // the argument is not a template
		"States.Format($.tpl, 1)":                              `"n=1 {}"`,
		`States.Format('\{\} {} \\ \'{}\'', 1, 2)`:             `"{} 1 \\ '2'"`,
		`States.Format('Name: "{}"', $$.Execution.Name)`:       `"Name: \"e1\""`,
		"States.Format($.n)":                                   `"3"`,
		`States.Array('it\'s \{ \} \\')`:                       `["it's { } \\"]`,
	} {
		t.Run(text, func(t *testing.T) {
			c, err := compileExpression(text)
			require.NoError(t, err)
			v, err := c.Field(s, "")
			require.NoError(t, err)
			require.Equal(t, want, string(jsonvalue.Encode(v)))
		})
	}
}

func TestRandomIntrinsics(t *testing.T) {
	eval := func(text string) any {
		c, err := compileExpression(text)
		require.NoError(t, err)
		v, err := c.Field(&Scope{}, "")
		require.NoError(t, err)
		return v
	}
	require.Regexp(t, regexp.MustCompile(`^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$`), eval("States.UUID()"))
	require.NotEqual(t, eval("States.UUID()"), eval("States.UUID()"))
	seen := map[any]bool{}
	for range 200 {
		seen[eval("States.MathRandom(-1, 2)")] = true
	}
	require.Equal(t, map[any]bool{int64(-1): true, int64(0): true, int64(1): true}, seen, "the end is not included")
	require.Equal(t, eval("States.MathRandom(1, 1000000, 42)"), eval("States.MathRandom(1, 1000000, 42)"))
}

func TestIntrinsicsRefuseArgumentsWithAWSsMessage(t *testing.T) {
	s := &Scope{Input: value(t, `{"s":"a","list":[1,2],"obj":{},"nil":null,"long":"`+strings.Repeat("a", 10_001)+`"}`)}
	for _, text := range []string{
		"States.ArrayContains('x', 1)",
		"States.ArrayGetItem($.list, 2)",
		"States.ArrayGetItem($.list, -1)",
		"States.ArrayGetItem($.list, '1')",
		"States.ArrayGetItem($.list, 18446744073709551616)",
		"States.ArrayLength($.obj)",
		"States.ArrayPartition($.list, 0.9)",
		"States.ArrayPartition($.list, -1)",
		"States.ArrayPartition($.s, 1)",
		"States.ArrayRange(1, 10, 0.49)",
		"States.ArrayRange(1, 1001, 1)",
		"States.ArrayRange(1001, 1, -1)",
		"States.ArrayRange(0, 1e15, 1)",
		"States.ArrayRange('a', 5, 1)",
		"States.ArrayUnique($.s)",
		"States.Base64Decode(1)",
		"States.Base64Decode($.long)",
		"States.Base64Encode($.long)",
		"States.Hash($.long, 'MD5')",
		"States.Hash('a', 'sha-256')",
		"States.Hash('a', 1)",
		"States.JsonMerge($.obj, $.obj, true)",
		"States.JsonMerge($.obj, $.nil, false)",
		"States.MathAdd('1', 1)",
		"States.MathAdd(true, 1)",
		"States.MathAdd(2147483647, 1)",
		"States.MathAdd(3000000000, -1000000000)",
		"States.MathRandom(1, 1)",
		"States.MathRandom(1.4, 1.6)",
		"States.MathRandom(1, 10, null)",
		"States.StringSplit($.list, ',')",
		"States.StringToJson('{bad}')",
		"States.StringToJson('{} {}')",
		"States.StringToJson(1)",
	} {
		t.Run(text, func(t *testing.T) {
			name, _, _ := strings.Cut(text, "(")
			failsCall(t, s, text, "Invalid arguments in "+name)
		})
	}
	t.Run("a template in the input with too few {}", func(t *testing.T) {
		failsCall(t, s, "States.Format($.s, 1)",
			"Invalid arguments in States.Format: number of arguments do not match the occurrences of {}.")
	})
}

func TestTheCauseNamesAnArgumentThatFindsNothing(t *testing.T) {
	const input = `{"other":1,"list":[1,2]}`
	s := &Scope{Input: value(t, input), Context: func() Context { return Context{} }}
	for text, path := range map[string]string{
		"States.Format('{}', $.nope)":                      "$.nope",
		"States.Format('{} {}', $.other,$.a.b)":            "$.a.b",
		"States.Format($.nope, 1)":                         "$.nope",
		"States.Format('{}', States.Format('{}', $.nope))": "$.nope",
		"States.Format('{}', $.list[5])":                   "$.list[5]",
		"States.Format('{}', $$.Nope.Deep)":                "$.Nope.Deep",
	} {
		t.Run(text, func(t *testing.T) {
			failsCall(t, s, text, "The JsonPath argument for the field '"+path+"' could not be found in the input '"+input+"'")
		})
	}
	t.Run("an index of a number", func(t *testing.T) {
		failsCall(t, s, "States.Format('{}', $.other[0])", "Filter: [0] can only be applied to arrays. Current context is: 1")
	})
}

// failsCall evaluates a call that must fail with this error.
func failsCall(t *testing.T, s *Scope, text, why string) {
	t.Helper()
	c, err := compileExpression(text)
	require.NoError(t, err)
	_, err = c.Field(s, "")
	require.Equal(t, &Error{"States.Runtime", "The function '" + text + "' had the following error: " + why}, err)
}
