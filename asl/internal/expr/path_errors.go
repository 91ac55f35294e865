package expr

import (
	"fmt"
	"strings"

	"pizzasaga/asl/internal/jsonvalue"
)

func (p *Path) invalid(why string) *Error {
	return RuntimeError("Invalid path '%s' : %s", p.text, why)
}

// describe returns in Jayway's words why a step found nothing in v.
func (p *Path) describe(v any, failed int) string {
	last := failed == len(p.steps)-1
	if p.steps[failed].isIndex {
		switch v := v.(type) {
		case []any: // the index found null, on which the next step fails
			return notObject(p.steps[failed+1], p.normal(failed+1), "null")
		default:
			return fmt.Sprintf("Filter: %s can only be applied to arrays. Current context is: %s",
				p.steps[failed], jsonvalue.Encode(v))
		}
	}
	switch v.(type) {
	case *jsonvalue.Object:
		if last {
			return "No results for path: " + p.normal(failed+1)
		}
		return "Missing property in path " + p.normal(failed+1)
	default:
		return notObject(p.steps[failed], p.normal(failed), jacksonClass(v))
	}
}

func notObject(s step, where, class string) string {
	return fmt.Sprintf("Expected to find an object with property %s in path %s but found '%s'. "+
		"This is not a json object according to the JsonProvider: "+
		"'com.jayway.jsonpath.spi.json.JacksonJsonNodeJsonProvider'.", s, where, class)
}

// normal returns the first n steps in bracket notation.
func (p *Path) normal(n int) string {
	var b strings.Builder
	b.WriteString("$")
	for _, s := range p.steps[:n] {
		b.WriteString(s.String())
	}
	return b.String()
}

func jacksonClass(v any) string {
	class := "DecimalNode"
	switch v := v.(type) {
	case nil:
		class = "NullNode"
	case bool:
		class = "BooleanNode"
	case string:
		class = "TextNode"
	case int64:
		class = "IntNode"
		if int64(int32(v)) != v {
			class = "LongNode"
		}
	case float64:
		class = "DoubleNode"
	case []any:
		class = "ArrayNode"
	}
	return "com.fasterxml.jackson.databind.node." + class
}
