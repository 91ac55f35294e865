package asl

type template struct{}

func compileTemplate(v any) (*template, error) { return &template{}, nil }
func (t *template) eval(s *scope) (any, error) { return nil, nil }

// expression is the value of a ".$" field: a path or an intrinsic function.
type expression interface {
	get(s *scope) (any, error)
}

func compileExpression(s string) (expression, error) { return compilePath(s) }

type rule interface {
	match(s *scope) (bool, error)
}

func compileRule(raw map[string]any) (rule, []error) { return nil, nil }
