package api

import (
	"net/http"
	"strings"
)

// A gateway in front sets these headers: how it was reached, and by whom if it knows. A
// client that sends them without a gateway affects only itself: they change its own
// response, which is never cached, and the scope of its own keys.
const (
	protoHeader   = "X-Forwarded-Proto"
	prefixHeader  = "X-Forwarded-Prefix"
	subjectHeader = "X-Forwarded-Subject"
)

// isPrefix reports whether p is one or more names, each after a slash. It does not use a
// regular expression, because compiling one would lengthen every cold start.
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

// orderPath returns the order's absolute path, including the gateway's prefix (its
// stage).
func orderPath(r *http.Request, id string) string {
	path := "/orders/" + id
	if p := r.Header.Get(prefixHeader); isPrefix(p) {
		path = p + path
	}
	return path
}

// origin returns the scheme and host under which the customer reached the API, or "" if
// the request names no host.
func origin(r *http.Request) string {
	if r.Host == "" {
		return ""
	}
	if r.TLS != nil || r.Header.Get(protoHeader) == "https" {
		return "https://" + r.Host
	}
	return "http://" + r.Host
}
