package asl

import (
	"fmt"
	"strings"
)

// Problem is one thing that is wrong with a definition.
type Problem struct {
	Place        string // such as "States.Pay.Catch[0].Next"; empty for the whole definition
	Line, Column int    // in the text of the definition, from 1; 0 if not known; columns are bytes
	Message      string
}

func (p Problem) String() string {
	where := p.Place
	if p.Line > 0 {
		where = strings.TrimSpace(fmt.Sprintf("%d:%d %s", p.Line, p.Column, where))
	}
	if where == "" {
		return p.Message
	}
	return where + ": " + p.Message
}

// Problems is everything that is wrong with a definition, in the order of the text.
type Problems []Problem

// Error returns the problems, one on each line.
func (p Problems) Error() string {
	lines := make([]string, len(p))
	for i, problem := range p {
		lines[i] = problem.String()
	}
	return strings.Join(lines, "\n")
}
