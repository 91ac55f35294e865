package expr

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"pizzasaga/asl/internal/jsonvalue"
)

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
		"$.flags[?(@.on)]":                `[{"on":false}]`, // it is there
		"$.flags[?(@.on == false)]":       `[{"on":false}]`,
		"$.ns:name":                       "1",
		"$.a[?(@.y =~ /^K.*/)]":           "[]",
		"$.a[?(@.x == [1])]":              "[]", // arrays are not compared
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
			require.NoError(t, err)
			require.Equal(t, want, string(jsonvalue.Encode(v)))
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
			require.Equal(t, &Error{"States.Runtime", "Invalid path '" + text + "' : " + why}, err)
			_, found := p.lookup(s)
			require.False(t, found)
		})
	}
}

func TestLookupTellsNullFromNothing(t *testing.T) {
	s := testScope(t)
	for text, want := range map[string]bool{
		"$":       true,
		"$.b.n":   true,
		"$.b.no":  false,
		"$.a[4]":  true,
		"$.a[5]":  false,
		"$n":      true,
		"$other":  false,
		"$.no[*]": true, // an empty array
	} {
		t.Run(text, func(t *testing.T) {
			p, err := CompilePath(text)
			require.NoError(t, err)
			_, found := p.lookup(s)
			require.Equal(t, want, found)
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

func BenchmarkPath(b *testing.B) {
	s := testScope(b)
	p, _ := CompilePath("$.b.b.x")
	for b.Loop() {
		if _, err := p.Get(s); err != nil {
			b.Fatal(err)
		}
	}
}
