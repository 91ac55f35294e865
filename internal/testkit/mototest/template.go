package mototest

import (
	"encoding/json"
	"fmt"
	"maps"
	"os"
	"regexp"
	"strconv"
	"strings"

	"go.yaml.in/yaml/v3"
)

// template is template.yaml with the values that CloudFormation would fill in.
// It resolves the few functions that the resources of interest use.
type template struct {
	Parameters map[string]struct {
		Default string `yaml:"Default"`
	} `yaml:"Parameters"`
	Conditions map[string]yaml.Node `yaml:"Conditions"`
	Resources  map[string]struct {
		Properties yaml.Node `yaml:"Properties"`
	} `yaml:"Resources"`

	// values are what references stand for: a parameter's or a resource's name,
	// or a name and an attribute as in "Function.Arn".
	values map[string]string
}

const noValue = "AWS::NoValue"

// readTemplate reads the file. Parameters have their defaults unless values
// say otherwise.
func readTemplate(file string, values map[string]string) (*template, error) {
	text, err := os.ReadFile(file)
	if err != nil {
		return nil, err
	}
	t := &template{values: map[string]string{}}
	if err := yaml.Unmarshal(text, t); err != nil {
		return nil, fmt.Errorf("%s: %w", file, err)
	}
	for name, p := range t.Parameters {
		t.values[name] = p.Default
	}
	maps.Copy(t.values, values)
	return t, nil
}

// properties decodes a resource's properties, all references resolved.
func (t *template) properties(resource string, into any) error {
	node := t.Resources[resource].Properties
	if err := t.resolve(&node); err != nil {
		return fmt.Errorf("resource %s: %w", resource, err)
	}
	var v any
	if err := node.Decode(&v); err != nil {
		return fmt.Errorf("resource %s: %w", resource, err)
	}
	text, err := json.Marshal(v) // for JSON's tolerance of a field's case, so that no field needs a tag
	if err != nil {
		return fmt.Errorf("resource %s: %w", resource, err)
	}
	return json.Unmarshal(text, into)
}

// resolve replaces the functions in a node by what they stand for.
func (t *template) resolve(n *yaml.Node) error {
	switch n.Tag {
	case "!Ref", "!GetAtt":
		return t.setReference(n, n.Value)
	case "!Sub":
		if n.Kind == yaml.SequenceNode {
			return t.substituteWith(n)
		}
		return t.substitute(n)
	case "!Select":
		return t.selectPart(n)
	case "!If":
		condition := t.Conditions[n.Content[0].Value]
		holds, err := t.holds(&condition)
		if err != nil {
			return err
		}
		chosen := n.Content[2]
		if holds {
			chosen = n.Content[1]
		}
		*n = *chosen
		return t.resolve(n)
	}
	if n.Tag != "" && n.Tag[:min(2, len(n.Tag))] != "!!" {
		return fmt.Errorf("line %d: %s is not understood here", n.Line, n.Tag)
	}
	for _, child := range n.Content {
		if err := t.resolve(child); err != nil {
			return err
		}
	}
	if n.Kind == yaml.MappingNode {
		n.Content = withoutNoValue(n.Content)
	}
	return nil
}

func (t *template) setReference(n *yaml.Node, name string) error {
	v, ok := t.values[name]
	if !ok && name != noValue {
		return fmt.Errorf("line %d: nothing is known of %s", n.Line, name)
	}
	if name == noValue {
		v = noValue
	}
	*n = yaml.Node{Kind: yaml.ScalarNode, Value: v, Line: n.Line}
	return nil
}

var placeholder = regexp.MustCompile(`\$\{([^}]+)\}`)

func (t *template) substitute(n *yaml.Node) error {
	var unknown error
	v := placeholder.ReplaceAllStringFunc(n.Value, func(s string) string {
		value, ok := t.values[s[2:len(s)-1]]
		if !ok {
			unknown = fmt.Errorf("line %d: nothing is known of %s", n.Line, s)
		}
		return value
	})
	*n = yaml.Node{Kind: yaml.ScalarNode, Value: v, Line: n.Line}
	return unknown
}

// substituteWith substitutes with values of its own.
func (t *template) substituteWith(n *yaml.Node) error {
	text, values := n.Content[0], n.Content[1]
	if err := t.resolve(values); err != nil {
		return err
	}
	for i := 0; i+1 < len(values.Content); i += 2 {
		t.values[values.Content[i].Value] = values.Content[i+1].Value
	}
	*n = *text
	return t.substitute(n)
}

// selectPart selects a part of a !Split.
func (t *template) selectPart(n *yaml.Node) error {
	index, err := strconv.Atoi(n.Content[0].Value)
	if err != nil {
		return err
	}
	separator, text := n.Content[1].Content[0], n.Content[1].Content[1]
	if err := t.resolve(text); err != nil {
		return err
	}
	*n = yaml.Node{Kind: yaml.ScalarNode, Value: strings.Split(text.Value, separator.Value)[index], Line: n.Line}
	return nil
}

func (t *template) holds(condition *yaml.Node) (bool, error) {
	switch condition.Tag {
	case "!Not":
		holds, err := t.holds(condition.Content[0])
		return !holds, err
	case "!Or":
		for _, either := range condition.Content {
			if holds, err := t.holds(either); holds || err != nil {
				return holds, err
			}
		}
		return false, nil
	case "!Equals":
		for _, side := range condition.Content {
			if err := t.resolve(side); err != nil {
				return false, err
			}
		}
		return condition.Content[0].Value == condition.Content[1].Value, nil
	}
	return false, fmt.Errorf("line %d: the condition %s is not understood here", condition.Line, condition.Tag)
}

// withoutNoValue leaves out the pairs whose value is AWS::NoValue.
func withoutNoValue(pairs []*yaml.Node) []*yaml.Node {
	var kept []*yaml.Node
	for i := 0; i+1 < len(pairs); i += 2 {
		if pairs[i+1].Value != noValue {
			kept = append(kept, pairs[i], pairs[i+1])
		}
	}
	return kept
}
