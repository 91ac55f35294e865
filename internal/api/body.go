package api

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"mime"
	"net/http"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/agnivade/levenshtein"

	"pizzasaga/internal/order"
	"pizzasaga/internal/workflow"
)

const maxBody = 8 << 10 // bytes

// wish is what a customer may ask for.
type wish struct {
	Flavour             string
	PerStepDelaySeconds int
	ErrorOnStep         order.Fault
}

// fields are the wish's names in JSON, each with how its value is read.
var fields = []struct {
	name string
	read func(*wish, json.RawMessage) error
}{
	{"flavour", func(w *wish, v json.RawMessage) (err error) {
		w.Flavour, err = readFlavour(v)
		return err
	}},
	{"perStepDelaySeconds", func(w *wish, v json.RawMessage) (err error) {
		w.PerStepDelaySeconds, err = readInteger(v, fmt.Sprintf("from 0 to %d", order.MaxPerStepDelaySeconds),
			func(n int) bool { return 0 <= n && n <= order.MaxPerStepDelaySeconds })
		return err
	}},
	{"errorOnStep", func(w *wish, v json.RawMessage) error {
		n, err := readInteger(v, fmt.Sprintf("from 0 to %d, or %d", workflow.LastFault, workflow.AllFaults),
			func(n int) bool {
				f := order.Fault(n)
				return f >= 0 && f <= workflow.LastFault || f == workflow.AllFaults
			})
		w.ErrorOnStep = order.Fault(n)
		return err
	}},
}

// readWish reads the request's body, which may be empty. What is left out has
// its default: a plain pizza, no delay, no error.
func readWish(w http.ResponseWriter, r *http.Request) (wish, error) {
	body, err := readBody(w, r)
	if err != nil {
		return wish{}, err
	}
	parsed := wish{Flavour: order.DefaultFlavour}
	if len(bytes.TrimSpace(body)) == 0 {
		return parsed, nil
	}
	return parsed, parsed.parse(body)
}

// curlsDefault is the content type that curl -d sends when it is told none. No
// form is a JSON object, so whoever sends one learns what is wrong all the same.
const curlsDefault = "application/x-www-form-urlencoded"

func readBody(w http.ResponseWriter, r *http.Request) ([]byte, error) {
	if given := r.Header.Get("Content-Type"); given != "" {
		media, _, err := mime.ParseMediaType(given)
		if err != nil || media != "application/json" && media != curlsDefault {
			return nil, refuse(notJSON, "The body must be sent with the header Content-Type: application/json, not %s.", show(given))
		}
	}
	body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, maxBody))
	if _, tooLarge := errors.AsType[*http.MaxBytesError](err); tooLarge {
		return nil, refuse(bodyTooLarge, "The body may have at most %d bytes.", maxBody)
	}
	if err != nil {
		return nil, refuse(malformed, "The body did not arrive whole.")
	}
	return body, nil
}

// parse reads one JSON object and refuses what encoding/json would let pass:
// an unknown name, a name in another case, a name given twice, a null.
func (w *wish) parse(body []byte) error {
	if !utf8.Valid(body) {
		return refuse(malformed, "The body is not valid UTF-8.")
	}
	if err := json.Unmarshal(body, new(json.RawMessage)); err != nil {
		if syntax, ok := errors.AsType[*json.SyntaxError](err); ok {
			return refuse(malformed, "The body is not valid JSON: %s, at byte %d.", syntax, syntax.Offset)
		}
		return fmt.Errorf("check the body's syntax: %w", err)
	}
	d := json.NewDecoder(bytes.NewReader(body))
	if t, err := d.Token(); err != nil || t != json.Delim('{') {
		return refuse(malformed, "The body must be a JSON object such as {\"flavour\":\"plain\"}, not %s.", show(string(bytes.TrimSpace(body))))
	}
	seen := map[string]bool{}
	for d.More() {
		name, err := d.Token()
		if err != nil {
			return fmt.Errorf("read a field's name: %w", err)
		}
		var value json.RawMessage
		if err := d.Decode(&value); err != nil {
			return fmt.Errorf("read field %v: %w", name, err)
		}
		if err := w.set(name.(string), value, seen); err != nil {
			return err
		}
	}
	return nil
}

func (w *wish) set(name string, value json.RawMessage, seen map[string]bool) error {
	for _, f := range fields {
		if f.name != name {
			continue
		}
		if seen[name] {
			return refuse(invalidField, "The field %q is given twice.", name)
		}
		seen[name] = true
		if err := f.read(w, value); err != nil {
			return refuse(invalidField, "The field %q must be %v, not %s.", name, err, show(string(value)))
		}
		return nil
	}
	return unknownField(name)
}

// unknownField names the field that was probably meant, or all there are.
func unknownField(name string) error {
	var names []string
	for _, f := range fields {
		if levenshtein.ComputeDistance(strings.ToLower(name), strings.ToLower(f.name)) <= len(f.name)/3 {
			return refuse(invalidField, "There is no field %q; did you mean %q?", show(name), f.name)
		}
		names = append(names, strconv.Quote(f.name))
	}
	return refuse(invalidField, "There is no field %q; the fields are %s.", show(name), strings.Join(names, ", "))
}

// readFlavour returns an error that says what a flavour must be.
func readFlavour(v json.RawMessage) (string, error) {
	var s string
	n := 0
	if v[0] == '"' && json.Unmarshal(v, &s) == nil {
		n = utf8.RuneCountInString(s)
	}
	// encoding/json turns half a surrogate pair into a replacement character.
	odd := func(r rune) bool { return unicode.IsControl(r) || r == utf8.RuneError }
	if strings.TrimSpace(s) == "" || n > order.MaxFlavourLength || strings.ContainsFunc(s, odd) {
		return "", fmt.Errorf("a string of 1 to %d characters, without control characters and not only spaces", order.MaxFlavourLength)
	}
	return s, nil
}

// readInteger returns an error that says what the integer must be.
func readInteger(v json.RawMessage, span string, ok func(int) bool) (int, error) {
	n, err := strconv.Atoi(string(v))
	if err != nil || !ok(n) {
		return 0, fmt.Errorf("an integer %s", span)
	}
	return n, nil
}

// show returns the start of what was sent, for an error's detail.
func show(s string) string {
	const most = 40
	if runes := []rune(s); len(runes) > most {
		return string(runes[:most]) + "…"
	}
	return s
}
