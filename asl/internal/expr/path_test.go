package expr

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"pizzasaga/asl/internal/jsonvalue"
)

func value(t testing.TB, text string) any {
	t.Helper()
	v, err := jsonvalue.Decode([]byte(text))
	require.NoError(t, err, text)
	return v
}

// node is the value of a definition's field.
func node(t testing.TB, text string) *jsonvalue.Node {
	t.Helper()
	n, err := jsonvalue.Parse([]byte(text))
	require.NoError(t, err, text)
	return n
}

// faultsAt are the messages of faults by their place.
func faultsAt(faults []Fault) map[string]string {
	messages := map[string]string{}
	for _, f := range faults {
		messages[string(f.Place)] = f.Message
	}
	return messages
}

// testScope has an input, a context object and two variables.
func testScope(t testing.TB) *Scope {
	input := value(t, `{
		"a": [{"x": 1, "y": "k"}, {"x": 2.0}, {"x": null}, 3, {"z": 1}],
		"b": {"x": 2, "n": null, "b": {"x": 1}},
		"delivery-partner": [1, 2, 3], "s": "str", "want": 2, "é": true, "a.b": "dotted", "it's": "quoted", "empty": [],
		"pattern": ["k", "kk", "ok"], "flags": [{"on": false}, {}], "ns:name": 1
	}`)
	context := value(t, `{"Execution": {"Name": "e1", "Input": {"kept": 1}}}`)
	outer := (*Variables)(nil).Assign(jsonvalue.NewObject(jsonvalue.Prop("order", value(t, `{"id": 7}`)), jsonvalue.Prop("n", int64(1))))
	return &Scope{
		Input:     input,
		Context:   func() any { return context },
		Variables: outer.Inner().Assign(jsonvalue.NewObject(jsonvalue.Prop("n", int64(2)))),
	}
}

func TestPathsFind(t *testing.T) {
	s := testScope(t)
	for text, want := range map[string]string{
		"$.want":                 "2",
		"$.a[0].x":               "1",
		"$.a[-1]":                `{"z":1}`,
		"$['a'][0]['y']":         `"k"`,
		`$["s"]`:                 `"str"`,
		"$.['s']":                `"str"`,
		"$['a.b']":               `"dotted"`,
		`$['it\'s']`:             `"quoted"`,
		"$.é":                    "true",
		"$.b.n":                  "null",
		"$.delivery-partner[ 1]": "2",
		"$$.Execution.Name":      `"e1"`,
		"$$['Execution'].Input":  `{"kept":1}`,
		"$n":                     "2", // the inner frame's
		"$order":                 `{"id":7}`,
		"$order.id":              "7",

		"$.a[5]":                          "null", // past the end, as on AWS
		"$.a[-9]":                         "null",
		"$.a[99999999999999999999]":       "null",
		"$.a.length()":                    "5",
		"$.empty.length()":                "0",
		"$['s','want','nothing']":         `{"s":"str","want":2}`,
		"$.a[*]['x','y']":                 `[{"x":1,"y":"k"},{"x":2.0},{"x":null},{}]`,
		"$['b','a'].x":                    "[2]",
		"$.a[*].x":                        "[1,2.0,null]",
		"$.b[*]":                          `[2,null,{"x":1}]`,
		"$.b.*":                           `[2,null,{"x":1}]`,
		"$.s[*]":                          "[]",
		"$.nothing[*].x":                  "[]",
		"$.nothing.at.all[0:1]":           "[]",
		"$.delivery-partner[1:]":          "[2,3]",
		"$.delivery-partner[:-1]":         "[1,2]",
		"$.delivery-partner[-2:]":         "[2,3]",
		"$.delivery-partner[1:9]":         "[2,3]",
		"$.delivery-partner[2:1]":         "[]",
		"$.delivery-partner[2,0]":         "[3,1]",
		"$.delivery-partner[*].length()":  "3",
		"$..x":                            "[1,2.0,null,2,1]",
		"$.b..x":                          "[2,1]",
		"$.b..*":                          `[2,null,{"x":1},1]`,
		"$..[0].y":                        `["k"]`,
		"$.a[?(@.x)]":                     `[{"x":1,"y":"k"},{"x":2.0},{"x":null}]`,
		"$.a[?(@.x == 2)]":                `[{"x":2.0}]`,
		"$.a[?(@.x == $.want)].x":         "[2.0]",
		"$.a[?(@['y'] == 'k')].x":         "[1]",
		`$.a[?(@.y == "k" && @.x < 2)].x`: "[1]",
		"$.a[?(@.y =~ /K|x/i)].x":         "[1]",
		"$.pattern[?(@ =~ /k/)]":          `["k"]`,
		"$.pattern[?(@ =~ /k.*/)]":        `["k","kk"]`,
		"$.flags[?(@.on)]":                `[{"on":false}]`, // that it is there counts
		"$.flags[?(@.on == false)]":       `[{"on":false}]`,
		"$.ns:name":                       "1",
		"$.a[?(@.y =~ /^K.*/)]":           "[]",
		"$.a[?(@.x == [1])]":              "[]", // lists do not compare
		"$.a[?(@.x == 'a]b')]":            "[]",
		"$..[?(@.x == 1)].x":              "[1,1]",
		"$.delivery-partner[?(@ > 1)]":    "[2,3]",
		"$.b[?(@.x == 2)].n":              "[null]",
		"$.a[?(@.x == 9)][0]":             "[]",
	} {
		t.Run(text, func(t *testing.T) {
			p, err := CompilePath(text)
			require.NoError(t, err)
			v, err := p.Get(s)
			require.NoError(t, err, text)
			require.Equal(t, want, string(jsonvalue.Encode(v)), text)
			require.Equal(t, text, p.String())
		})
	}
}

func TestPathsThatFindNothingSayWhy(t *testing.T) {
	s := testScope(t)
	const notObject = "This is not a json object according to the JsonProvider: " +
		"'com.jayway.jsonpath.spi.json.JacksonJsonNodeJsonProvider'."
	for text, why := range map[string]string{
		"$.no":               "No results for path: $['no']",
		"$.b.no":             "No results for path: $['b']['no']",
		"$.no.such.path":     "Missing property in path $['no']",
		"$.b.no.such":        "Missing property in path $['b']['no']",
		"$$.Task.Token":      "Missing property in path $['Task']",
		"$order.no":          "No results for path: $['no']",
		"$other":             "No variable of this name has been assigned",
		"$.want[0]":          "Filter: [0] can only be applied to arrays. Current context is: 2",
		"$.s.x":              "Expected to find an object with property ['x'] in path $['s'] but found 'com.fasterxml.jackson.databind.node.TextNode'. " + notObject,
		"$.a.x":              "Expected to find an object with property ['x'] in path $['a'] but found 'com.fasterxml.jackson.databind.node.ArrayNode'. " + notObject,
		"$.b.n.x":            "Expected to find an object with property ['x'] in path $['b']['n'] but found 'com.fasterxml.jackson.databind.node.NullNode'. " + notObject,
		"$.a[7].x":           "Expected to find an object with property ['x'] in path $['a'][7] but found 'null'. " + notObject,
		"$.s.length()":       "length() can only be applied to arrays",
		"$.nothing['a','b']": "No results",
	} {
		t.Run(text, func(t *testing.T) {
			p, err := CompilePath(text)
			require.NoError(t, err)
			_, err = p.Get(s)
			require.Equal(t, &Error{"States.Runtime", "Invalid path '" + text + "' : " + why}, err, text)
			_, found := p.lookup(s)
			require.False(t, found, text)
		})
	}
}

func TestLookupTellsNullFromNothing(t *testing.T) {
	s := testScope(t)
	for text, want := range map[string]bool{
		"$": true, "$.b.n": true, "$.b.no": false, "$.a[4]": true, "$.a[5]": false, "$n": true, "$other": false,
		"$.no[*]": true, // a list, if an empty one
	} {
		t.Run(text, func(t *testing.T) {
			p, err := CompilePath(text)
			require.NoError(t, err)
			_, found := p.lookup(s)
			require.Equal(t, want, found, text)
		})
	}
}

func TestMalformedPathsAreRefused(t *testing.T) {
	for text, why := range map[string]string{
		"":                            "it has to start with $",
		"a.b":                         "it has to start with $",
		"$.":                          "a name is missing",
		"$.a.":                        "a name is missing",
		"$..":                         "its .. is followed by nothing",
		"$...a":                       "there is a . too much",
		"$.a[":                        "its [ is not closed",
		"$.a['b]":                     "its [ is not closed",
		"$.a[]":                       "neither an index nor a name",
		"$.a[1.5]":                    "neither an index nor a name",
		"$.a['b',0]":                  "it has names and indexes",
		"$.a[0,0]":                    "[0] comes twice",
		"$.a[::2]":                    "neither an index nor a name",
		"$.a['b'x]":                   "a , or ] is missing",
		"$.a[0]b":                     "a . or [ is missing",
		"$.a b":                       "has to be written as ['…']",
		"$.a,b":                       "has to be written as ['…']",
		"$$a":                         "a . or [ is missing",
		"$a-b":                        `"a-b" is not the name of a variable`,
		"$1a":                         `"1a" is not the name of a variable`,
		"$" + strings.Repeat("a", 81): "at most 80 characters",
		"$.a[?(@.x]":                  "its condition cannot be read",
		"$.a[?(@.x == 'k)]":           "its [ is not closed",
		"$.a[?(@..x == 1)]":           "may only have names and indexes",
		"$.a[?(@[*] == 1)]":           "may only have names and indexes",
		"$.a[?(length(@.x) == 1)]":    "its condition has a call",
		"$.a.min()":                   "has to be written as ['…']",
		"$." + strings.Repeat("a", maxPathLength): "longer than 1000 characters",
	} {
		t.Run(text, func(t *testing.T) {
			_, err := CompilePath(text)
			require.ErrorContains(t, err, why, text)
			require.ErrorContains(t, err, "is not a valid path", text)
		})
	}
}

func TestNoPathLooksAtTooMuch(t *testing.T) {
	deep := value(t, strings.Repeat(`[1,`, 900)+"1"+strings.Repeat("]", 900))
	p, err := CompilePath("$..*..*..*")
	require.NoError(t, err)
	_, err = p.Get(&Scope{Input: deep})
	require.ErrorContains(t, err, "It selects too much")
}

func TestAssigningLeavesOtherFramesAlone(t *testing.T) {
	outer := (*Variables)(nil).Assign(jsonvalue.NewObject(jsonvalue.Prop("a", 1), jsonvalue.Prop("b", 1)))
	branch := outer.Inner().Assign(jsonvalue.NewObject(jsonvalue.Prop("b", 2), jsonvalue.Prop("c", 2)))
	for name, want := range map[string]any{"a": 1, "b": 2, "c": 2} {
		t.Run(name, func(t *testing.T) {
			got, ok := branch.Get(name)
			require.True(t, ok)
			require.Equal(t, want, got, name)
		})
	}
	got, _ := outer.Get("b")
	require.Equal(t, 1, got)
	_, ok := outer.Get("c")
	require.False(t, ok)
	_, ok = (*Variables)(nil).Get("a")
	require.False(t, ok)
}

func TestResultPathPutsTheResultInPlace(t *testing.T) {
	for _, c := range []struct{ path, input, want string }{
		{"$", `{"a":1}`, `"R"`},
		{"$.r", `{"a":1}`, `{"a":1,"r":"R"}`},
		{"$.a", `{"a":1,"b":2}`, `{"a":"R","b":2}`},
		{"$.a.b.c", `{}`, `{"a":{"b":{"c":"R"}}}`},
		{"$.a.b.c", `{"a":{"x":1,"b":{"y":2}}}`, `{"a":{"x":1,"b":{"y":2,"c":"R"}}}`},
		{"$['a b'].c", `{}`, `{"a b":{"c":"R"}}`},
		{"$.a[1]", `{"a":[1,2,3]}`, `{"a":[1,"R",3]}`},
		{"$[1].payload", `[{"a":1},{"id":7}]`, `[{"a":1},{"id":7,"payload":"R"}]`},
	} {
		t.Run(c.path, func(t *testing.T) {
			r, err := CompileReferencePath(c.path)
			require.NoError(t, err)
			input := value(t, c.input)
			got, err := r.Set(input, "R")
			require.NoError(t, err, c.path)
			require.Equal(t, c.want, string(jsonvalue.Encode(got)), c.path)
			require.Equal(t, value(t, c.input), input, "the input stays as it was")
		})
	}
}

func TestResultPathThatDoesNotFitFails(t *testing.T) {
	for _, c := range []struct{ path, input string }{
		{"$.x", `"text"`}, {"$.x", "null"}, {"$.x", "[1]"}, {"$.a.b", `{"a":1}`}, {"$.a.b", `{"a":null}`},
		{"$.a[0]", `{}`}, {"$.a[1]", `{"a":[1]}`}, {"$[10].payload", "[1]"},
	} {
		t.Run(c.path+" in "+c.input, func(t *testing.T) {
			r, err := CompileReferencePath(c.path)
			require.NoError(t, err)
			_, err = r.Set(value(t, c.input), 1)
			require.Equal(t, &Error{"States.ResultPathMatchFailure",
				"Unable to apply ReferencePath " + c.path + " to input " + c.input}, err)
		})
	}
}

func TestOnlyReferencePathsNameAPlace(t *testing.T) {
	for text, why := range map[string]string{
		"$.a[*]": "only have names and indexes", "$..a": "only have names and indexes", "$.a[0:1]": "only have names and indexes",
		"$['a','b']": "only have names and indexes", "$.a.length()": "only have names and indexes",
		"$$.a": "it has to start with $. or $[", "$v.a": "it has to start with $. or $[", "a": "it has to start with $",
		"$.a[-1]": "an index counts from 0",
	} {
		t.Run(text, func(t *testing.T) {
			_, err := CompileReferencePath(text)
			require.ErrorContains(t, err, why, text)
		})
	}
}

func BenchmarkPath(b *testing.B) {
	s := testScope(b)
	p, _ := CompilePath("$.b.b.x")
	for b.Loop() {
		if _, err := p.Get(s); err != nil {
			b.Fatal(err)
		}
	}
}
