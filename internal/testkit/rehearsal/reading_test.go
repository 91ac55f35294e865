package rehearsal

import (
	"iter"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"go.yaml.in/yaml/v3"
)

// template has the parts of template.yaml that tests read.
type template struct {
	Conditions map[string]yaml.Node
	Resources  map[string]templated
}

// templated is a resource of template.yaml. In its properties, CloudFormation's functions
// are replaced by their arguments: !If by the condition and both values.
type templated struct {
	Type           string
	Condition      string
	Properties     map[string]any
	DeletionPolicy any
	ReplacePolicy  any
}

func readTemplate(t *testing.T) (read template) {
	text, err := os.ReadFile(root + "/template.yaml")
	require.NoError(t, err)
	var raw struct {
		Conditions map[string]yaml.Node `yaml:"Conditions"`
		Resources  map[string]struct {
			Type       string    `yaml:"Type"`
			Condition  string    `yaml:"Condition"`
			Properties yaml.Node `yaml:"Properties"`
			Deletion   any       `yaml:"DeletionPolicy"`
			Replace    any       `yaml:"UpdateReplacePolicy"`
		} `yaml:"Resources"`
	}
	require.NoError(t, yaml.Unmarshal(text, &raw))
	read = template{Conditions: raw.Conditions, Resources: map[string]templated{}}
	for name, r := range raw.Resources {
		one := templated{Type: r.Type, Condition: r.Condition, DeletionPolicy: r.Deletion, ReplacePolicy: r.Replace}
		untag(&r.Properties)
		require.NoError(t, r.Properties.Decode(&one.Properties), name)
		read.Resources[name] = one
	}
	return read
}

func untag(n *yaml.Node) {
	if strings.HasPrefix(n.Tag, "!") && !strings.HasPrefix(n.Tag, "!!") {
		n.Tag = ""
	}
	for _, child := range n.Content {
		untag(child)
	}
}

// templateResource returns the properties of a resource of template.yaml.
func templateResource(t *testing.T, name string) map[string]any {
	r, ok := readTemplate(t).Resources[name]
	require.True(t, ok, "the template has no %s", name)
	return r.Properties
}

// ofType returns the resources of a type by name.
func (read template) ofType(kind string) iter.Seq2[string, templated] {
	return func(yield func(string, templated) bool) {
		for name, r := range read.Resources {
			if r.Type == kind && !yield(name, r) {
				return
			}
		}
	}
}

// holds reports whether a condition of the template is true with these parameters.
func holds(t *testing.T, condition yaml.Node, parameters map[string]string) bool {
	t.Helper()
	value := func(n *yaml.Node) string {
		if n.Tag == "!Ref" {
			return parameters[n.Value]
		}
		return n.Value
	}
	switch condition.Tag {
	case "!Equals":
		return value(condition.Content[0]) == value(condition.Content[1])
	case "!Not":
		return !holds(t, *condition.Content[0], parameters)
	case "!Or":
		return slices.ContainsFunc(condition.Content, func(n *yaml.Node) bool { return holds(t, *n, parameters) })
	}
	t.Fatalf("the test does not support %q in a condition", condition.Tag)
	return false
}

// at returns the part of a value at a path of names, or nil.
func at(value any, path ...string) any {
	for _, name := range path {
		m, _ := value.(map[string]any)
		value = m[name]
	}
	return value
}

// list returns the elements of a value that may be one, a list, or missing.
func list(v any) (all []string) {
	switch v := v.(type) {
	case nil:
	case string:
		return []string{v}
	default:
		for _, one := range v.([]any) {
			all = append(all, one.(string))
		}
	}
	return all
}

// logical returns the name of the resource that a reference refers to.
func logical(reference string) string { return strings.TrimSuffix(reference, ".Arn") }
