package asl

import (
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strings"

	"pizzasaga/asl/internal/expr"
)

// service has all actions of a service with optimised integrations.
//
// https://docs.aws.amazon.com/step-functions/latest/dg/integrate-optimized.html
type service map[string]action

// action is an action of a service.
type action struct {
	required []string // parameters
	forms    []string // the suffixes that its name can have
}

var (
	tokenForm = []string{tokenSuffix}
	jobForm   = []string{syncSuffix}
)

var services = map[string]service{
	"batch": {"submitJob": {[]string{"JobDefinition", "JobName", "JobQueue"}, jobForm}},
	"dynamodb": {
		"deleteItem": {required: []string{"TableName", "Key"}},
		"getItem":    {required: []string{"TableName", "Key"}},
		"putItem":    {required: []string{"TableName", "Item"}},
		"updateItem": {required: []string{"TableName", "Key"}},
	},
	"ecs":    {"runTask": {[]string{"TaskDefinition"}, []string{syncSuffix, tokenSuffix}}},
	"events": {"putEvents": {[]string{"Entries"}, tokenForm}},
	"glue":   {"startJobRun": {[]string{"JobName"}, jobForm}},
	"lambda": {"invoke": {[]string{"FunctionName"}, tokenForm}},
	"sns":    {"publish": {[]string{"Message"}, tokenForm}},
	"sqs":    {"sendMessage": {[]string{"QueueUrl", "MessageBody"}, tokenForm}},
	"states": {"startExecution": {[]string{"StateMachineArn"}, []string{syncSuffix, syncSuffix + ":2", tokenSuffix}}},
}

// otherServices are the other services with optimised integrations. Their actions are not
// checked.
var otherServices = []string{
	"apigateway", "athena", "bedrock", "codebuild", "databrew", "eks", "elasticmapreduce", "emr-containers", "emr-serverless", "http",
	"mediaconvert", "sagemaker",
}

// sdkAction matches a service and an action of the AWS SDK.
var sdkAction = regexp.MustCompile(`^aws-sdk:[a-z0-9]+:[a-z][A-Za-z0-9]*(\.waitForTaskToken)?$`)

// CheckServices reports the tasks whose service Step Functions does not have, and
// malformed actions of the AWS SDK. [Load] does not check this, because a program can
// register its own resources. The error is a [Problems].
func (m *Machine) CheckServices() error {
	known := slices.Sorted(maps.Keys(services))
	known = append(known, otherServices...)
	known = append(known, "aws-sdk")
	return m.checkTasks(func(w *taskWork) string {
		service, _, _ := strings.Cut(w.key, ":")
		switch {
		case service == "aws-sdk" && !sdkAction.MatchString(w.service+":"+w.action):
			return "an action of the AWS SDK must have the form arn:aws:states:::aws-sdk:dynamodb:updateItem, with a lower-case first letter"
		case w.service != "" && !slices.Contains(known, service):
			return fmt.Sprintf("Step Functions has no service %s%s", service, expr.DidYouMean(service, known))
		}
		return ""
	})
}

// checkAction reports an action that its service does not have, and missing required
// parameters.
func (w *taskWork) checkAction(f *stateFields) {
	actions, ok := services[w.service]
	if !ok {
		return
	}
	name, form := w.action, ""
	if dot := strings.IndexByte(name, '.'); dot >= 0 {
		name, form = name[:dot], name[dot:]
	}
	a, ok := actions[name]
	if !ok || form != "" && !slices.Contains(a.forms, form) {
		f.wrong("Resource", "%s has no action %s; it has %s", w.service, w.action, strings.Join(actions.names(), ", "))
		return
	}
	parameters := f.field("Parameters")
	if parameters == nil || !parameters.IsObject() {
		return
	}
	for _, name := range a.required {
		if parameters.Member(name) == nil && parameters.Member(name+".$") == nil {
			f.wrong("Parameters", "needs the field %s", name)
		}
	}
}

// names returns the names of all actions, with all their suffixes.
func (s service) names() (names []string) {
	for _, name := range slices.Sorted(maps.Keys(s)) {
		names = append(names, name)
		for _, form := range s[name].forms {
			names = append(names, name+form)
		}
	}
	return names
}
