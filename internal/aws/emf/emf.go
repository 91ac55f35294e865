// Package emf writes metrics in CloudWatch's Embedded Metric Format: lines of JSON in the
// log, which CloudWatch turns into metrics without an API call.
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

// OrderEnded counts the order in Orders, by Outcome, and each of its dead letters that
// could not be sent in DeadLettersLost, which has no dimension.
func (w *Writer) OrderEnded(o order.Order) {
	w.count("Orders", "Outcome", string(o.Status))
	for _, m := range o.Timeline {
		if m.Status == order.DeadLetterLost {
			w.count("DeadLettersLost", "", "")
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

func (w *Writer) count(name, dimension, of string) {
	dimensions, members := []string{}, map[string]any{name: 1}
	if dimension != "" {
		dimensions, members[dimension] = []string{dimension}, of
	}
	members["_aws"] = metadata{time.Now().UnixMilli(), []directive{{w.namespace, [][]string{dimensions}, []metric{{name, "Count"}}}}}
	line, err := json.Marshal(members)
	if err != nil {
		return // numbers and strings always marshal
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	_, _ = w.out.Write(append(line, '\n')) // a failed metric must not fail the order
}
