package rehearsal

import (
	"encoding/json"
	"os"
	"path"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// deployer is what the role that deploys from GitHub is allowed.
func deployer(t *testing.T) (may []statement) {
	text, err := os.ReadFile(root + "/.github/deploy-policy.json")
	require.NoError(t, err)
	var document struct {
		Statement []struct {
			Sid, Effect      string
			Action, Resource any // one or several
		}
	}
	require.NoError(t, json.Unmarshal(text, &document))
	for _, s := range document.Statement {
		require.Equal(t, "Allow", s.Effect)
		may = append(may, statement{Sid: s.Sid, Action: list(s.Action), Resource: list(s.Resource)})
	}
	return may
}

// covers tells whether a statement allows something of a service on a resource that it
// names; * stands for any text. What it allows on everything makes no resource.
func (s statement) covers(service, resource string) bool {
	return slices.ContainsFunc(s.Action, func(a string) bool { return strings.HasPrefix(a, service+":") }) &&
		slices.ContainsFunc(s.Resource.([]string), func(pattern string) bool {
			matches, _ := path.Match(strings.ReplaceAll(pattern, "/", "|"), strings.ReplaceAll(resource, "/", "|"))
			return matches && pattern != "*"
		})
}

// named are examples of the ARNs that a stack pizza-saga gives its resources, by type.
// A resource that the template does not name is called after the stack.
var named = map[string]string{
	"AWS::ApiGatewayV2::Api":         "arn:aws:apigateway:REGION::/apis",
	"AWS::ApiGatewayV2::Stage":       "arn:aws:apigateway:REGION::/apis/a1b2c3d4e5/stages",
	"AWS::ApiGatewayV2::Route":       "arn:aws:apigateway:REGION::/apis/a1b2c3d4e5/routes",
	"AWS::ApiGatewayV2::Integration": "arn:aws:apigateway:REGION::/apis/a1b2c3d4e5/integrations",
	"AWS::ApiGatewayV2::Authorizer":  "arn:aws:apigateway:REGION::/apis/a1b2c3d4e5/authorizers",
	"AWS::Serverless::Function":      "arn:aws:lambda:REGION:ACCOUNT:function:pizza-saga-NAME-1A2B3C",
	"AWS::Lambda::Permission":        "arn:aws:lambda:REGION:ACCOUNT:function:pizza-saga-Function-1A2B3C",
	"AWS::IAM::Role":                 "arn:aws:iam::ACCOUNT:role/pizza-saga-NAME-1A2B3C",
	"AWS::Logs::LogGroup":            "arn:aws:logs:REGION:ACCOUNT:log-group:NAME",
	"AWS::Serverless::StateMachine":  "arn:aws:states:REGION:ACCOUNT:stateMachine:NAME",
	"AWS::DynamoDB::Table":           "arn:aws:dynamodb:REGION:ACCOUNT:table/pizza-saga-NAME-1A2B3C",
	"AWS::SQS::Queue":                "arn:aws:sqs:REGION:ACCOUNT:pizza-saga-NAME-1A2B3C",
	"AWS::SQS::QueuePolicy":          "arn:aws:sqs:REGION:ACCOUNT:pizza-saga-NAME-1A2B3C",
	"AWS::SNS::Topic":                "arn:aws:sns:REGION:ACCOUNT:pizza-saga-NAME-1A2B3C",
	"AWS::SNS::Subscription":         "arn:aws:sns:REGION:ACCOUNT:pizza-saga-NAME-1A2B3C",
	"AWS::Events::Rule":              "arn:aws:events:REGION:ACCOUNT:rule/pizza-saga-NAME-1A2B3C",
	"AWS::CloudWatch::Alarm":         "arn:aws:cloudwatch:REGION:ACCOUNT:alarm:pizza-saga-NAME-1A2B3C",
}

// ownName are the properties by which the template names a resource itself.
var ownName = regexp.MustCompile(`^(Name|\w+Name)$`)

// TestWhoDeploysMayMakeWhatTheTemplateHas compares the policy with the template. That
// its actions suffice, only AWS can tell.
func TestWhoDeploysMayMakeWhatTheTemplateHas(t *testing.T) {
	may := deployer(t)
	for name, r := range readTemplate(t).Resources {
		arn, known := named[r.Type]
		require.True(t, known, "what is the ARN of %s, a %s?", name, r.Type)
		for property, value := range r.Properties {
			if text, ok := value.(string); ok && ownName.MatchString(property) {
				arn = strings.ReplaceAll(arn, "NAME", strings.NewReplacer("${AWS::StackName}", "pizza-saga", "${Api}", "a1b2c3d4e5").Replace(text))
			}
		}
		service := strings.Split(arn, ":")[2]
		assert.True(t, slices.ContainsFunc(may, func(s statement) bool { return s.covers(service, arn) }),
			".github/deploy-policy.json has no statement for %s, a %s: %s:… on %s", name, r.Type, service, arn)
	}
}
