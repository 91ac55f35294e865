package asl

import (
	"fmt"
	"strings"
	"time"

	"pizzasaga/asl/internal/expr"
	"pizzasaga/asl/internal/jsonvalue"
)

// taskWork is what a Task state does.
type taskWork struct {
	resource   string // the ARN
	key        string // under which Config.Resources has it
	service    string // "sqs"; empty for a function's own ARN
	action     string // "sendMessage.waitForTaskToken"
	byToken    bool   // the answer comes by token
	timeout    seconds
	beat       seconds
	resourceAt Problem // where the definition names the resource, for New

	startedDetails TaskStartedDetails // always the same
}

// maxSeconds is the most that AWS takes for a time in a definition.
const maxSeconds = 99999999

// seconds is a time that a field gives, or a path that another field gives.
type seconds struct {
	number int64 // 0 is none
	path   *expr.Path
	field  string
}

const tokenSuffix = ".waitForTaskToken"

func compileTask(f *stateFields) work {
	f.paths()
	f.transition()
	f.state.parameters = f.template("Parameters")
	f.state.assign = f.assign(f.fields)
	f.state.selector, f.state.resultPath = f.template("ResultSelector"), f.resultPath()
	f.retriers()
	f.catchers()
	w := &taskWork{timeout: f.seconds("TimeoutSeconds"), beat: f.seconds("HeartbeatSeconds")}
	if w.beat.number > 0 && w.timeout.number > 0 && w.beat.number >= w.timeout.number {
		f.wrong("HeartbeatSeconds", "must be shorter than TimeoutSeconds, which is %d", w.timeout.number)
	}
	if f.has("Credentials") {
		f.wrong("Credentials", "is not supported: tasks run as this program does")
	}
	f.require("Resource")
	resource, ok := f.text("Resource")
	if !ok {
		return w
	}
	if err := w.parse(resource); err != nil {
		f.wrong("Resource", "%v", err)
	}
	w.resourceAt = f.problem(f.field("Resource").Begin, f.at("Resource"), "")
	f.machine.tasks = append(f.machine.tasks, w)
	return w
}

func (f *fields) seconds(name string) seconds {
	f.exclusive(name, name+"Path")
	return seconds{f.integer(name, 1, maxSeconds, 0), compiled(f, name+"Path", expr.CompilePath), name}
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
	w.key, w.byToken = strings.CutSuffix(name, tokenSuffix)
	w.startedDetails = TaskStartedDetails{w.service, w.action}
	return nil
}

// get returns the time, 0 for none.
func (s seconds) get(t *turn, f *frame, input any) (time.Duration, error) {
	if s.path == nil {
		return time.Duration(s.number) * time.Second, nil
	}
	value, err := s.path.Get(t.scope(f, input))
	if err != nil {
		return 0, err
	}
	number, ok := value.(int64)
	if !ok || number <= 0 || number > maxSeconds {
		return 0, expr.RuntimeError("The %sPath parameter cannot be parsed as a positive long value: %s == %s", s.field, s.path, jsonvalue.Text(value))
	}
	return time.Duration(number) * time.Second, nil
}
