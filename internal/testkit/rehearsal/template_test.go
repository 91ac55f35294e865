package rehearsal

import (
	"encoding/json"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"pizzasaga/statemachine"
)

// The emulator checks neither the workflow's role, nor what Lambda does with the
// function's role, nor the roles' trust policies, so these rules are read from
// template.yaml.

func TestTheWorkflowHasThePermissionsThatItNeedsAndNoMore(t *testing.T) {
	workflow := templateResource(t, "Workflow")
	var needs []string
	for _, task := range tasks(t) {
		need := func(action, reference string) {
			name := strings.Trim(reference, "${}")
			target, ok := workflow["DefinitionSubstitutions"].(map[string]any)[name].(string)
			require.True(t, ok, "the template has no substitution for %s", reference)
			needs = append(needs, action+" "+logical(target))
		}
		switch _, integration, _ := strings.Cut(task.Resource, ":states:::"); integration {
		case "lambda:invoke":
			need("lambda:InvokeFunction", task.Parameters.FunctionName)
		case "sqs:sendMessage":
			need("sqs:SendMessage", task.Parameters.QueueURL)
		default:
			t.Fatalf("the test does not know the permission for %s", task.Resource)
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

// TestLambdaHasThePermissionsThatItNeeds does not check the function's own calls, because
// the emulator does.
func TestLambdaHasThePermissionsThatItNeeds(t *testing.T) {
	function := templateResource(t, "Function")
	may := allowed(t, "FunctionRole")
	for _, test := range []struct {
		name, needed string
		actions      []string
		resource     any
	}{
		// https://docs.aws.amazon.com/lambda/latest/dg/monitoring-cloudwatchlogs-loggroups.html
		{"write logs", "LoggingConfig", []string{"logs:CreateLogStream", "logs:PutLogEvents"}, at(function, "LoggingConfig", "LogGroup")},
		// https://docs.aws.amazon.com/lambda/latest/dg/services-xray.html
		{"write traces", "Tracing", []string{"xray:PutTelemetryRecords", "xray:PutTraceSegments"}, "*"},
		// https://docs.aws.amazon.com/lambda/latest/dg/invocation-async-retain-records.html
		{"send the events that it failed to handle", "EventInvokeConfig", []string{"sqs:SendMessage"},
			at(function, "EventInvokeConfig", "DestinationConfig", "OnFailure", "Destination")},
	} {
		t.Run(test.name, func(t *testing.T) {
			require.NotNil(t, function[test.needed], "the function has no %s", test.needed)
			for _, action := range test.actions {
				require.IsType(t, "", test.resource, "the function's %s names no resource", test.needed)
				require.Contains(t, may, action+" "+logical(test.resource.(string)), "the function's %s needs this in FunctionRole", test.needed)
			}
		})
	}
}

func TestEveryRoleTrustsItsService(t *testing.T) {
	read := readTemplate(t)
	for kind, service := range map[string]string{"AWS::Serverless::Function": "lambda.amazonaws.com", "AWS::Serverless::StateMachine": "states.amazonaws.com"} {
		for name, r := range read.ofType(kind) {
			role := logical(r.Properties["Role"].(string))
			trust := at(read.Resources[role].Properties, "AssumeRolePolicyDocument", "Statement").([]any)[0]
			require.Equal(t, []any{"Allow", service, "sts:AssumeRole"},
				[]any{at(trust, "Effect"), at(trust, "Principal", "Service"), at(trust, "Action")}, "%s cannot act as its role %s", name, role)
		}
	}
}

// TestATableForRealOrdersOutlivesItsStack allows the roll-back of a first deployment to
// delete a table that never had an order.
func TestATableForRealOrdersOutlivesItsStack(t *testing.T) {
	for name, r := range readTemplate(t).ofType("AWS::DynamoDB::Table") {
		require.Equal(t, []any{"IsDemo", "Delete", "RetainExceptOnCreate"}, r.DeletionPolicy, name)
		require.Equal(t, []any{"IsDemo", "Delete", "Retain"}, r.ReplacePolicy, name) // RetainExceptOnCreate is not possible here
	}
}

// TestTheTemplateHasNoSelect avoids a bug of AWS::LanguageExtensions, in which a
// Select fails if its list is not known yet.
//
// https://github.com/aws-cloudformation/cloudformation-coverage-roadmap/issues/1573
func TestTheTemplateHasNoSelect(t *testing.T) {
	text, err := os.ReadFile(root + "/template.yaml")
	require.NoError(t, err)
	require.Contains(t, string(text), "- AWS::LanguageExtensions")
	require.NotRegexp(t, `!Select|Fn::Select`, string(text))
}

type task struct {
	Type, Resource string
	Parameters     struct{ FunctionName, QueueURL string }
}

// tasks returns the tasks of the definition, including those of branches.
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
