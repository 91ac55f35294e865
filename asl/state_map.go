package asl

import (
	"math"

	"pizzasaga/asl/internal/expr"
	"pizzasaga/asl/internal/jsonvalue"
)

// mapWork is what a Map state does, inline.
type mapWork struct {
	processor  *flow
	items      *expr.Path     // nil is the input itself
	selector   *expr.Template // nil gives an iteration its item
	limit      count          // 0 is as many as may be
	allowed    count          // failed iterations
	percentage count          // of failed iterations
}

// maxConcurrency is how many iterations of an inline Map run at once.
//
// https://docs.aws.amazon.com/step-functions/latest/dg/state-map-inline.html
const maxConcurrency = 40

// count is a number that a field gives, or a path that another field gives.
type count struct {
	number int64
	path   *expr.Path
	field  string
}

func compileMap(f *stateFields) work {
	f.paths()
	f.transition()
	f.state.assign = f.assign(f.fields)
	f.state.selector, f.state.resultPath = f.template("ResultSelector"), f.resultPath()
	f.retriers()
	f.catchers()
	f.exclusive("ItemSelector", "Parameters")
	f.exclusive("ItemProcessor", "Iterator")
	for _, field := range []string{"ItemReader", "ItemBatcher", "ResultWriter", "Label"} {
		if f.has(field) {
			f.wrong(field, "belongs to a distributed Map, which is not supported")
		}
	}
	w := &mapWork{
		items:      compiled(f.fields, "ItemsPath", expr.CompilePath),
		selector:   f.template("ItemSelector"),
		limit:      f.count("MaxConcurrency", math.MaxInt32),
		allowed:    f.count("ToleratedFailureCount", math.MaxInt32),
		percentage: f.count("ToleratedFailurePercentage", 100),
	}
	if parameters := f.template("Parameters"); w.selector == nil {
		w.selector = parameters
	}
	name := "ItemProcessor"
	if f.has("Iterator") {
		name = "Iterator"
	}
	if n := f.require(name); n != nil {
		if processor := f.loader.fields(n, f.at(name)); processor != nil {
			processor.processorConfig()
			w.processor = f.loader.flow(processor, f.flow)
			processor.reportUnknown("a Map's " + name)
		}
	}
	return w
}

// processorConfig reads ProcessorConfig, which can only say INLINE here.
func (f *fields) processorConfig() {
	n := f.field("ProcessorConfig")
	if n == nil {
		return
	}
	config := f.loader.fields(n, f.at("ProcessorConfig"))
	if config == nil {
		return
	}
	if mode, ok := config.text("Mode"); ok && mode != "INLINE" {
		config.wrong("Mode", "must be INLINE: a distributed Map is not supported")
	}
	config.field("ExecutionType")
	config.reportUnknown("a ProcessorConfig")
}

// count reads a field and the one that gives it by path.
func (f *fields) count(name string, most int64) count {
	f.exclusive(name, name+"Path")
	return count{f.integer(name, 0, most, 0), compiled(f, name+"Path", expr.CompilePath), name}
}

func (c count) get(t *turn, f *frame, input any) (int64, error) {
	if c.path == nil {
		return c.number, nil
	}
	value, err := c.path.Get(t.scope(f, input))
	if err != nil {
		return 0, err
	}
	number, ok := value.(int64)
	if !ok || number < 0 {
		return 0, expr.RuntimeError("The %sPath field refers to value \"%s\" which is not a valid integer: %s", c.field, jsonvalue.Text(value), c.path)
	}
	return number, nil
}

func (w *mapWork) begin(t *turn, f *frame) error {
	g, err := w.group(t, f)
	if err != nil {
		return err
	}
	t.record(f, MapStateStarted, &MapStateStartedDetails{len(g.Items)})
	f.startGroup(t, g)
	return nil
}

func (w *mapWork) group(t *turn, f *frame) (*group, error) {
	input, err := t.input(f)
	if err != nil {
		return nil, err
	}
	source, path := input, "$"
	if w.items != nil {
		path = w.items.String()
		if source, err = w.items.Get(t.scope(f, input)); err != nil {
			return nil, err
		}
	}
	items, ok := source.([]any)
	if !ok {
		return nil, expr.RuntimeError("Reference path %q must point to array.", path)
	}
	limit, err := w.limit.get(t, f, input)
	if err != nil {
		return nil, err
	}
	if limit == 0 || limit > maxConcurrency {
		limit = maxConcurrency
	}
	allowed, err := w.tolerated(t, f, input, len(items))
	return &group{Input: Value{input}, Items: items, Limit: int(limit), Allowed: allowed}, err
}

// tolerated returns how many iterations may fail: the smaller of what the count
// and the percentage allow.
func (w *mapWork) tolerated(t *turn, f *frame, input any, size int) (int, error) {
	number, err := w.allowed.get(t, f, input)
	if err != nil {
		return 0, err
	}
	percentage, err := w.percentage.get(t, f, input)
	if err != nil {
		return 0, err
	}
	share := percentage * int64(size) / 100
	switch {
	case number == 0:
		return int(share), nil
	case percentage == 0:
		return int(number), nil
	}
	return int(min(number, share)), nil
}

func (w *mapWork) size(g *group) int { return len(g.Items) }
func (w *mapWork) flow(int) *flow    { return w.processor }

func (w *mapWork) enter(t *turn, child *frame) error {
	g := child.parent.Group
	child.Item = Value{g.Items[child.index]}
	child.Input = child.Item
	child.Last = g.record(t, child, MapIterationStarted, child.Last)
	if w.selector != nil {
		input, err := w.selector.Eval(t.scope(child, g.Input.tree()))
		if err == nil {
			err = child.parent.State.checkSize(jsonvalue.Size(input))
		}
		if err != nil {
			return err
		}
		child.Input = Value{input}
	}
	return nil
}

func (w *mapWork) events() groupEvents {
	return groupEvents{
		succeeded: MapStateSucceeded, failed: MapStateFailed,
		childSucceeded: MapIterationSucceeded, childFailed: MapIterationFailed, childAborted: MapIterationAborted,
	}
}
