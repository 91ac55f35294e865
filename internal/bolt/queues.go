package bolt

import (
	"context"
	"crypto/rand"
	"encoding/json"
	"sync"
	"time"

	"pizzasaga/internal/memory"
	"pizzasaga/internal/order"
	"pizzasaga/internal/repair"
)

var _ repair.Queues = (*Store)(nil)

// hidden records, by receipt, how long received messages stay hidden. It is not stored:
// if a message becomes visible too early, it is only received twice.
type hidden struct {
	mu    sync.Mutex
	until map[string]time.Time
}

// hide hides a message, and reports whether it was visible.
func (h *hidden) hide(receipt string) bool {
	h.mu.Lock()
	defer h.mu.Unlock()
	now := time.Now()
	if now.Before(h.until[receipt]) {
		return false
	}
	if h.until == nil {
		h.until = map[string]time.Time{}
	}
	h.until[receipt] = now.Add(memory.VisibilityTimeout)
	return true
}

// forget removes the record of a deleted message.
func (h *hidden) forget(receipt string) {
	h.mu.Lock()
	defer h.mu.Unlock()
	delete(h.until, receipt)
}

// Send implements [repair.Queues].
func (s *Store) Send(_ context.Context, queue order.Queue, body string) (string, error) {
	m := memory.Message{ID: rand.Text(), Body: body, Sent: time.Now()}
	return m.ID, s.update(func(t *tx) error {
		t.put(letters, t.last(letters, string(queue)), m)
		return nil
	})
}

// Messages returns the messages of the queue, oldest first, without removing them. It
// returns none if the file cannot be read.
func (s *Store) Messages(queue order.Queue) (messages []memory.Message) {
	_ = s.messages(queue, func(_ string, m memory.Message) { messages = append(messages, m) })
	return messages
}

// messages calls do for each message of the queue, oldest first.
func (s *Store) messages(queue order.Queue, do func(receipt string, m memory.Message)) error {
	return s.view(func(t *tx) error {
		return t.each(letters, under(string(queue)), func(key, value []byte) error {
			var m memory.Message
			if err := json.Unmarshal(value, &m); err != nil {
				return err
			}
			do(string(key), m)
			return nil
		})
	})
}

// Receive implements [repair.Queues].
func (s *Store) Receive(_ context.Context, queue order.Queue, most int) (received []repair.Message, err error) {
	err = s.messages(queue, func(receipt string, m memory.Message) {
		if len(received) < most && s.hidden.hide(receipt) {
			received = append(received, repair.Message{Body: m.Body, Receipt: receipt})
		}
	})
	return received, err
}

// Delete implements [repair.Queues]. It returns nil if the message is already deleted.
func (s *Store) Delete(_ context.Context, _ order.Queue, m repair.Message) error {
	err := s.update(func(t *tx) error {
		t.delete(letters, []byte(m.Receipt))
		return nil
	})
	if err == nil {
		s.hidden.forget(m.Receipt)
	}
	return err
}
