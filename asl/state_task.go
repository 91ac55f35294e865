package asl

import (
	"errors"
	"fmt"
	"strings"
)

// taskWork is what a Task state does.
type taskWork struct {
	resource   string  // the ARN
	key        string  // in Config.Resources
	service    string  // "sqs"; empty for a function's own ARN
	action     string  // "sendMessage.waitForTaskToken"
	byToken    bool    // the task is submitted, and then waits for its token
	timeout    number  // seconds; 0 is none
	beat       number  // seconds; 0 is none
	resourceAt Problem // at the place of Resource, without a message

	startedDetails TaskStartedDetails // shared by all events
}

// The suffixes of actions whose tasks do not end when their service has answered. syncSuffix
// can be followed by a version: .sync:2.
const (
	tokenSuffix = ".waitForTaskToken"
	syncSuffix  = ".sync"
)

func compileTask(f *stateFields) work {
	f.common()
	f.state.parameters = f.template("Parameters")
	f.results()
	f.errorHandling()
	f.exclusive("TimeoutSeconds", "TimeoutSecondsPath")
	f.exclusive("HeartbeatSeconds", "HeartbeatSecondsPath")
	w := &taskWork{
		timeout: f.numberOrPath("TimeoutSeconds", timeoutSeconds, maxSeconds),
		beat:    f.numberOrPath("HeartbeatSeconds", timeoutSeconds, maxSeconds),
	}
	if w.beat.constant > 0 && w.timeout.constant > 0 && w.beat.constant >= w.timeout.constant {
		f.wrong("HeartbeatSeconds", "must be shorter than TimeoutSeconds, which is %d", w.timeout.constant)
	}
	if f.has("Credentials") {
		f.wrong("Credentials", "is not supported: tasks have the permissions of this program")
	}
	f.require("Resource")
	resource, ok := f.text("Resource")
	if !ok {
		return w
	}
	if err := w.parse(resource); err != nil {
		f.wrong("Resource", "%v", err)
	}
	w.checkAction(f)
	w.resourceAt = f.problem(f.field("Resource").Begin, f.at("Resource"), "")
	f.machine.tasks = append(f.machine.tasks, w)
	return w
}

// parse parses the ARN of a resource: arn:aws:lambda:region:account:function:name or
// arn:aws:states:region:account:service:action. Region and account may be empty.
func (w *taskWork) parse(resource string) error {
	w.resource = resource
	parts := strings.SplitN(resource, ":", 6)
	if len(parts) < 6 || parts[0] != "arn" {
		return fmt.Errorf("%q is not an ARN such as arn:aws:states:::lambda:invoke", resource)
	}
	name := parts[5]
	switch {
	case parts[2] == "lambda" && strings.HasPrefix(name, "function:"):
		w.key = "lambda"
		return nil
	case parts[2] != "states":
		return fmt.Errorf("%q is neither a function's ARN nor a service integration", resource)
	case strings.HasPrefix(name, "activity:"):
		return errors.New("activities are not supported")
	}
	cut := strings.LastIndex(name, ":")
	if sync := strings.Index(name, ".sync:"); sync > 0 {
		cut = strings.LastIndex(name[:sync], ":")
	}
	if cut <= 0 || cut == len(name)-1 {
		return fmt.Errorf("%q must name a service and an action, such as arn:aws:states:::sqs:sendMessage", resource)
	}
	w.service, w.action = name[:cut], name[cut+1:]
	w.key, w.byToken = strings.CutSuffix(name, tokenSuffix)
	w.byToken = w.byToken || strings.Contains(w.action, syncSuffix)
	w.startedDetails = TaskStartedDetails{w.service, w.action}
	return nil
}
