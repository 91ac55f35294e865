package asl

import (
	"fmt"
	"strings"
)

// Problem is one thing that is wrong with a definition.
type Problem struct {
	Place        string // such as "States.Pay.Catch[0].Next"; empty for the whole definition
	Line, Column int    // in the text of the definition, from 1; 0 if not known; columns are bytes
	Code         Code
	Message      string // AWS's message if it is known
	Hint         string // what AWS's message lacks; may be empty
}

// Code is the kind of a problem in the ValidateStateMachineDefinition API.
type Code string

// The codes of problems.
const (
	InvalidJSONDescription  Code = "INVALID_JSON_DESCRIPTION"
	SchemaValidationFailed  Code = "SCHEMA_VALIDATION_FAILED"
	MissingTransitionTarget Code = "MISSING_TRANSITION_TARGET"
	MissingEndState         Code = "MISSING_END_STATE"
)

func (p Problem) String() string {
	where := p.Place
	if p.Line > 0 {
		where = strings.TrimSpace(fmt.Sprintf("%d:%d %s", p.Line, p.Column, where))
	}
	text := p.Message
	if p.Hint != "" {
		text += "; " + p.Hint
	}
	if where == "" {
		return text
	}
	return where + ": " + text
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
