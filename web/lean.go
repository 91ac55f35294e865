package web

import (
	"bytes"
	"path"
	"regexp"
	"strings"
)

// lean removes from a file what a browser does not need: indentation, empty lines, lines
// that are only a comment and, in scripts and style sheets, optional spaces and line
// ends. In scripts, it also removes comments at the end of a line.
func lean(name string, content []byte) []byte {
	var kept strings.Builder
	script := newScript()
	for line := range bytes.Lines(content) {
		line := strings.TrimLeft(string(line), " \t\n")
		switch {
		case strings.HasPrefix(line, "//"), strings.HasPrefix(line, "/*"):
		case path.Ext(name) == ".js":
			kept.WriteString(joined(script.lean(line)))
		default:
			kept.WriteString(line)
		}
	}
	if path.Ext(name) == ".css" {
		return []byte(style.Replace(kept.String()))
	}
	return []byte(kept.String())
}

// joined removes the end of a script's line if none is needed there.
func joined(line string) string {
	code := strings.TrimSuffix(line, "\n")
	if strings.Contains(code, "//") || !strings.ContainsAny(code[max(0, len(code)-1):], ",;({") {
		return line
	}
	return code
}

// style keeps the spaces before a colon and within brackets, which are significant.
var style = strings.NewReplacer(" > ", ">", ": ", ":", ", ", ",", "; }", "}", "; ", ";", " {\n", "{", " { ", "{", ";\n", ";", "}\n", "}")

// script finds optional spaces in JavaScript. It is created when needed, because
// compiling a regular expression would lengthen every cold start.
type script struct{ spaces *regexp.Regexp }

func newScript() script {
	return script{regexp.MustCompile(`('(?:[^'\\]|\\.)*'|"[^"]*")| *([][(){},;:?=<>&|!]+) *`)}
}

// lean removes a comment at the end of the line, unless it has a quote and thus may be in
// a string, and the spaces around punctuation, but not within a string. In a line with a
// template or a slash, everything between the first and the last quote or slash may be a
// string. No string has several lines.
func (s script) lean(line string) string {
	const quotes = "'\"`/"
	if code, comment, found := strings.Cut(line, " // "); found && !strings.ContainsAny(comment, quotes) {
		line = code + "\n"
	}
	if !strings.ContainsAny(line, "`/") {
		return s.spaces.ReplaceAllString(line, "$1$2")
	}
	first, last := strings.IndexAny(line, quotes), strings.LastIndexAny(line, quotes)
	return s.spaces.ReplaceAllString(line[:first], "$1$2") + line[first:last] + s.spaces.ReplaceAllString(line[last:], "$1$2")
}
