package memory

import (
	"context"
	"crypto/rand"
	"slices"
	"sync"
	"time"

	"pizzasaga/internal/order"
	"pizzasaga/internal/redrive"
)

// Message is a message in a queue.
type Message struct {
	ID   string
	Body string
	Sent time.Time

	hidden time.Time // until then, from who receives
}

var _ redrive.Letters = (*Queues)(nil)

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

// unseen is for how long a received letter stays hidden.
const unseen = time.Minute

// Receive implements [redrive.Letters].
func (q *Queues) Receive(_ context.Context, queue order.Queue, most int) ([]redrive.Letter, error) {
	q.mu.Lock()
	defer q.mu.Unlock()
	var letters []redrive.Letter
	for i := range q.queues[string(queue)] {
		m := &q.queues[string(queue)][i]
		if len(letters) < most && !time.Now().Before(m.hidden) {
			m.hidden = time.Now().Add(unseen)
			letters = append(letters, redrive.Letter{Body: m.Body, Receipt: m.ID})
		}
	}
	return letters, nil
}

// Delete implements [redrive.Letters]. A letter that is gone already is a success.
func (q *Queues) Delete(_ context.Context, queue order.Queue, l redrive.Letter) error {
	q.mu.Lock()
	defer q.mu.Unlock()
	name := string(queue)
	q.queues[name] = slices.DeleteFunc(q.queues[name], func(m Message) bool { return m.ID == l.Receipt })
	return nil
}
