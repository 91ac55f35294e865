package asl

import (
	"math"

	"pizzasaga/asl/internal/expr"
	"pizzasaga/asl/internal/jsonvalue"
)

// mapWork is what an inline Map state does.
type mapWork struct {
	processor  *flow
	items      *expr.Path     // nil is the input itself
	selector   *expr.Template // of an iteration's input; nil is its item
	limit      number         // how many iterations run concurrently; 0 is maxConcurrency
	allowed    number         // how many iterations may fail; 0 if only the percentage is set
	share      float64        // percentage of iterations that may fail; 0 if only their number is set
	percentage number         // the same, found by a path
}

// maxConcurrency is the limit for the concurrent iterations of an inline Map.
//
// https://docs.aws.amazon.com/step-functions/latest/dg/state-map-inline.html
const maxConcurrency = 40

func compileMap(f *stateFields) work {
	f.common()
	f.results()
	f.errorHandling()
	f.exclusive("ItemSelector", "Parameters")
	f.exclusive("ItemProcessor", "Iterator")
	for _, field := range []string{"ItemReader", "ItemBatcher", "ResultWriter", "Label"} {
		if f.has(field) {
			f.wrong(field, "belongs to a distributed Map, which is not supported")
		}
	}
	for _, field := range []string{"MaxConcurrency", "ToleratedFailureCount", "ToleratedFailurePercentage"} {
		f.exclusive(field, field+"Path")
	}
	w := &mapWork{
		items:      compiled(f.fields, "ItemsPath", expr.CompileReference),
		selector:   f.template("ItemSelector"),
		limit:      f.numberOrPath("MaxConcurrency", mapCount, math.MaxInt32),
		allowed:    f.numberOrPath("ToleratedFailureCount", mapCount, math.MaxInt32),
		share:      f.number("ToleratedFailurePercentage", 0, 100, 0),
		percentage: f.numberPath("ToleratedFailurePercentage", mapCount),
		processor:  compileProcessor(f),
	}
	if parameters := f.template("Parameters"); w.selector == nil {
		w.selector = parameters
	}
	return w
}

// compileProcessor reads ItemProcessor, or Iterator, which is its old name. If there is
// neither, compileProcessor reports that and returns nil.
func compileProcessor(f *stateFields) *flow {
	name := "ItemProcessor"
	if f.has("Iterator") {
		name = "Iterator"
	}
	n := f.require(name)
	if n == nil {
		return nil
	}
	processor := f.loader.fields(n, f.at(name))
	if processor == nil {
		return nil
	}
	checkProcessorConfig(processor)
	fl := f.loader.flow(processor, f.flow)
	processor.reportUnknown("a Map's " + name)
	return fl
}

// checkProcessorConfig reads ProcessorConfig. Only the Mode INLINE is supported.
func checkProcessorConfig(processor *fields) {
	n := processor.field("ProcessorConfig")
	if n == nil {
		return
	}
	config := processor.loader.fields(n, processor.at("ProcessorConfig"))
	if config == nil {
		return
	}
	switch mode, ok := config.text("Mode"); {
	case mode == "DISTRIBUTED":
		config.wrong("Mode", "must be INLINE: a distributed Map is not supported")
	case ok && mode != "INLINE":
		config.wrong("Mode", "must be INLINE")
	}
	config.field("ExecutionType")
	config.reportUnknown("a ProcessorConfig")
}

func (w *mapWork) begin(t *turn, f *frame) error {
	g, err := w.group(t, f)
	if err != nil {
		return err
	}
	t.record(f, MapStateStarted, &MapStateStartedDetails{len(g.Items)})
	g.start(t, f)
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

// tolerated returns how many iterations may fail. If both the count and the percentage
// are above 0, the lower limit applies; 0 counts as not set.
func (w *mapWork) tolerated(t *turn, f *frame, input any, size int) (int, error) {
	number, err := w.allowed.get(t, f, input)
	if err != nil {
		return 0, err
	}
	percentage, err := w.percentage.get(t, f, input)
	if err != nil {
		return 0, err
	}
	share := max(w.share, float64(percentage))
	byShare := int64(share * float64(size) / 100)
	switch {
	case number == 0:
		return int(byShare), nil
	case share == 0:
		return int(number), nil
	}
	return int(min(number, byShare)), nil
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
