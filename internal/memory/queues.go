package memory

import (
	"context"
	"crypto/rand"
	"slices"
	"sync"
	"time"

	"pizzasaga/internal/order"
	"pizzasaga/internal/repair"
)

// Message is a message in a queue.
type Message struct {
	ID   string
	Body string
	Sent time.Time

	hidden time.Time // hidden from receivers until then
}

var _ repair.Queues = (*Queues)(nil)

// Queues are queues by name, safe for concurrent use. A queue exists as soon as its name
// is used. The zero value is ready to use.
type Queues struct {
	mu     sync.Mutex
	queues map[order.Queue][]Message
}

// Send implements [repair.Queues]. It never fails.
func (q *Queues) Send(_ context.Context, queue order.Queue, body string) (string, error) {
	q.mu.Lock()
	defer q.mu.Unlock()
	if q.queues == nil {
		q.queues = map[order.Queue][]Message{}
	}
	m := Message{ID: rand.Text(), Body: body, Sent: time.Now()}
	q.queues[queue] = append(q.queues[queue], m)
	return m.ID, nil
}

// Messages returns the queue's messages, the oldest first. They stay in it.
func (q *Queues) Messages(queue order.Queue) []Message {
	q.mu.Lock()
	defer q.mu.Unlock()
	return slices.Clone(q.queues[queue])
}

// VisibilityTimeout is how long a received letter stays hidden.
const VisibilityTimeout = time.Minute

// Receive implements [repair.Queues].
func (q *Queues) Receive(_ context.Context, queue order.Queue, most int) ([]repair.Message, error) {
	q.mu.Lock()
	defer q.mu.Unlock()
	var letters []repair.Message
	for i := range q.queues[queue] {
		m := &q.queues[queue][i]
		if len(letters) < most && !time.Now().Before(m.hidden) {
			m.hidden = time.Now().Add(VisibilityTimeout)
			letters = append(letters, repair.Message{Body: m.Body, Receipt: m.ID})
		}
	}
	return letters, nil
}

// Delete implements [repair.Queues]. If the letter has already been deleted, it succeeds.
func (q *Queues) Delete(_ context.Context, queue order.Queue, l repair.Message) error {
	q.mu.Lock()
	defer q.mu.Unlock()
	if q.queues == nil {
		return nil
	}
	q.queues[queue] = slices.DeleteFunc(q.queues[queue], func(m Message) bool { return m.ID == l.Receipt })
	return nil
}
