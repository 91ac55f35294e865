package customer

import (
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"strings"
)

// problemType is the prefix of the type of every problem of the API.
const problemType = "urn:problem-type:pizzasaga:"

// Problem is an error response of the API (RFC 9457).
type Problem struct {
	Type   string
	Title  string
	Status int
	Detail string
}

func (p *Problem) Error() string { return fmt.Sprintf("%s (%d): %s", p.Title, p.Status, p.Detail) }

// OfType reports whether the problem has a type, given by its last part.
func (p *Problem) OfType(name string) bool { return p.Type == problemType+name }

// answer is the response to a request.
type answer struct {
	request string // method and address
	status  int
	header  http.Header
	body    []byte
}

// ErrTokenMissing means that the API requires a token and the request had none.
var ErrTokenMissing = errors.New("a token is required")

// failure returns the error of an answer that is not a success.
func (a answer) failure(withToken bool) error {
	switch p := a.problem(); {
	case a.status == http.StatusUnauthorized && !withToken:
		return fmt.Errorf("%s: %w", a.request, ErrTokenMissing)
	case withToken && (a.status == http.StatusUnauthorized || a.status == http.StatusForbidden):
		return fmt.Errorf("%s refused the token: %s", a.request, cmp.Or(a.header.Get("WWW-Authenticate"), a.text()))
	case p != nil:
		return fmt.Errorf("%s: %w", a.request, p)
	case a.status >= 300 && a.status <= 399:
		return fmt.Errorf("%s redirects to %s: use that address", a.request, a.header.Get("Location"))
	case busy(a.status) || a.gatewayMessage() != "":
		return fmt.Errorf("%s answered %d: %s", a.request, a.status, a.text())
	}
	return a.foreign()
}

// problem returns the shop's error, or nil if the answer is not one.
func (a answer) problem() *Problem {
	var p Problem
	if json.Unmarshal(a.body, &p) != nil || !strings.HasPrefix(p.Type, problemType) {
		return nil
	}
	return &p
}

// foreign returns the error for an answer that cannot come from the pizza shop.
func (a answer) foreign() error {
	return fmt.Errorf("this is not the pizza shop's API: %s answered %d: %s", a.request, a.status, a.text())
}

// gatewayMessage returns the message of an error from API Gateway, or "".
func (a answer) gatewayMessage() string {
	var body struct{ Message string }
	_ = json.Unmarshal(a.body, &body) // anything else has no message
	return body.Message
}

// text returns the start of the answer's body, on one line.
func (a answer) text() string {
	if p := a.problem(); p != nil {
		return p.Title
	}
	const most = 200 // characters
	text := strings.Join(strings.Fields(cmp.Or(a.gatewayMessage(), string(a.body))), " ")
	if runes := []rune(text); len(runes) > most {
		return string(runes[:most]) + "…"
	}
	return cmp.Or(text, http.StatusText(a.status))
}
