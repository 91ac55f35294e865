package asl

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math"
	"regexp"
	"slices"
	"strconv"

	"go.yaml.in/yaml/v3"

	"pizzasaga/asl/internal/jsonvalue"
)

// LoadYAML is [Load] for a definition in YAML. Lines and columns are those of the YAML.
// [Machine.Definition] returns the definition as JSON.
func LoadYAML(definition []byte, substitutions map[string]string) (*Machine, error) {
	root, problem := readYAML(definition)
	if problem != nil {
		return nil, Problems{*problem}
	}
	c := yamlConverter{}
	if problem := c.write(root); problem != nil {
		return nil, Problems{*problem}
	}
	return load(c.json.Bytes(), substitutions, c.places)
}

// readYAML parses a text, which must have exactly one document.
func readYAML(text []byte) (*yaml.Node, *Problem) {
	var root, second yaml.Node
	decoder := yaml.NewDecoder(bytes.NewReader(text))
	switch err := decoder.Decode(&root); {
	case errors.Is(err, io.EOF):
		return nil, &Problem{Line: 1, Column: 1, Code: SchemaValidationFailed, Message: "the definition is empty"}
	case err != nil:
		return nil, invalidYAML(text, err)
	}
	switch err := decoder.Decode(&second); {
	case err == nil:
		return nil, yamlProblem(&second, "a second document begins here; a definition must be one document")
	case !errors.Is(err, io.EOF):
		return nil, invalidYAML(text, err)
	}
	return &root, nil
}

// An error of the YAML library can have a line or the name of an anchor.
var (
	yamlErrorAt   = regexp.MustCompile(`^yaml: (?:line (\d+): )?(.*)`)
	unknownAnchor = regexp.MustCompile(`^unknown anchor '(.*)' referenced$`)
)

// invalidYAML returns an error of the YAML library as a problem.
func invalidYAML(text []byte, err error) *Problem {
	p := &Problem{Line: 1, Column: 1, Code: InvalidJSONDescription, Message: "not valid YAML: " + err.Error()}
	if found := yamlErrorAt.FindStringSubmatch(err.Error()); found != nil {
		line, _ := strconv.Atoi(found[1])
		p.Line, p.Message = max(line, 1), "not valid YAML: "+found[2]
		if anchor := unknownAnchor.FindStringSubmatch(found[2]); anchor != nil {
			p.Line, p.Column = jsonvalue.Position(text, max(bytes.Index(text, []byte("*"+anchor[1])), 0))
		}
	}
	return p
}

// yamlConverter converts YAML to JSON with each name and each value on its own line, and
// records their places in the YAML.
type yamlConverter struct {
	json   bytes.Buffer
	places []place // of the lines of the JSON
}

// place is a line and a column of a text, from 1.
type place struct{ line, column int }

// begin starts a new line for a node.
func (c *yamlConverter) begin(n *yaml.Node) {
	if len(c.places) > 0 {
		c.json.WriteByte('\n')
	}
	c.places = append(c.places, place{n.Line, n.Column})
}

// jsonTags are the tags of values that JSON has.
var jsonTags = []string{"!!map", "!!seq", "!!str", "!!int", "!!float", "!!bool", "!!null"}

func (c *yamlConverter) write(n *yaml.Node) *Problem {
	if n.Style&yaml.TaggedStyle != 0 && !slices.Contains(jsonTags, n.ShortTag()) {
		return yamlProblem(n, "the tag "+n.Tag+" is not supported; write the value itself, or a ${placeholder}")
	}
	switch n.Kind {
	case yaml.DocumentNode:
		return c.write(n.Content[0])
	case yaml.AliasNode: // it may contain itself
		if c.json.Len() > maxDefinitionBytes {
			return yamlProblem(n, "the definition is too large with its aliases expanded")
		}
		return c.write(n.Alias)
	case yaml.MappingNode:
		return c.writeAll(n, '{', '}')
	case yaml.SequenceNode:
		return c.writeAll(n, '[', ']')
	default:
		c.begin(n)
		return c.writeScalar(n)
	}
}

// writeAll writes the items of a sequence, or the names and values of a mapping.
func (c *yamlConverter) writeAll(n *yaml.Node, open, end byte) *Problem {
	c.begin(n)
	c.json.WriteByte(open)
	for i, item := range n.Content {
		if n.Kind == yaml.MappingNode && i%2 == 0 {
			if i > 0 {
				c.json.WriteByte(',')
			}
			if item.ShortTag() == "!!merge" {
				return yamlProblem(item, "the merge key << is not supported")
			}
			if item.Kind != yaml.ScalarNode || item.Style&yaml.TaggedStyle != 0 {
				return yamlProblem(item, "the name of a field must be a string without a tag")
			}
			c.begin(item)
			c.json.Write(jsonvalue.Encode(item.Value))
			c.json.WriteByte(':')
			continue
		}
		if n.Kind == yaml.SequenceNode && i > 0 {
			c.json.WriteByte(',')
		}
		if problem := c.write(item); problem != nil {
			return problem
		}
	}
	c.json.WriteByte(end)
	return nil
}

func (c *yamlConverter) writeScalar(n *yaml.Node) *Problem {
	var value any = n.Value
	switch n.ShortTag() {
	case "!!null", "!!bool", "!!int", "!!float":
		if err := n.Decode(&value); err != nil {
			return yamlProblem(n, err.Error())
		}
	}
	switch number := value.(type) {
	case float64:
		if math.IsNaN(number) || math.IsInf(number, 0) {
			return yamlProblem(n, fmt.Sprintf("%s is not a number in JSON", n.Value))
		}
	case int:
		value = int64(number)
	case uint64:
		value = json.Number(strconv.FormatUint(number, 10))
	}
	c.json.Write(jsonvalue.Encode(value))
	return nil
}

func yamlProblem(n *yaml.Node, message string) *Problem {
	return &Problem{Line: n.Line, Column: n.Column, Code: InvalidJSONDescription, Message: message}
}
