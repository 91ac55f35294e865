package memory

import (
	"context"
	"crypto/rand"
	"slices"
	"sync"
	"time"
)

// Message is a message in a queue.
type Message struct {
	ID   string
	Body string
	Sent time.Time
}

// Queues are queues by name, for any number of goroutines. A queue exists as
// soon as it is named. The zero value is ready to use.
type Queues struct {
	mu     sync.Mutex
	queues map[string][]Message
}

// Send puts a message at the end of the queue and returns the message's id.
// It never fails; the error is there for the sake of those who may.
func (q *Queues) Send(_ context.Context, queue, body string) (string, error) {
	q.mu.Lock()
	defer q.mu.Unlock()
	if q.queues == nil {
		q.queues = map[string][]Message{}
	}
	m := Message{ID: rand.Text(), Body: body, Sent: time.Now()}
	q.queues[queue] = append(q.queues[queue], m)
	return m.ID, nil
}

// Messages returns the queue's messages, the oldest first. They stay in it.
func (q *Queues) Messages(queue string) []Message {
	q.mu.Lock()
	defer q.mu.Unlock()
	return slices.Clone(q.queues[queue])
}
