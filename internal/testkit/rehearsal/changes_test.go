package rehearsal

import (
	"maps"
	"os"
	"runtime"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"
	"go.yaml.in/yaml/v3"
)

// properties are a resource's properties in the template that `sam build` writes, which
// has no short forms of CloudFormation's functions.
type properties map[string]any

// changes are all changes of the template for the emulator. Each is made to the resources
// of one type. A resource that is empty afterwards is removed.
var changes = []struct {
	name     string
	resource string
	apply    func(p properties)
}{
	{"this machine's architecture", "AWS::Serverless::Function", func(p properties) {
		p["Architectures"] = []string{map[string]string{"amd64": "x86_64", "arm64": "arm64"}[runtime.GOARCH]}
	}},
	{"no alarms with metric math, which the emulator does not support", "AWS::CloudWatch::Alarm", func(p properties) {
		metrics, _ := p["Metrics"].([]any)
		if slices.ContainsFunc(metrics, func(m any) bool { return m.(map[string]any)["Expression"] != nil }) {
			clear(p)
		}
	}},
	{"queues accept plain HTTP, because the emulator supports nothing else", "AWS::SQS::QueuePolicy", func(p properties) {
		policy := p["PolicyDocument"].(map[string]any)
		allowed := slices.DeleteFunc(policy["Statement"].([]any), func(s any) bool { return s.(map[string]any)["Effect"] == "Deny" })
		policy["Statement"] = allowed
		if len(allowed) == 0 {
			clear(p)
		}
	}},
}

// change makes the changes to a built template.
func change(t *testing.T, file string) {
	text, err := os.ReadFile(file)
	require.NoError(t, err)
	var template map[string]any
	require.NoError(t, yaml.Unmarshal(text, &template))
	resources := template["Resources"].(map[string]any)
	for _, c := range changes {
		t.Logf("changed for the emulator: %s", c.name)
		maps.DeleteFunc(resources, func(_ string, r any) bool {
			resource := r.(map[string]any)
			if resource["Type"] != c.resource {
				return false
			}
			p := resource["Properties"].(map[string]any)
			c.apply(p)
			return len(p) == 0
		})
	}
	text, err = yaml.Marshal(template)
	require.NoError(t, err)
	require.NoError(t, os.WriteFile(file, text, 0o600))
}
