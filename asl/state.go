package asl

// state is a compiled state.
type state struct {
	name    string
	kind    string // its Type
	work    work
	next    *state   // nil ends the flow
	targets []*state // wherever it can lead to

	entered, exited EventType
	aborted         EventType // empty for the types that have no such event

	inputPath, outputPath pathField
	parameters            *template // ItemSelector is the Map's own
	selector              *template
	resultPath            resultField
	assign                *template
	retry                 []retrier
	catch                 []catcher
}

// work is what a state of some type does.
type work interface {
	// begin does it, from entering the state on; again when it is retried. It
	// ends in t.complete, t.fail or in f waiting for something.
	begin(t *turn, f *frame)
}

// pathField is InputPath or OutputPath: absent it is "$", null it gives {}.
type pathField struct {
	path *path
	null bool
}

// resultField is ResultPath: absent it is "$", null it drops the result.
type resultField struct {
	path *refPath
	null bool
}

// stateObject is a state's JSON while it is compiled.
type stateObject struct {
	*object
	flow  *flow
	state *state
}

func (l *loader) compileState(o *stateObject) {
	o.text("Comment")
	o.language()
	o.required("Type")
	kind, _ := o.text("Type")
	st := o.state
	st.kind = kind
	st.entered, st.exited = EventType(kind+"StateEntered"), EventType(kind+"StateExited")
	switch kind {
	case "Pass":
		st.work = compilePass(o)
	case "Task":
		st.work = compileTask(o)
	case "Choice":
		st.work = compileChoice(o)
	case "Wait":
		st.work = compileWait(o)
	case "Succeed":
		st.work = compileSucceed(o)
	case "Fail":
		st.work = compileFail(o)
	case "Parallel":
		st.work = compileParallel(o)
	case "Map":
		st.work = compileMap(o)
	default:
		if o.has("Type") {
			o.wrong("Type", "must be Pass, Task, Choice, Wait, Succeed, Fail, Parallel or Map")
		}
		return
	}
	switch kind {
	case "Task", "Wait", "Parallel", "Map":
		st.aborted = EventType(kind + "StateAborted")
	}
	o.close("a " + kind + " state")
}

// paths reads InputPath and OutputPath.
func (o *stateObject) paths() {
	o.state.inputPath = o.pathField("InputPath")
	o.state.outputPath = o.pathField("OutputPath")
}

func (o *stateObject) pathField(name string) pathField {
	if n := o.field(name); n != nil && n.kind == 0 && n.literal == nil {
		return pathField{null: true}
	}
	return pathField{path: compiled(o.object, name, compilePath)}
}

// transition reads Next and End, of which a state has one.
func (o *stateObject) transition() {
	o.exclusive("Next", "End")
	if o.has("End") {
		if !o.flag("End") {
			o.wrong("End", "must be true; leave it out where there is a Next")
		}
		return
	}
	if !o.has("Next") {
		o.report(o.node, o.place, "needs the field Next or End")
		return
	}
	o.state.next = o.target(o.object, "Next")
}

// target reads a field of holder that names a state of the same flow.
func (o *stateObject) target(holder *object, name string) *state {
	text, ok := holder.text(name)
	if !ok {
		return nil
	}
	st := o.loader.target(o.flow, holder.field(name), holder.at(name), text)
	if st != nil {
		o.state.targets = append(o.state.targets, st)
	}
	return st
}

// result reads what shapes a result: ResultSelector, ResultPath.
func (o *stateObject) result() { o.state.selector = o.template("ResultSelector"); o.resultPath() }

func (o *stateObject) resultPath() { o.state.resultPath = o.resultField() }

func (o *object) resultField() resultField {
	if n := o.field("ResultPath"); n != nil && n.kind == 0 && n.literal == nil {
		return resultField{null: true}
	}
	return resultField{path: compiled(o, "ResultPath", compileRefPath)}
}

// effective is the state's input after InputPath and Parameters.
func (t *turn) effective(f *frame) (any, error) {
	input, err := t.inputOf(f)
	if err != nil || f.State.parameters == nil {
		return input, err
	}
	if input, err = f.State.parameters.eval(t.scope(f, input)); err != nil {
		return nil, err
	}
	return input, f.State.checkSize(size(input))
}

// inputOf is the state's input after InputPath.
func (t *turn) inputOf(f *frame) (any, error) {
	return f.State.inputPath.get(t, f, f.Input.tree)
}

func (p pathField) get(t *turn, f *frame, value any) (any, error) {
	switch {
	case p.null:
		return newObject(), nil
	case p.path == nil, value == nil && p.path.text == "$": // which is what it is when absent: of null, null
		return value, nil
	}
	return p.path.get(t.scope(f, value))
}

// place puts a result into the state's raw input.
func (r resultField) place(input, result any) (any, error) {
	switch {
	case r.null:
		return input, nil
	case r.path == nil:
		return result, nil
	}
	return r.path.set(input, result)
}
