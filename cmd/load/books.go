//go:build linux

package main

import (
	"encoding/json"
	"fmt"
	"net/http"
	"strings"
	"sync"

	"pizzasaga/internal/order"
)

// books are the books of the outside systems. They record each call once for each order.
type books struct {
	mu   sync.Mutex
	made map[string]map[string]bool // by call and order
}

func newBooks() *books { return &books{made: map[string]map[string]bool{}} }

// ServeHTTP answers for the outside systems, as package outside describes.
func (b *books) ServeHTTP(_ http.ResponseWriter, r *http.Request) {
	var o order.Request
	_ = json.NewDecoder(r.Body).Decode(&o) // without an id, check finds that an order is missing
	call := strings.TrimPrefix(r.URL.Path, "/")
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.made[call] == nil {
		b.made[call] = map[string]bool{}
	}
	b.made[call][o.ID] = true
}

// check returns an error unless each order was charged, got its points and was handed
// over, and nothing was undone.
func (b *books) check(ids []string) error {
	b.mu.Lock()
	defer b.mu.Unlock()
	for _, id := range ids {
		for call, wanted := range map[string]bool{"charge": true, "add": true, "prepare": true, "handOver": true, "refund": false, "reclaim": false, "void": false} {
			if b.made[call][id] != wanted {
				return fmt.Errorf("wrong books: %s of order %s is %v", call, id, b.made[call][id])
			}
		}
	}
	return nil
}
