package bolt

import (
	"context"

	"pizzasaga/internal/order"
	"pizzasaga/internal/simulated"
)

var _ simulated.Books = (*Store)(nil)

// Enter implements [simulated.Books].
func (s *Store) Enter(ctx context.Context, book, orderID string, change func(*simulated.Entry) error) error {
	if err := order.CheckContext(ctx); err != nil {
		return err
	}
	return s.update(func(t *tx) error {
		var e simulated.Entry
		key := append(under(orderID), book...)
		if _, err := t.get(books, key, &e); err != nil {
			return err
		}
		if err := change(&e); err != nil {
			return err
		}
		t.put(books, key, e)
		return nil
	})
}
