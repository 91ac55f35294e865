package asltest

import (
	"cmp"
	"fmt"
	"regexp"
	"strconv"
	"time"

	"pizzasaga/asl/internal/jsonvalue"
)

// numbered is a response for calls with some numbers.
type numbered struct {
	first, last int
	response    Response
}

var numbers = regexp.MustCompile(`^([0-9]{1,9})(?:-([0-9]{1,9}))?$`)

// response reads a mocked response.
func (f *MockFile) response(m jsonvalue.Member) Mock {
	var all []numbered
	for _, entry := range f.members(m.Node, "a mocked response") {
		found := numbers.FindStringSubmatch(entry.Name)
		if found == nil {
			f.wrong(entry.Begin, `%q must be the number of a call, as "0", or of several, as "1-2"`, entry.Name)
			continue
		}
		n := numbered{response: f.end(entry.Node)}
		n.first, _ = strconv.Atoi(found[1])
		n.last, _ = strconv.Atoi(cmp.Or(found[2], found[1]))
		if n.last < n.first {
			f.wrong(entry.Begin, "%q ends before it begins", entry.Name)
		}
		for _, other := range all {
			if n.first <= other.last && other.first <= n.last {
				f.wrong(entry.Begin, "%q has numbers that an earlier entry has", entry.Name)
				break
			}
		}
		all = append(all, n)
	}
	return Func(func(c Call) Response {
		for _, n := range all {
			if n.first <= c.Number && c.Number <= n.last {
				return n.response
			}
		}
		return Response{fault: fmt.Errorf("is the mocked response %s, which has no entry %q", m.Name, strconv.Itoa(c.Number))}
	})
}

// end reads how a call ends: a Return or a Throw.
func (f *MockFile) end(n *jsonvalue.Node) Response {
	var r Response
	ends := 0
	for _, m := range f.members(n, "a response", "Return", "Throw", "After") {
		switch m.Name {
		case "Return":
			ends++
			r.output = Return(text(m.Value)).output
		case "Throw":
			ends++
			r.err = f.throw(m.Node).err
		case "After":
			seconds, ok := jsonvalue.Number(m.Value)
			if !ok || seconds < 0 || seconds > maxAfter.Seconds() {
				f.wrong(m.Node.Begin, "After must be a number of seconds, of at most %.0f", maxAfter.Seconds())
			}
			r.after = time.Duration(seconds * float64(time.Second))
		}
	}
	if n.IsObject() && ends == 0 {
		f.wrong(n.Begin, "a response needs a Return or a Throw")
	}
	if ends == 2 {
		f.wrong(n.Begin, "a response cannot have both a Return and a Throw")
	}
	return r
}

// maxAfter is longer than the limit for an execution on AWS, which is a year.
const maxAfter = 1000 * 24 * time.Hour

func (f *MockFile) throw(n *jsonvalue.Node) Response {
	values := map[string]string{}
	for _, m := range f.members(n, "a Throw", "Error", "Cause") {
		value, ok := m.Value.(string)
		if !ok {
			f.wrong(m.Node.Begin, "%s must be a string", m.Name)
		}
		values[m.Name] = value
	}
	if n.IsObject() && n.Member("Error") == nil {
		f.wrong(n.Begin, "a Throw needs an Error")
	}
	return Throw(values["Error"], values["Cause"])
}
