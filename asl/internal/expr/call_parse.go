package expr

import (
	"errors"
	"fmt"
	"strings"

	"pizzasaga/asl/internal/jsonvalue"
)

// maxCallDepth is how deeply calls can be nested, according to AWS's documentation.
const maxCallDepth = 10

// compileCall compiles a call of an intrinsic function.
func compileCall(text string) (*call, error) {
	p := callParser{text: text}
	root, err := p.call(1)
	if err == nil && p.pos < len(text) {
		err = fmt.Errorf("unexpected %q at the end", text[p.pos:])
	}
	if err != nil {
		return nil, fmt.Errorf("%q is not a valid intrinsic function call: %w", text, err)
	}
	return &call{text, root}, nil
}

type callParser struct {
	text string
	pos  int
}

// peek skips spaces and returns the next byte, or 0 at the end.
func (p *callParser) peek() byte {
	for p.pos < len(p.text) && p.text[p.pos] == ' ' {
		p.pos++
	}
	if p.pos < len(p.text) {
		return p.text[p.pos]
	}
	return 0
}

func (p *callParser) call(depth int) (*nestedCall, error) {
	if depth > maxCallDepth {
		return nil, fmt.Errorf("calls are nested more than %d deep", maxCallDepth)
	}
	open := strings.IndexByte(p.text[p.pos:], '(')
	if open < 0 {
		return nil, errors.New("the ( after the function's name is missing")
	}
	name := p.text[p.pos : p.pos+open]
	f, ok := intrinsics[name]
	if !ok {
		return nil, fmt.Errorf("there is no function %q", name)
	}
	p.pos += open + 1
	c := &nestedCall{name: name, intrinsic: f}
	var err error
	if c.args, err = p.arguments(f.has(takesTemplate), depth); err != nil {
		return nil, err
	}
	if n := len(c.args); n < f.min || (f.max >= 0 && n > f.max) {
		return nil, fmt.Errorf("%s takes %s, not %d", name, f.arity(), n)
	}
	if n, ok := placeholders(c.args); ok && n != len(c.args)-1 {
		return nil, errPlaceholders
	}
	return c, nil
}

// placeholders returns the number of {} in the template. ok is false if there is no template
// or it is not a literal.
func placeholders(args []argument) (n int, ok bool) {
	if len(args) == 0 {
		return 0, false
	}
	l, _ := args[0].(literal)
	parts, ok := l.value.(formatParts)
	return len(parts) - 1, ok
}

func (f intrinsic) arity() string {
	switch {
	case f.max < 0:
		return fmt.Sprintf("%d or more arguments", f.min)
	case f.max > f.min:
		return fmt.Sprintf("%d or %d arguments", f.min, f.max)
	case f.max == 1:
		return "1 argument"
	}
	return fmt.Sprintf("%d arguments", f.max)
}

// arguments reads the arguments and the closing parenthesis. isTemplate says whether the
// first argument is a template.
func (p *callParser) arguments(isTemplate bool, depth int) ([]argument, error) {
	var args []argument
	if p.peek() == ')' {
		p.pos++
		return args, nil
	}
	for {
		arg, err := p.argument(isTemplate && len(args) == 0, depth)
		if err != nil {
			return nil, err
		}
		args = append(args, arg)
		switch p.peek() {
		case ',':
			p.pos++
		case ')':
			p.pos++
			return args, nil
		default:
			return nil, errors.New("a comma or a ) is missing after an argument")
		}
	}
}

func (p *callParser) argument(isTemplate bool, depth int) (arg argument, err error) {
	switch c := p.peek(); {
	case c == '\'':
		arg, err = p.literal(isTemplate)
	case c == '$':
		arg, err = CompilePath(p.pathText())
	case strings.HasPrefix(p.text[p.pos:], intrinsicPrefix):
		arg, err = p.call(depth + 1)
	default:
		v, length, scanErr := jsonvalue.Scan(p.text[p.pos:])
		if scanErr != nil {
			return nil, errors.New("an argument is missing, or is not a path, a call, a number, true, false, null or a string in single quotes")
		}
		p.pos += length
		return literal{v}, nil
	}
	if err != nil {
		return nil, err // not arg: it may hold a nil pointer
	}
	return arg, nil
}

// literal reads a literal in single quotes.
func (p *callParser) literal(isTemplate bool) (argument, error) {
	raw, err := p.quoted()
	if err != nil {
		return nil, err
	}
	if !isTemplate {
		return literal{unescape.Replace(raw)}, nil
	}
	parts, err := splitFormat(raw)
	return literal{parts}, err
}

// unescape replaces the four escapes that a literal can have.
var unescape = strings.NewReplacer(`\'`, `'`, `\\`, `\`, `\{`, `{`, `\}`, `}`)

// quoted reads a literal in single quotes and returns it without replacing its escapes.
func (p *callParser) quoted() (string, error) {
	start := p.pos + 1
	for i := start; i < len(p.text); i++ {
		switch p.text[i] {
		case '\'':
			p.pos = i + 1
			return p.text[start:i], nil
		case '\\':
			i++
			if i == len(p.text) || !strings.ContainsRune(`'\{}`, rune(p.text[i])) {
				return "", errors.New(`a \ may only come before ', \, { or }`)
			}
		}
	}
	return "", errors.New("a literal's closing quote is missing")
}

// pathText reads the path that starts here. It ends at a comma, a ) or a space outside
// brackets.
func (p *callParser) pathText() string {
	start := p.pos
	for p.pos < len(p.text) {
		switch p.text[p.pos] {
		case '[':
			p.pos += closingBracket(p.text[p.pos:])
			continue
		case '(':
			if strings.HasPrefix(p.text[p.pos:], "()") {
				p.pos++
			}
		case ',', ')', ' ':
			return p.text[start:p.pos]
		}
		p.pos++
	}
	return p.text[start:]
}
