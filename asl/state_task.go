package asl

import (
	"fmt"
	"strings"
	"time"
)

// taskWork is what a Task state does.
type taskWork struct {
	resource string // the ARN
	key      string // under which Config.Resources has it
	service  string // "sqs"; empty for a function's own ARN
	action   string // "sendMessage.waitForTaskToken"
	token    bool   // the answer comes by token
	timeout  seconds
	beat     seconds
	place    Problem // where the definition names it, for New

	startedDetails TaskStartedDetails // always the same
}

// seconds is a time that a field gives, or a path that another one gives.
type seconds struct {
	number int64 // 0 is none
	path   *path
	field  string
}

const tokenSuffix = ".waitForTaskToken"

func compileTask(o *stateObject) work {
	o.paths()
	o.transition()
	o.state.parameters = o.template("Parameters")
	o.state.assign = o.assignment(o.object)
	o.result()
	o.errors()
	w := &taskWork{timeout: o.seconds("TimeoutSeconds"), beat: o.seconds("HeartbeatSeconds")}
	if w.beat.number > 0 && w.timeout.number > 0 && w.beat.number >= w.timeout.number {
		o.wrong("HeartbeatSeconds", "must be shorter than TimeoutSeconds, which is %d", w.timeout.number)
	}
	if o.has("Credentials") {
		o.wrong("Credentials", "is not supported: tasks run as this program does")
	}
	o.required("Resource")
	resource, ok := o.text("Resource")
	if !ok {
		return w
	}
	if err := w.parse(resource); err != nil {
		o.fault("Resource", err)
	}
	w.place = o.problem(o.field("Resource").begin, o.at("Resource"), "")
	o.machine.tasks = append(o.machine.tasks, w)
	return w
}

func (o *object) seconds(name string) seconds {
	o.exclusive(name, name+"Path")
	return seconds{o.integer(name, 1, maxSeconds, 0), compiled(o, name+"Path", compilePath), name}
}

// parse takes a resource's ARN apart:
// arn:aws:lambda:region:account:function:name or
// arn:aws:states:region:account:service:action, where region and account may
// be empty.
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
		return fmt.Errorf("activities are not supported")
	}
	cut := strings.LastIndex(name, ":")
	if sync := strings.Index(name, ".sync:"); sync > 0 {
		cut = strings.LastIndex(name[:sync], ":")
	}
	if cut <= 0 || cut == len(name)-1 {
		return fmt.Errorf("%q does not name a service and an action, as arn:aws:states:::sqs:sendMessage does", resource)
	}
	w.service, w.action = name[:cut], name[cut+1:]
	w.key, w.token = strings.CutSuffix(name, tokenSuffix)
	w.startedDetails = TaskStartedDetails{w.service, w.action}
	return nil
}

func (s seconds) get(t *turn, f *frame, input any) (time.Duration, error) {
	if s.path == nil {
		return time.Duration(s.number) * time.Second, nil
	}
	value, err := s.path.get(t.scope(f, input))
	if err != nil {
		return 0, err
	}
	number, ok := value.(int64)
	if !ok || number <= 0 || number > maxSeconds {
		return 0, &runtimeError{runtimeName, fmt.Sprintf(
			"The %sPath parameter cannot be parsed as a positive long value: %s == %s", s.field, s.path, plain(value))}
	}
	return time.Duration(number) * time.Second, nil
}
