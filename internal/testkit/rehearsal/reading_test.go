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

// template is template.yaml as its tests read it.
type template struct {
	Conditions map[string]yaml.Node
	Resources  map[string]templated
}

// templated is a resource of template.yaml. Of CloudFormation's functions its
// properties have what they are applied to: of !If the condition and both values.
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

// ofType are the resources of a type, by their names.
func (read template) ofType(kind string) iter.Seq2[string, templated] {
	return func(yield func(string, templated) bool) {
		for name, r := range read.Resources {
			if r.Type == kind && !yield(name, r) {
				return
			}
		}
	}
}

// holds tells whether a condition of the template is true with such parameters.
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
	t.Fatalf("what does %q mean in a condition?", condition.Tag)
	return false
}

// at returns what stands in a value at a path of names, or nil.
func at(value any, path ...string) any {
	for _, name := range path {
		m, _ := value.(map[string]any)
		value = m[name]
	}
	return value
}

// list is a value of a template or a policy that may be one, several or none.
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

// logical is the name of the resource that a reference refers to.
func logical(reference string) string { return strings.TrimSuffix(reference, ".Arn") }
