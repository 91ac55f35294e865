package api

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"mime"
	"net/http"
	"strings"
	"unicode/utf8"

	"pizzasaga/internal/order"
)

const maxBody = 8 << 10 // bytes

// readWish reads the request's body, which may be empty. A missing or null field has its
// default: a plain pizza, no delay, no fault.
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

// curlsDefault is the content type that curl -d sends by default. It is accepted because
// a form is never a JSON object, so its sender still gets a clear error.
const curlsDefault = "application/x-www-form-urlencoded"

func readBody(w http.ResponseWriter, r *http.Request) ([]byte, error) {
	if given := r.Header.Get("Content-Type"); given != "" {
		media, _, err := mime.ParseMediaType(given)
		if err != nil || media != "application/json" && media != curlsDefault {
			return nil, refuse(notJSON, "The body must be sent with the header Content-Type: application/json, not %s.", show(given))
		}
	}
	if coding := r.Header.Get("Content-Encoding"); coding != "" && !strings.EqualFold(coding, "identity") {
		w.Header().Set("Accept-Encoding", "identity")
		return nil, refuse(notJSON, "The body must not be encoded: leave out the header Content-Encoding: %s.", show(coding))
	}
	body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, maxBody))
	if _, tooLarge := errors.AsType[*http.MaxBytesError](err); tooLarge {
		return nil, refuse(bodyTooLarge, "The body must have at most %d bytes.", maxBody)
	}
	if err != nil {
		return nil, refuse(malformed, "The body arrived incomplete. Send the request again.")
	}
	return body, nil
}

// parse reads one JSON object. It refuses what encoding/json would accept: an unknown
// name, a name in another case, a repeated name.
func (w *wish) parse(body []byte) error {
	if !utf8.Valid(body) {
		return refuse(malformed, "The body is not valid UTF-8.")
	}
	if where, broken := brokenObject(body); broken {
		return refuse(malformed, "The body must be one JSON object with names and strings in double quotes, such as {\"flavour\":\"plain\"}%s.", where)
	}
	d := json.NewDecoder(bytes.NewReader(body))
	if _, err := d.Token(); err != nil {
		return fmt.Errorf("open the object: %w", err)
	}
	var wrong []fieldError
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
		if detail := w.set(name.(string), value, seen); detail != "" {
			wrong = append(wrong, fieldError{pointer(name.(string)), detail})
		}
	}
	return refuseFields(invalidField, wrong)
}

// brokenObject says where a body stops being one JSON object, if it does.
func brokenObject(body []byte) (where string, broken bool) {
	if text := bytes.TrimSpace(body); text[0] != '{' {
		return ", not " + show(string(text)), true
	}
	d := json.NewDecoder(bytes.NewReader(body))
	err := d.Decode(new(json.RawMessage))
	if errors.Is(err, io.ErrUnexpectedEOF) {
		return ", but it ends too early", true
	}
	rest := body[d.InputOffset():]
	if syntax, ok := errors.AsType[*json.SyntaxError](err); ok {
		rest = body[syntax.Offset-1:]
	}
	rest = bytes.TrimLeft(rest, " \t\r\n")
	if err == nil && len(rest) == 0 {
		return "", false
	}
	return fmt.Sprintf(", but it is wrong from byte %d on: %s", len(body)-len(rest)+1, show(strings.TrimSpace(strings.ToValidUTF8(string(rest), "")))), true
}
