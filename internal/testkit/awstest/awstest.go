// Package awstest lets a test answer the calls of an AWS SDK client itself: without a
// network, for errors that no emulator produces, or as a server, for a function whose
// requests are counted.
package awstest

import (
	"context"
	"encoding/json"
	"maps"
	"net/http"
	"net/http/httptest"

	"github.com/aws/aws-sdk-go-v2/aws"
)

// Config is a configuration for clients whose calls the handler answers.
func Config(h http.HandlerFunc) aws.Config {
	return aws.Config{Region: "eu-central-1", Credentials: credentials, HTTPClient: client(h)}
}

var credentials = aws.CredentialsProviderFunc(func(context.Context) (aws.Credentials, error) {
	return aws.Credentials{AccessKeyID: "test", SecretAccessKey: "test"}, nil
})

type client http.HandlerFunc

// Do calls the handler in the caller's goroutine. Like a network, it loses the answer if
// the request's context ends or the handler panics with [http.ErrAbortHandler].
func (c client) Do(r *http.Request) (response *http.Response, err error) {
	w := httptest.NewRecorder()
	defer func() {
		if p := recover(); p == http.ErrAbortHandler {
			response, err = nil, reset{}
		} else if p != nil {
			panic(p)
		}
	}()
	c(w, r)
	if err := r.Context().Err(); err != nil {
		return nil, err
	}
	return w.Result(), nil
}

// reset is the error of a connection that broke before the answer came.
type reset struct{}

func (reset) Error() string   { return "connection reset by peer" }
func (reset) Temporary() bool { return true }

// Answer writes an answer in the services' JSON protocols. A nil body is an empty object.
func Answer(w http.ResponseWriter, status int, body map[string]any) {
	if body == nil {
		body = map[string]any{}
	}
	w.Header().Set("Content-Type", "application/x-amz-json-1.0")
	w.WriteHeader(status)
	_ = json.NewEncoder(w).Encode(body)
}

// Error writes an error in the services' JSON protocols, with the given fields in
// addition to its name.
func Error(w http.ResponseWriter, status int, name string, more map[string]any) {
	body := map[string]any{"__type": "com.amazonaws#" + name, "message": "said the service"}
	maps.Copy(body, more)
	Answer(w, status, body)
}
