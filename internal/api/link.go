package api

import (
	"net/http"
	"regexp"
)

// A gateway in front says how it was reached in these headers. Who sends them
// without a gateway misleads only themselves: they go into their own answer,
// which nobody may cache.
const (
	protoHeader  = "X-Forwarded-Proto"
	prefixHeader = "X-Forwarded-Prefix"
)

var prefix = regexp.MustCompile(`^(/[A-Za-z0-9._~-]+)+$`)

// orderPath is the order's absolute path, the gateway's prefix (its stage)
// included.
func orderPath(r *http.Request, id string) string {
	path := "/orders/" + id
	if p := r.Header.Get(prefixHeader); prefix.MatchString(p) {
		path = p + path
	}
	return path
}

// origin is the scheme and host under which the customer reached the API, or
// empty if the request names no host: then a path is all there is to say.
func origin(r *http.Request) string {
	if r.Host == "" {
		return ""
	}
	if r.TLS != nil || r.Header.Get(protoHeader) == "https" {
		return "https://" + r.Host
	}
	return "http://" + r.Host
}
