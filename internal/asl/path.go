package asl

import "errors"

var errNotYet = errors.New("not yet")

type path struct{ text string }

func compilePath(s string) (*path, error)           { return &path{s}, nil }
func (p *path) get(s *scope) (any, error)           { return nil, errNotYet }
func (p *path) lookup(s *scope) (v any, found bool) { return nil, false }
func (p *path) String() string                      { return p.text }

type refPath struct{ text string }

func compileRefPath(s string) (*refPath, error)       { return &refPath{s}, nil }
func (r *refPath) set(input, result any) (any, error) { return nil, errNotYet }
func (r *refPath) String() string                     { return r.text }

type template struct{}

func compileTemplate(v any) (*template, error) { return &template{}, nil }
func (t *template) eval(s *scope) (any, error) { return nil, errNotYet }

// expression is the value of a ".$" field: a path or an intrinsic function.
type expression interface {
	get(s *scope) (any, error)
}

func compileExpression(s string) (expression, error) { return compilePath(s) }

// rule is one rule of a Choice state, without its Next.
type rule interface {
	match(s *scope) (bool, error)
}

func compileRule(raw map[string]any) (rule, []error) { return nil, nil }
