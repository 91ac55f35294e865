package asl

import (
	"fmt"
	"math"
)

// mapWork is what a Map state does, inline.
type mapWork struct {
	processor  *flow
	items      *path
	selector   *template
	limit      count // 0 is as many as may be
	allowed    count // failed iterations
	percentage count // of failed iterations
}

// maxConcurrency is how many iterations of an inline Map run at once.
//
// https://docs.aws.amazon.com/step-functions/latest/dg/state-map-inline.html
const maxConcurrency = 40

// count is a number that a field gives, or a path that another one gives.
type count struct {
	number int64
	path   *path
	field  string
}

func compileMap(o *stateObject) work {
	o.paths()
	o.transition()
	o.state.assign = o.assignment(o.object)
	o.result()
	o.errors()
	o.exclusive("ItemSelector", "Parameters")
	o.exclusive("ItemProcessor", "Iterator")
	for _, field := range []string{"ItemReader", "ItemBatcher", "ResultWriter", "Label"} {
		if o.has(field) {
			o.wrong(field, "belongs to a distributed Map, which is not supported")
		}
	}
	w := &mapWork{
		items:      compiled(o.object, "ItemsPath", compilePath),
		selector:   o.template("ItemSelector"),
		limit:      o.count("MaxConcurrency", math.MaxInt32),
		allowed:    o.count("ToleratedFailureCount", math.MaxInt32),
		percentage: o.count("ToleratedFailurePercentage", 100),
	}
	if parameters := o.template("Parameters"); w.selector == nil {
		w.selector = parameters
	}
	name := "ItemProcessor"
	if o.has("Iterator") {
		name = "Iterator"
	}
	if o.required(name) {
		if processor := o.loader.object(o.field(name), o.at(name)); processor != nil {
			processor.inline()
			w.processor = o.compileFlow(processor, o.flow)
			processor.close("a Map's " + name)
		}
	}
	return w
}

// inline reads ProcessorConfig.
func (o *object) inline() {
	if !o.has("ProcessorConfig") {
		return
	}
	config := o.loader.object(o.field("ProcessorConfig"), o.at("ProcessorConfig"))
	if config == nil {
		return
	}
	if mode, ok := config.text("Mode"); ok && mode != "INLINE" {
		config.wrong("Mode", "must be INLINE: a distributed Map is not supported")
	}
	config.field("ExecutionType")
	config.close("a ProcessorConfig")
}

// count reads a field and the one that gives it by path.
func (o *object) count(name string, most int64) count {
	o.exclusive(name, name+"Path")
	return count{o.integer(name, 0, most, 0), compiled(o, name+"Path", compilePath), name}
}

func (c count) get(t *turn, f *frame, input any) (int64, error) {
	if c.path == nil {
		return c.number, nil
	}
	value, err := c.path.get(t.scope(f, input))
	if err != nil {
		return 0, err
	}
	number, ok := value.(int64)
	if !ok || number < 0 {
		return 0, &runtimeError{runtimeName, fmt.Sprintf(
			"The %sPath field refers to value \"%s\" which is not a valid integer: %s", c.field, plain(value), c.path)}
	}
	return number, nil
}

func (w *mapWork) begin(t *turn, f *frame) {
	g, err := w.group(t, f)
	if err != nil {
		t.failWith(f, err)
		return
	}
	t.record(f, MapStateStarted, &MapStateStartedDetails{len(g.Items)})
	t.startGroup(f, g, len(g.Items))
}

func (w *mapWork) group(t *turn, f *frame) (*group, error) {
	input, err := t.inputOf(f)
	if err != nil {
		return nil, err
	}
	source, at := input, "$"
	if w.items != nil {
		at = w.items.String()
		if source, err = w.items.get(t.scope(f, input)); err != nil {
			return nil, err
		}
	}
	items, ok := source.([]any)
	if !ok {
		return nil, &runtimeError{runtimeName, fmt.Sprintf("Reference path %q must point to array.", at)}
	}
	limit, err := w.limit.get(t, f, input)
	if err != nil {
		return nil, err
	}
	if limit == 0 || limit > maxConcurrency {
		limit = maxConcurrency
	}
	allowed, err := w.tolerated(t, f, input, len(items))
	return &group{Input: Value{input}, IsMap: true, Items: items, Limit: int(limit), Allowed: allowed}, err
}

// tolerated is how many iterations may fail: the smaller of what the count and
// the percentage allow.
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

func (w *mapWork) child(t *turn, child *frame) error {
	g := child.parent.Group
	child.Item = Value{g.Items[child.index]}
	child.Input = child.Item
	child.Last = t.recordChild(child, MapIterationStarted, child.Last)
	if w.selector != nil {
		input, err := w.selector.eval(t.scope(child, g.Input.tree))
		if err == nil {
			err = child.parent.State.checkSize(size(input))
		}
		if err != nil {
			return err
		}
		child.Input = Value{input}
	}
	t.queue = append(t.queue, job{frame: child, to: w.processor.start})
	return nil
}

func (w *mapWork) succeeded() (child, all EventType) {
	return MapIterationSucceeded, MapStateSucceeded
}

func (w *mapWork) failed() (child, aborted, all EventType) {
	return MapIterationFailed, MapIterationAborted, MapStateFailed
}
