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
	"go.yaml.in/yaml/v3"
)

// deployer is the policy of the role that deploys from GitHub.
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

// covers reports whether a statement allows some action of a service on a resource that
// it names. * matches any text. A statement for all resources does not count.
func (s statement) covers(service, resource string) bool {
	return slices.ContainsFunc(s.Action, func(a string) bool { return strings.HasPrefix(a, service+":") }) &&
		slices.ContainsFunc(s.Resource.([]string), func(pattern string) bool {
			matches, _ := path.Match(strings.ReplaceAll(pattern, "/", "|"), strings.ReplaceAll(resource, "/", "|"))
			return matches && pattern != "*"
		})
}

// named has examples of the ARNs of a stack pizza-saga's resources, by type. A resource
// without a name in the template is named after the stack.
var named = map[string]string{
	"AWS::ApiGatewayV2::Api":         "arn:aws:apigateway:REGION::/apis",
	"AWS::ApiGatewayV2::Stage":       "arn:aws:apigateway:REGION::/apis/a1b2c3d4e5/stages",
	"AWS::ApiGatewayV2::Route":       "arn:aws:apigateway:REGION::/apis/a1b2c3d4e5/routes",
	"AWS::ApiGatewayV2::Integration": "arn:aws:apigateway:REGION::/apis/a1b2c3d4e5/integrations",
	"AWS::ApiGatewayV2::Authorizer":  "arn:aws:apigateway:REGION::/apis/a1b2c3d4e5/authorizers",
	"AWS::Serverless::Function":      "arn:aws:lambda:REGION:ACCOUNT:function:STACK-NAME-1A2B3C",
	"AWS::Lambda::Permission":        "arn:aws:lambda:REGION:ACCOUNT:function:STACK-Function-1A2B3C",
	"AWS::IAM::Role":                 "arn:aws:iam::ACCOUNT:role/STACK-NAME-1A2B3C",
	"AWS::Logs::LogGroup":            "arn:aws:logs:REGION:ACCOUNT:log-group:NAME",
	"AWS::Serverless::StateMachine":  "arn:aws:states:REGION:ACCOUNT:stateMachine:NAME",
	"AWS::DynamoDB::Table":           "arn:aws:dynamodb:REGION:ACCOUNT:table/STACK-NAME-1A2B3C",
	"AWS::SQS::Queue":                "arn:aws:sqs:REGION:ACCOUNT:STACK-NAME-1A2B3C",
	"AWS::SQS::QueuePolicy":          "arn:aws:sqs:REGION:ACCOUNT:STACK-NAME-1A2B3C",
	"AWS::SNS::Topic":                "arn:aws:sns:REGION:ACCOUNT:STACK-NAME-1A2B3C",
	"AWS::SNS::Subscription":         "arn:aws:sns:REGION:ACCOUNT:STACK-NAME-1A2B3C",
	"AWS::Events::Rule":              "arn:aws:events:REGION:ACCOUNT:rule/STACK-NAME-1A2B3C",
	"AWS::CloudWatch::Alarm":         "arn:aws:cloudwatch:REGION:ACCOUNT:alarm:STACK-NAME-1A2B3C",
}

// ownName are the properties in which the template can name a resource.
var ownName = regexp.MustCompile(`^(Name|\w+Name)$`)

// TestTheDeployerMayCreateEveryResource compares the policy with the template. Only AWS
// can show that the allowed actions are enough.
func TestTheDeployerMayCreateEveryResource(t *testing.T) {
	may := deployer(t)
	config, err := os.ReadFile(root + "/samconfig.toml")
	require.NoError(t, err)
	stack := string(regexp.MustCompile(`stack_name = "([^"]+)"`).FindSubmatch(config)[1])
	for name, r := range readTemplate(t).Resources {
		arn, known := named[r.Type]
		require.True(t, known, "what is the ARN of %s, a %s?", name, r.Type)
		arn = strings.ReplaceAll(arn, "STACK", stack)
		for property, value := range r.Properties {
			if text, ok := value.(string); ok && ownName.MatchString(property) {
				arn = strings.ReplaceAll(arn, "NAME", strings.NewReplacer("${AWS::StackName}", stack, "${Api}", "a1b2c3d4e5").Replace(text))
			}
		}
		service := strings.Split(arn, ":")[2]
		assert.True(t, slices.ContainsFunc(may, func(s statement) bool { return s.covers(service, arn) }),
			".github/deploy-policy.json has no statement for %s, a %s: %s:… on %s", name, r.Type, service, arn)
	}
}

// deployment has the relevant parts of .github/workflows/deploy.yml.
type deployment struct {
	On struct {
		Dispatch struct {
			Inputs struct {
				Environment struct {
					Options []string `yaml:"options"`
				} `yaml:"environment"`
			} `yaml:"inputs"`
		} `yaml:"workflow_dispatch"`
	} `yaml:"on"`
	Defaults struct {
		Run struct {
			Shell string `yaml:"shell"`
		} `yaml:"run"`
	} `yaml:"defaults"`
	Jobs map[string]struct {
		Environment string            `yaml:"environment"`
		Permissions map[string]string `yaml:"permissions"`
		Steps       []struct {
			Uses string            `yaml:"uses"`
			Run  string            `yaml:"run"`
			Env  map[string]string `yaml:"env"`
		} `yaml:"steps"`
	} `yaml:"jobs"`
}

func TestTheDeploymentFromGitHub(t *testing.T) {
	text, err := os.ReadFile(root + "/.github/workflows/deploy.yml")
	require.NoError(t, err)
	var w deployment
	require.NoError(t, yaml.Unmarshal(text, &w))
	smoked := false
	for name, job := range w.Jobs {
		privileged := job.Permissions["id-token"] == "write"
		for _, step := range job.Steps {
			if step.Uses != "" {
				assert.Regexp(t, `@[0-9a-f]{40}$`, step.Uses, "%s: pin the action to a commit, because a tag can be moved", name)
			}
			assert.False(t, privileged && strings.HasPrefix(step.Uses, "actions/checkout@"), "%s: code of the repository would run with access to AWS", name)
			readsSecret := strings.Contains(step.Env["TOKEN"], "secrets.")
			assert.False(t, readsSecret && job.Environment == "", "%s: a secret of an environment is empty without it", name)
			smoked = smoked || readsSecret && strings.HasPrefix(step.Run, "go run ./cmd/smoke ") && strings.Contains(step.Run, `-token "$TOKEN"`)
		}
	}
	assert.True(t, smoked, "no job runs the smoke with the environment's token")
	assert.Equal(t, "bash", w.Defaults.Run.Shell, "GitHub's default shell ignores failures inside a pipe")

	trust, err := os.ReadFile(root + "/.github/deploy-trust.json")
	require.NoError(t, err)
	var trusted []string
	for _, subject := range regexp.MustCompile(`repo:OWNER/REPOSITORY:environment:(\w+)`).FindAllStringSubmatch(string(trust), -1) {
		trusted = append(trusted, subject[1])
	}
	require.Equal(t, w.On.Dispatch.Inputs.Environment.Options, trusted, "who may have the role")
}
