package api

import (
	"net/http"
	"strings"
)

// A gateway in front says in these headers how it was reached, and by whom if it
// knows. Who sends them without a gateway misleads only themselves: they go into
// their own answer, which nobody may cache, and set apart their own keys.
const (
	protoHeader   = "X-Forwarded-Proto"
	prefixHeader  = "X-Forwarded-Prefix"
	subjectHeader = "X-Forwarded-Subject"
)

// isPrefix reports whether p is one or more names, each after a slash. No regular
// expression: to compile it would lengthen every cold start.
func isPrefix(p string) bool {
	rest, ok := strings.CutPrefix(p, "/")
	for name := range strings.SplitSeq(rest, "/") {
		ok = ok && consistsOf(name, "._~-")
	}
	return ok
}

// consistsOf reports whether s is one or more ASCII letters, digits and others.
func consistsOf(s, others string) bool {
	return s != "" && !strings.ContainsFunc(s, func(r rune) bool {
		return (r < 'a' || r > 'z') && (r < 'A' || r > 'Z') && (r < '0' || r > '9') && !strings.ContainsRune(others, r)
	})
}

// orderPath is the order's absolute path, the gateway's prefix (its stage)
// included.
func orderPath(r *http.Request, id string) string {
	path := "/orders/" + id
	if p := r.Header.Get(prefixHeader); isPrefix(p) {
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
