package rehearsal

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// The emulator lets everybody call the function and send to the queues, and supports
// neither authorizers nor alarms, so these rules are read from template.yaml.

func TestOnlyTheCallersOfTheFunctionMayCallIt(t *testing.T) {
	read := readTemplate(t)
	var needs, has []string
	for _, r := range read.ofType("AWS::ApiGatewayV2::Integration") {
		from := fmt.Sprintf("arn:${AWS::Partition}:execute-api:${AWS::Region}:${AWS::AccountId}:${%s}/*", r.Properties["ApiId"])
		needs = append(needs, "apigateway.amazonaws.com from "+from+" to "+logical(r.Properties["IntegrationUri"].(string)))
	}
	for name, target := range read.targets(t) {
		needs = append(needs, "events.amazonaws.com from "+name+".Arn to "+logical(target["Arn"].(string)))
	}
	for name, r := range read.ofType("AWS::Lambda::Permission") {
		require.Equal(t, "lambda:InvokeFunction", r.Properties["Action"], name)
		require.Empty(t, r.Condition, name)
		has = append(has, fmt.Sprintf("%s from %s to %s", r.Properties["Principal"], r.Properties["SourceArn"], r.Properties["FunctionName"]))
	}
	slices.Sort(needs)
	slices.Sort(has)
	require.Equal(t, needs, has, "the AWS::Lambda::Permission resources that are needed, and the existing ones")
}

// targets are the targets of the rules, by the rule's name; each rule has one.
func (read template) targets(t *testing.T) map[string]map[string]any {
	all := map[string]map[string]any{}
	for name, r := range read.ofType("AWS::Events::Rule") {
		targets, _ := r.Properties["Targets"].([]any)
		require.Len(t, targets, 1, name)
		all[name] = targets[0].(map[string]any)
	}
	require.NotEmpty(t, all)
	return all
}

func TestAnEventThatCannotBeDeliveredIsRetriedAndThenKept(t *testing.T) {
	read := readTemplate(t)
	for name, target := range read.targets(t) {
		t.Run(name, func(t *testing.T) {
			for _, limit := range []string{"MaximumEventAgeInSeconds", "MaximumRetryAttempts"} {
				assert.NotNil(t, at(target, "RetryPolicy", limit), "the target's RetryPolicy has no %s", limit)
			}
			queue, _ := at(target, "DeadLetterConfig", "Arn").(string)
			require.NotEmpty(t, queue, "the target has no DeadLetterConfig")
			require.Equal(t, "AWS::SQS::Queue", read.Resources[logical(queue)].Type)
			require.Contains(t, read.admitted(logical(queue)), name+".Arn", "no queue policy lets EventBridge send this rule's events to %s", logical(queue))
		})
	}
}

// admitted returns the sources whose events the queue's policies let EventBridge send.
func (read template) admitted(queue string) (sources []string) {
	for _, r := range read.ofType("AWS::SQS::QueuePolicy") {
		if !slices.Contains(list(r.Properties["Queues"]), queue) {
			continue
		}
		for _, s := range at(r.Properties, "PolicyDocument", "Statement").([]any) {
			if at(s, "Effect") == "Allow" && at(s, "Principal", "Service") == "events.amazonaws.com" && slices.Contains(list(at(s, "Action")), "sqs:SendMessage") {
				sources = append(sources, list(at(s, "Condition", "ArnEquals", "aws:SourceArn"))...)
			}
		}
	}
	return sources
}

func TestEveryQueueRefusesPlainHTTP(t *testing.T) {
	read := readTemplate(t)
	var refuse []string
	for _, r := range read.ofType("AWS::SQS::QueuePolicy") {
		for _, s := range at(r.Properties, "PolicyDocument", "Statement").([]any) {
			if at(s, "Effect") == "Deny" && at(s, "Principal") == "*" && at(s, "Action") == "sqs:*" && at(s, "Condition", "Bool", "aws:SecureTransport") == "false" {
				refuse = append(refuse, list(r.Properties["Queues"])...)
			}
		}
	}
	for name := range read.ofType("AWS::SQS::Queue") {
		assert.Contains(t, refuse, name, "no policy denies plain HTTP")
	}
}

func TestPlacingAndCancellingCanRequireAToken(t *testing.T) {
	read := readTemplate(t)
	const condition = "RequiresToken"
	closed := 0
	for name, r := range read.ofType("AWS::ApiGatewayV2::Route") {
		if key := r.Properties["RouteKey"].(string); !strings.HasPrefix(key, "POST ") {
			require.Equal(t, "$default", key, "%s: is this open to everyone?", name)
			continue
		}
		closed++
		require.Equal(t, []any{condition, "JWT", "NONE"}, r.Properties["AuthorizationType"], "%s: AuthorizationType", name)
		authorizer, _ := r.Properties["AuthorizerId"].([]any)
		require.Len(t, authorizer, 3, "%s: AuthorizerId", name)
		require.Equal(t, []any{condition, "AWS::NoValue"}, []any{authorizer[0], authorizer[2]}, "%s: AuthorizerId", name)
		a := read.Resources[authorizer[1].(string)]
		require.Equal(t, "AWS::ApiGatewayV2::Authorizer", a.Type, "%s: AuthorizerId", name)
		require.Equal(t, condition, a.Condition)
		require.Equal(t, map[string]any{"Issuer": "JwtIssuer", "Audience": []any{"JwtAudience"}}, a.Properties["JwtConfiguration"])
	}
	require.Positive(t, closed, "no route of the template is for POST")
	require.Equal(t, []any{condition, "on", "off"}, at(templateResource(t, "Function"), "Environment", "Variables", "TOKEN_REQUIRED"), "TOKEN_REQUIRED")

	for _, test := range []struct {
		name, issuer, audience string
		closed                 bool
	}{
		{"open", "", "", false},
		{"closed", "https://issuer.example", "pizza", true},
		{"a mistake: only an issuer", "https://issuer.example", "", true},
		{"a mistake: only an audience", "", "pizza", true},
	} {
		t.Run(test.name, func(t *testing.T) {
			parameters := map[string]string{"JwtIssuer": test.issuer, "JwtAudience": test.audience}
			require.Equal(t, test.closed, holds(t, read.Conditions[condition], parameters))
		})
	}
}

func TestEveryAlarmNotifiesSomebody(t *testing.T) {
	read := readTemplate(t)
	for name, r := range read.ofType("AWS::CloudWatch::Alarm") {
		actions := list(r.Properties["AlarmActions"])
		assert.NotEmpty(t, actions, "%s has no AlarmActions", name)
		for _, action := range actions {
			assert.Equal(t, "AWS::SNS::Topic", read.Resources[action].Type, "%s: AlarmActions", name)
		}
	}
	subscribed := map[any]bool{}
	for _, r := range read.ofType("AWS::SNS::Subscription") {
		subscribed[r.Properties["TopicArn"]] = r.Properties["Endpoint"] == "AlarmEmail" && r.Condition == "HasAlarmEmail"
	}
	for name := range read.ofType("AWS::SNS::Topic") {
		assert.True(t, subscribed[name], "%s reaches no AlarmEmail", name)
	}
}

func TestEveryQueueHasAnAlarm(t *testing.T) {
	read := readTemplate(t)
	watched := map[any]bool{}
	for _, r := range read.ofType("AWS::CloudWatch::Alarm") {
		dimensions, _ := r.Properties["Dimensions"].([]any)
		for _, d := range dimensions {
			watched[at(d, "Value")] = at(d, "Name") == "QueueName"
		}
	}
	for name := range read.ofType("AWS::SQS::Queue") {
		assert.True(t, watched[name+".QueueName"], "no alarm watches %s", name)
	}
}
