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
	o.state.assign = o.template("Assign")
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
	return nil
}

func (s seconds) get(t *turn, f *frame, input any) (int64, error) {
	if s.path == nil {
		return s.number, nil
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
	return number, nil
}

// begin schedules the task; the turn starts it when all else has moved.
func (w *taskWork) begin(t *turn, f *frame) {
	f.Task = &taskRun{}
	if w.token {
		f.Task.Token = newToken(t.Name)
	}
	input, err := t.inputOf(f)
	if err != nil {
		t.failWith(f, err)
		return
	}
	timeout, err := w.timeout.get(t, f, input)
	if err != nil {
		t.failWith(f, err)
		return
	}
	beat, err := w.beat.get(t, f, input)
	if err != nil {
		t.failWith(f, err)
		return
	}
	parameters := input
	if f.State.parameters != nil {
		if parameters, err = f.State.parameters.eval(t.scope(f, input)); err != nil {
			t.failWith(f, err)
			return
		}
	}
	if size(parameters) > maxPayload {
		t.failWith(f, &runtimeError{dataLimitName, tooLarge(f.State.name)})
		return
	}
	f.Task.Parameters, f.Task.Timeout = Value{parameters}, time.Duration(timeout)*time.Second
	f.Task.Heartbeat = time.Duration(beat) * time.Second
	f.Waits = forTask
	if w.service == "" {
		f.Serial = t.record(f, LambdaFunctionScheduled, &LambdaScheduledDetails{w.resource, Value{parameters}, timeout})
	} else {
		f.Serial = t.record(f, TaskScheduled, &TaskScheduledDetails{
			w.service, w.action, t.engine.config.Region, Value{parameters}, timeout, beat})
	}
	t.scheduled = append(t.scheduled, f)
}

func tooLarge(what string) string {
	return "The state/task '" + what + "' returned a result with a size exceeding the maximum number of bytes service limit."
}

// startTasks starts those of the scheduled tasks that were not stopped in the
// same turn, and gives their calls.
func (t *turn) startTasks() []errand {
	started := t.scheduled[:0]
	for _, f := range t.scheduled {
		if f.Waits != forTask {
			continue
		}
		f.State.work.(*taskWork).started(t, f)
		started = append(started, f)
	}
	if t.Status != Running {
		return nil
	}
	calls := make([]errand, len(started))
	for i, f := range started {
		calls[i] = newErrand(t.execution, f)
	}
	return calls
}

func (w *taskWork) started(t *turn, f *frame) {
	if w.service == "" {
		t.record(f, LambdaFunctionStarted, nil)
	} else {
		t.record(f, TaskStarted, &TaskStartedDetails{w.service, w.action})
	}
	run := f.Task
	if run.Timeout > 0 {
		run.TimesOut = t.now.Add(run.Timeout)
	}
	if run.Heartbeat > 0 {
		run.HeartbeatDue = t.now.Add(run.Heartbeat)
	}
	t.wait(f, forTask, run.wake())
}

// answered takes what a task's call gave. A call that nobody waits for any
// more has answered too late.
func (t *turn) answered(f *frame, serial int64, a answer) {
	if f.Serial != serial || f.Waits != forTask {
		return
	}
	w := f.State.work.(*taskWork)
	if !w.token || a.Failure != nil {
		t.taskEnded(f, a)
		return
	}
	t.record(f, TaskSubmitted, &TaskOutputDetails{w.service, w.action, a.Output})
	f.Waits = forToken
	if f.Task.Early != nil {
		t.taskEnded(f, *f.Task.Early)
	}
}

// taskEnded writes down how a task ended and lets its state go on.
func (t *turn) taskEnded(f *frame, a answer) {
	w := f.State.work.(*taskWork)
	if a.Failure == nil && size(a.Output.tree) > maxPayload {
		what := w.service
		if what == "" {
			what = w.resource
		}
		a = answer{Failure: &failure{Name: dataLimitName, Cause: tooLarge(what)}}
	}
	f.Wake = time.Time{}
	f.Waits = nothing
	fl := a.Failure
	switch {
	case w.service == "" && fl == nil:
		t.record(f, LambdaFunctionSucceeded, &OutputDetails{a.Output})
	case w.service == "":
		t.record(f, LambdaFunctionFailed, &FailureDetails{fl.Name, fl.Cause})
	case fl == nil:
		t.record(f, TaskSucceeded, &TaskOutputDetails{w.service, w.action, a.Output})
	default:
		t.record(f, TaskFailed, &TaskFailureDetails{w.service, w.action, fl.Name, fl.Cause})
	}
	t.queue = append(t.queue, job{frame: f, then: &a})
}

// taskTimedOut writes down that a task's time was over at due.
func (t *turn) taskTimedOut(f *frame, due time.Time) {
	w := f.State.work.(*taskWork)
	fl := &failure{Name: timeoutName, Heartbeat: due.Equal(f.Task.HeartbeatDue)}
	if w.service == "" {
		t.record(f, LambdaFunctionTimedOut, &FailureDetails{Error: timeoutName})
	} else {
		t.record(f, TaskTimedOut, &TaskFailureDetails{w.service, w.action, timeoutName, ""})
	}
	f.Waits = nothing
	t.queue = append(t.queue, job{frame: f, then: &answer{Failure: fl}})
}
