package asl

import (
	"maps"
	"slices"
	"strings"
)

// service is a service of which all actions are known: those that Step Functions has
// optimised integrations for.
//
// https://docs.aws.amazon.com/step-functions/latest/dg/integrate-optimized.html
type service map[string]action

// action is what is known about an action of a service.
type action struct {
	required []string // parameters
	forms    []string // of its ARN, without the empty one
}

var (
	byToken = []string{tokenSuffix}
	asJob   = []string{syncSuffix}
)

var services = map[string]service{
	"batch": {"submitJob": {[]string{"JobDefinition", "JobName", "JobQueue"}, asJob}},
	"dynamodb": {
		"deleteItem": {required: []string{"TableName", "Key"}},
		"getItem":    {required: []string{"TableName", "Key"}},
		"putItem":    {required: []string{"TableName", "Item"}},
		"updateItem": {required: []string{"TableName", "Key"}},
	},
	"ecs":    {"runTask": {[]string{"TaskDefinition"}, []string{syncSuffix, tokenSuffix}}},
	"events": {"putEvents": {[]string{"Entries"}, byToken}},
	"glue":   {"startJobRun": {[]string{"JobName"}, asJob}},
	"lambda": {"invoke": {[]string{"FunctionName"}, byToken}},
	"sns":    {"publish": {[]string{"Message"}, byToken}},
	"sqs":    {"sendMessage": {[]string{"QueueUrl", "MessageBody"}, byToken}},
	"states": {"startExecution": {[]string{"StateMachineArn"}, []string{syncSuffix, syncSuffix + ":2", tokenSuffix}}},
}

// checkAction reports an action that its service does not have, and required parameters
// that are missing.
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

// names returns the names of all actions, in all of their forms.
func (s service) names() (names []string) {
	for _, name := range slices.Sorted(maps.Keys(s)) {
		names = append(names, name)
		for _, form := range s[name].forms {
			names = append(names, name+form)
		}
	}
	return names
}
