package api_test

import (
	"net/http"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

func TestABodyThatIsNotAnOrderIsRefused(t *testing.T) {
	const (
		malformed = "malformed-request"
		field     = "invalid-field"
		shape     = `The body must be one JSON object with names and strings in double quotes, such as {"flavour":"plain"}`
	)
	s := newShop(t)
	for _, test := range []struct{ name, body, kind, detail string }{
		{"cut short", `{"flavour":"fun`, malformed, shape + ", but it ends too early."},
		{"not JSON", `flavour=funghi`, malformed, shape + ", not flavour=funghi."},
		{"single quotes", `{'flavour':'funghi'}`, malformed, shape + ", but it is wrong from byte 2 on: 'flavour':'funghi'}."},
		{"a name without quotes", "{\n  flavour: \"funghi\"\n}\n", malformed, `it is wrong from byte 5 on: flavour: "funghi"\n}.`},
		{"a byte order mark", "\ufeff{}", malformed, shape + `, not \ufeff{}.`},
		{"trailing comma", `{"flavour":"x",}`, malformed, "it is wrong from byte 16 on: }."},
		{"trailing data", `{} {}`, malformed, "it is wrong from byte 4 on: {}."},
		{"not UTF-8", "{\"flavour\":\"\xff\"}", malformed, "not valid UTF-8"},
		{"an array", `[{"flavour":"x"}]`, malformed, shape + `, not [{"flavour":"x"}].`},
		{"a string", ` "funghi"`, malformed, shape + `, not "funghi".`},
		{"null", `null`, malformed, shape + ", not null."},

		{"a typo", `{"flavor":"funghi"}`, field, `There is no field "flavor"; did you mean "flavour"?`},
		{"another case", `{"erroronstep":1}`, field, `There is no field "erroronstep"; did you mean "errorOnStep"?`},
		{"half a name", `{"perStepDelay":1}`, field, `There is no field "perStepDelay"; the fields are "flavour", "perStepDelaySeconds", "errorOnStep".`},
		{"an empty name", `{"":1}`, field, `There is no field ""; the fields are`},
		{"a long name", `{"` + strings.Repeat("x", 99) + `":1}`, field, `"` + strings.Repeat("x", 40) + `…"`},
		{"given twice", `{"flavour":"a","flavour":"a"}`, field, `The field "flavour" is given twice.`},
		{"given twice, escaped", `{"flavour":"a","fl\u0061vour":"a"}`, field, `The field "flavour" is given twice.`},

		{"flavour: number", `{"flavour":3}`, field, `The field "flavour" must be a string of 1 to 64 characters, at least one of them visible, without control or other hidden characters, not 3.`},
		{"flavour: object", `{"flavour":{"a":[1]}}`, field, `not {"a":[1]}.`},
		{"flavour: empty", `{"flavour":""}`, field, `not "".`},
		{"flavour: too long", `{"flavour":"` + strings.Repeat("ü", 65) + `"}`, field, "1 to 64 characters"},
		{"flavour: spaces", `{"flavour":"  "}`, field, "at least one of them visible"},
		{"flavour: control character", `{"flavour":"a\nb"}`, field, `not "a\nb".`},
		{"flavour: half a surrogate pair", `{"flavour":"a\ud83c"}`, field, `"flavour"`},

		{"flavour: zero width space", `{"flavour":"a\u200bb"}`, field, `not "a\u200bb".`},
		{"flavour: right to left", "{\"flavour\":\"a\u202eb\"}", field, `not "a\u202eb".`},
		{"flavour: byte order mark", "{\"flavour\":\"\ufeffa\"}", field, `not "\ufeffa".`},
		{"flavour: line separator", "{\"flavour\":\"a\u2028b\"}", field, `not "a\u2028b".`},
		{"flavour: filler", "{\"flavour\":\"\u3164\"}", field, `not "\u3164".`},
		{"flavour: a mark alone", "{\"flavour\":\" \u0301\"}", field, "at least one of them visible"},
		{"flavour: blank braille", "{\"flavour\":\"\u2800\"}", field, "at least one of them visible"},

		{"delay: string", `{"perStepDelaySeconds":"3"}`, field, `an integer from 0 to 20, not "3".`},
		{"delay: the whole sentence", `{"perStepDelaySeconds":[]}`, field, `The field "perStepDelaySeconds" must be an integer from 0 to 20, not [].`},
		{"delay: fraction", `{"perStepDelaySeconds":1.5}`, field, "an integer from 0 to 20, not 1.5."},
		{"delay: exponent", `{"perStepDelaySeconds":1e1}`, field, "an integer from 0 to 20, not 1e1."},
		{"delay: boolean", `{"perStepDelaySeconds":true}`, field, "an integer from 0 to 20, not true."},
		{"delay: negative", `{"perStepDelaySeconds":-1}`, field, "an integer from 0 to 20, not -1."},
		{"delay: too long", `{"perStepDelaySeconds":21}`, field, "an integer from 0 to 20, not 21."},
		{"delay: beyond int64", `{"perStepDelaySeconds":99999999999999999999}`, field, "not 99999999999999999999."},

		{"error: text", `{"errorOnStep":"x"}`, field, `The field "errorOnStep" must be an integer from 0 to 7, or 100, not "x".`},
		{"error: no such step", `{"errorOnStep":8}`, field, "an integer from 0 to 7, or 100, not 8."},
		{"error: 99", `{"errorOnStep":99}`, field, "not 99."},
		{"error: negative", `{"errorOnStep":-1}`, field, "not -1."},
		{"error: array", `{"errorOnStep":[1]}`, field, "not [1]."},
	} {
		t.Run(test.name, func(t *testing.T) {
			p := requireProblem(t, s.post(test.body), http.StatusBadRequest, test.kind)
			require.Contains(t, p.Detail, test.detail)
		})
	}
	require.Empty(t, s.executions.started)
}

func TestTheLongestFlavourAndBodyAreAccepted(t *testing.T) {
	s := newShop(t)
	body := `{"flavour":"` + strings.Repeat("ü", 64) + `"}`
	body += strings.Repeat(" ", 8<<10-len(body))
	require.Equal(t, http.StatusAccepted, s.post(body).Code)
	p := requireProblem(t, s.post(body+" "), http.StatusRequestEntityTooLarge, "body-too-large")
	require.Equal(t, "The body must have at most 8192 bytes.", p.Detail)
}

func TestOnlyJSONIsAccepted(t *testing.T) {
	s := newShop(t)
	for _, other := range []string{"multipart/form-data", "text/plain", "application/xml", "application/jsonp", "json", "a/b/c"} {
		t.Run(other, func(t *testing.T) {
			p := requireProblem(t, s.post(`{}`, "Content-Type", other), http.StatusUnsupportedMediaType, "unsupported-media-type")
			require.Contains(t, p.Detail, "Content-Type: application/json, not "+other)
		})
	}
	require.Equal(t, http.StatusAccepted, s.post(`{}`, "Content-Type", "Application/JSON").Code)
	require.Equal(t, http.StatusAccepted, s.post(`{}`, "Content-Encoding", "identity").Code)
	require.Equal(t, http.StatusAccepted, s.post(`{}`, "Content-Type", "application/x-www-form-urlencoded").Code, "curl -d")
}

func TestACompressedBodyIsRefused(t *testing.T) {
	w := newShop(t).post("\x1f\x8b", "Content-Type", "application/json", "Content-Encoding", "gzip")
	p := requireProblem(t, w, http.StatusUnsupportedMediaType, "unsupported-media-type")
	require.Contains(t, p.Detail, "leave out the header Content-Encoding: gzip")
	require.Equal(t, "identity", w.Header().Get("Accept-Encoding"))
}

func TestAllWrongFieldsAreReportedTogether(t *testing.T) {
	s := newShop(t)
	p := requireProblem(t, s.post(`{"flavour":"","a/b~ü":1,"errorOnStep":9,"flavour":"x","perStepDelaySeconds":1}`), http.StatusBadRequest, "invalid-field")
	var pointers, details []string
	for _, e := range p.Errors {
		pointers, details = append(pointers, e.Pointer), append(details, e.Detail)
	}
	require.Equal(t, []string{"#/flavour", "#/a~1b~0%C3%BC", "#/errorOnStep", "#/flavour"}, pointers)
	require.Equal(t, strings.Join(details, " "), p.Detail)
	require.Contains(t, details[3], "given twice")
	require.Empty(t, s.executions.started)
}

func TestAtMostTenWrongFieldsAreReported(t *testing.T) {
	p := requireProblem(t, newShop(t).post("{"+strings.Repeat(`"x":1,`, 1000)+`"x":1}`), http.StatusBadRequest, "invalid-field")
	require.Len(t, p.Errors, 10)
}

func TestOnlyWrongFieldsAreListed(t *testing.T) {
	require.NotContains(t, newShop(t).post("[]").Body.String(), `"errors"`)
}

func TestAVisibleFlavourIsAccepted(t *testing.T) {
	s := newShop(t)
	for _, flavour := range []string{"Vier Käse 🧀", "Ka\u0301se", "四季", "🫩", "❤\ufe0f", " x "} {
		t.Run(flavour, func(t *testing.T) {
			w := s.post(`{"flavour":"` + flavour + `"}`)
			require.Equal(t, http.StatusAccepted, w.Code, w.Body)
			require.Equal(t, flavour, s.executions.started[decode[receipt](t, w).OrderID].Flavour)
		})
	}
}
