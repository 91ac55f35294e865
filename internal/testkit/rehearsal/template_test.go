package rehearsal

import (
	"encoding/json"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"go.yaml.in/yaml/v3"

	"pizzasaga/statemachine"
)

// The emulator checks neither the workflow's role nor what Lambda itself does as the
// function's role, so these rules are read from template.yaml.

func TestTheWorkflowMayDoWhatItDoesAndNoMore(t *testing.T) {
	workflow := templateResource(t, "Workflow")
	var needs []string
	for _, task := range tasks(t) {
		need := func(action, reference string) {
			name := strings.Trim(reference, "${}")
			target, ok := workflow["DefinitionSubstitutions"].(map[string]any)[name].(string)
			require.True(t, ok, "the template substitutes nothing for %s", reference)
			needs = append(needs, action+" "+logical(target))
		}
		switch _, integration, _ := strings.Cut(task.Resource, ":states:::"); integration {
		case "lambda:invoke":
			need("lambda:InvokeFunction", task.Parameters.FunctionName)
		case "sqs:sendMessage":
			need("sqs:SendMessage", task.Parameters.QueueURL)
		default:
			t.Fatalf("what must the workflow's role allow for %s?", task.Resource)
		}
	}
	// https://docs.aws.amazon.com/step-functions/latest/dg/cw-logs.html
	if workflow["Logging"] != nil {
		for _, action := range []string{"CreateLogDelivery", "GetLogDelivery", "UpdateLogDelivery", "DeleteLogDelivery", "ListLogDeliveries",
			"PutResourcePolicy", "DescribeResourcePolicies", "DescribeLogGroups"} {
			needs = append(needs, "logs:"+action+" *")
		}
	}
	// https://docs.aws.amazon.com/step-functions/latest/dg/concepts-xray-tracing.html
	if workflow["Tracing"] != nil {
		for _, action := range []string{"PutTraceSegments", "PutTelemetryRecords", "GetSamplingRules", "GetSamplingTargets"} {
			needs = append(needs, "xray:"+action+" *")
		}
	}
	slices.Sort(needs)
	require.Equal(t, slices.Compact(needs), allowed(t, "WorkflowRole"))
}

func TestTheFunctionMaySendTheEventsThatItFailedToAnswer(t *testing.T) {
	config := templateResource(t, "Function")["EventInvokeConfig"].(map[string]any)
	destination := config["DestinationConfig"].(map[string]any)["OnFailure"].(map[string]any)["Destination"].(string)
	require.Contains(t, allowed(t, "FunctionRole"), "sqs:SendMessage "+logical(destination))
}

type task struct {
	Type, Resource string
	Parameters     struct{ FunctionName, QueueURL string }
}

// tasks returns the tasks of the definition, those of branches included.
func tasks(t *testing.T) (all []task) {
	type machine struct{ States map[string]json.RawMessage }
	var collect func(m machine)
	collect = func(m machine) {
		for name, text := range m.States {
			var one struct {
				task
				Branches []machine
			}
			require.NoError(t, json.Unmarshal(text, &one), name)
			if one.Type == "Task" {
				all = append(all, one.task)
			}
			for _, branch := range one.Branches {
				collect(branch)
			}
		}
	}
	var whole machine
	require.NoError(t, json.Unmarshal(statemachine.Pizza, &whole))
	collect(whole)
	return all
}

// allowed returns what a role's own policies allow, as "action resource", sorted.
func allowed(t *testing.T, role string) (all []string) {
	for _, policy := range templateResource(t, role)["Policies"].([]any) {
		document := policy.(map[string]any)["PolicyDocument"].(map[string]any)
		for _, s := range document["Statement"].([]any) {
			statement := s.(map[string]any)
			require.Equal(t, "Allow", statement["Effect"])
			for _, action := range list(statement["Action"]) {
				for _, resource := range list(statement["Resource"]) {
					all = append(all, action+" "+logical(resource))
				}
			}
		}
	}
	slices.Sort(all)
	return all
}

// list is a value of a policy that may be one or several. One that is made by Sub
// with values of its own stands for its text.
func list(v any) (all []string) {
	if one, ok := v.(string); ok {
		return []string{one}
	}
	for _, one := range v.([]any) {
		if made, ok := one.([]any); ok {
			one = made[0]
		}
		all = append(all, one.(string))
	}
	return all
}

// logical is the name of the resource that a reference refers to.
func logical(reference string) string { return strings.TrimSuffix(reference, ".Arn") }

// templateResource returns the properties of a resource of template.yaml. Of
// CloudFormation's functions it has what they are applied to.
func templateResource(t *testing.T, name string) map[string]any {
	text, err := os.ReadFile(root + "/template.yaml")
	require.NoError(t, err)
	var template struct {
		Resources map[string]struct {
			Properties yaml.Node `yaml:"Properties"`
		} `yaml:"Resources"`
	}
	require.NoError(t, yaml.Unmarshal(text, &template))
	node := template.Resources[name].Properties
	untag(&node)
	var properties map[string]any
	require.NoError(t, node.Decode(&properties), name)
	return properties
}

func untag(n *yaml.Node) {
	if strings.HasPrefix(n.Tag, "!") && !strings.HasPrefix(n.Tag, "!!") {
		n.Tag = ""
	}
	for _, child := range n.Content {
		untag(child)
	}
}
