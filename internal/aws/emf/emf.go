// Package emf writes metrics in CloudWatch's Embedded Metric Format: lines of
// JSON in the log, which CloudWatch turns into metrics without any call.
//
// https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/CloudWatch_Embedded_Metric_Format_Specification.html
package emf

import (
	"encoding/json"
	"io"
	"sync"
	"time"

	"pizzasaga/internal/dispatch"
	"pizzasaga/internal/order"
)

// Writer writes a line for every metric. It is safe for concurrent use.
type Writer struct {
	namespace string
	mu        sync.Mutex
	out       io.Writer
}

var _ dispatch.Metrics = (*Writer)(nil)

// New returns a writer of lines to out, which on Lambda is the standard output.
// CloudWatch keeps the metrics in the namespace.
func New(out io.Writer, namespace string) *Writer { return &Writer{namespace: namespace, out: out} }

// Done writes StepDuration, by Action.
func (w *Writer) Done(action string, took time.Duration) {
	w.write("StepDuration", "Milliseconds", float64(took.Microseconds())/1000, "Action", action)
}

// OrderEnded writes Orders, by Outcome; DeadLetters, by Queue, for each dead
// letter that the order left; and DeadLettersLost, which has no dimension, for
// each that could not be sent.
func (w *Writer) OrderEnded(o order.Order) {
	w.write("Orders", "Count", 1, "Outcome", string(o.Status))
	for _, q := range o.DeadLetters {
		w.write("DeadLetters", "Count", 1, "Queue", string(q))
	}
	for _, m := range o.Timeline {
		if m.Status == order.DeadLetterLost {
			w.write("DeadLettersLost", "Count", 1, "", "")
		}
	}
}

type metric struct {
	Name string `json:"Name"`
	Unit string `json:"Unit"`
}

type directive struct {
	Namespace  string     `json:"Namespace"`
	Dimensions [][]string `json:"Dimensions"`
	Metrics    []metric   `json:"Metrics"`
}

type metadata struct {
	Timestamp         int64       `json:"Timestamp"` // milliseconds since 1970
	CloudWatchMetrics []directive `json:"CloudWatchMetrics"`
}

func (w *Writer) write(name, unit string, value float64, dimension, of string) {
	dimensions, members := []string{}, map[string]any{name: value}
	if dimension != "" {
		dimensions, members[dimension] = []string{dimension}, of
	}
	members["_aws"] = metadata{time.Now().UnixMilli(), []directive{{w.namespace, [][]string{dimensions}, []metric{{name, unit}}}}}
	line, err := json.Marshal(members)
	if err != nil {
		return // numbers and strings always marshal
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	_, _ = w.out.Write(append(line, '\n')) // a metric is not worth an order
}
