package web

import (
	"bytes"
	"path"
	"regexp"
	"strings"
)

// lean leaves out of a file what a browser does not need: indentation, empty lines, lines
// that are nothing but a comment, and, of scripts and style sheets, spaces that mean
// nothing.
func lean(name string, content []byte) []byte {
	var kept strings.Builder
	script := newScript()
	for line := range bytes.Lines(content) {
		line := strings.TrimLeft(string(line), " \t\n")
		switch {
		case strings.HasPrefix(line, "//"), strings.HasPrefix(line, "/*"):
		case path.Ext(name) == ".js":
			kept.WriteString(script.lean(line))
		default:
			kept.WriteString(line)
		}
	}
	if path.Ext(name) == ".css" {
		return []byte(style.Replace(kept.String()))
	}
	return []byte(kept.String())
}

// style leaves the spaces before a colon and within brackets, which mean something.
var style = strings.NewReplacer(": ", ":", ", ", ",", "; }", "}", "; ", ";", " {\n", "{", " { ", "{", ";\n", ";", "}\n", "}")

// script is what finds spaces in JavaScript. It is made when it is needed: to compile a
// regular expression would lengthen every cold start.
type script struct{ spaces *regexp.Regexp }

func newScript() script {
	return script{regexp.MustCompile(`('(?:[^'\\]|\\.)*'|"[^"]*")| *([][(){},;:?=<>&|!]+) *`)}
}

// lean leaves out the spaces around punctuation, but not within a text. In a line with a
// template or a slash all between its first and its last quote or slash may be a text.
// No text has several lines.
func (s script) lean(line string) string {
	const quotes = "'\"`/"
	if !strings.ContainsAny(line, "`/") {
		return s.spaces.ReplaceAllString(line, "$1$2")
	}
	first, last := strings.IndexAny(line, quotes), strings.LastIndexAny(line, quotes)
	return s.spaces.ReplaceAllString(line[:first], "$1$2") + line[first:last] + s.spaces.ReplaceAllString(line[last:], "$1$2")
}
