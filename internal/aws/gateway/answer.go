package gateway

import (
	"bytes"
	"encoding/base64"
	"maps"
	"net/http"
	"strings"
	"unicode/utf8"

	"github.com/aws/aws-lambda-go/events"
)

// answer is an http.ResponseWriter that stores the response.
type answer struct {
	header http.Header // the handler's
	status int         // 0: not written yet
	sent   http.Header // the header as it was when the status was written
	body   bytes.Buffer
}

var _ http.ResponseWriter = (*answer)(nil)

// Header implements [http.ResponseWriter].
func (a *answer) Header() http.Header { return a.header }

// WriteHeader implements [http.ResponseWriter]. The first final status counts.
func (a *answer) WriteHeader(status int) {
	if a.status != 0 || status < 200 {
		return
	}
	a.status = status
	a.sent = maps.Clone(a.header)
}

// Write implements [http.ResponseWriter].
func (a *answer) Write(p []byte) (int, error) {
	a.WriteHeader(http.StatusOK)
	return a.body.Write(p)
}

// response returns the answer in API Gateway's format: a header's values joined by
// commas, cookies separate, and a body that is not text in base64.
func (a *answer) response(method string) events.APIGatewayV2HTTPResponse {
	a.WriteHeader(http.StatusOK)
	body := a.body.Bytes()
	if a.sent.Get("Content-Type") == "" && len(body) > 0 {
		a.sent.Set("Content-Type", http.DetectContentType(body))
	}
	if method == http.MethodHead {
		body = nil
	}
	r := events.APIGatewayV2HTTPResponse{StatusCode: a.status, Headers: map[string]string{}, Cookies: a.sent["Set-Cookie"]}
	for name, values := range a.sent {
		if name != "Set-Cookie" {
			r.Headers[name] = strings.Join(values, ", ")
		}
	}
	if r.IsBase64Encoded = !utf8.Valid(body); r.IsBase64Encoded {
		r.Body = base64.StdEncoding.EncodeToString(body)
	} else {
		r.Body = string(body)
	}
	return r
}
