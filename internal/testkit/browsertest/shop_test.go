package browsertest

import (
	"context"
	"log/slog"
	"net"
	"net/http"
	"sync"
	"sync/atomic"
	"testing"

	"pizzasaga/internal/api"
	"pizzasaga/internal/local"
	"pizzasaga/internal/memory"
	"pizzasaga/internal/order"
	"pizzasaga/statemachine"
	"pizzasaga/web"

	"github.com/stretchr/testify/require"
)

// shop is the local shop behind a server that can go away and come back.
type shop struct {
	t       *testing.T
	handler http.Handler
	address string
	server  *http.Server
	done    sync.WaitGroup
	// A reticent shop offers no events of executions, as on AWS.
	reticent atomic.Bool
}

func openShop(t *testing.T) *shop {
	t.Helper()
	open, err := local.Open(local.Config{})
	require.NoError(t, err)
	t.Cleanup(func() {
		_ = open.Close(t.Context()) // this context has ended, so slow steps are stopped
	})
	return serve(t, open)
}

// openStrictShop opens a shop as in production: without fault injection, and optionally
// only for customers with tokens. It runs no workflow, so its orders stay pending.
func openStrictShop(t *testing.T, tokens bool) *shop {
	t.Helper()
	p, err := web.New(statemachine.Pizza, false)
	require.NoError(t, err)
	strict, err := api.New(api.Config{Orders: memory.NewOrders(), Executions: nobody{}, TokenRequired: tokens,
		Page: p.Serve, Logger: slog.New(slog.DiscardHandler)})
	require.NoError(t, err)
	return serve(t, strict)
}

type nobody struct{}

func (nobody) Start(context.Context, order.Request) error { return nil }

func serve(t *testing.T, handler http.Handler) *shop {
	t.Helper()
	s := &shop{t: t, handler: handler, address: "127.0.0.1:0"}
	s.arrive()
	t.Cleanup(s.leave)
	return s
}

// arrive listens on the same address as before.
func (s *shop) arrive() {
	s.t.Helper()
	listener, err := net.Listen("tcp", s.address)
	require.NoError(s.t, err)
	s.address = listener.Addr().String()
	server := &http.Server{Handler: http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if s.reticent.Load() {
			w = noLink{w}
		}
		s.handler.ServeHTTP(w, r)
	})}
	s.server = server
	s.done.Go(func() { _ = server.Serve(listener) })
}

// leave closes every connection.
func (s *shop) leave() {
	_ = s.server.Close()
	s.done.Wait()
}

func (s *shop) url() string { return "http://" + s.address + "/" }

type noLink struct{ http.ResponseWriter }

func (w noLink) WriteHeader(status int) {
	w.Header().Del("Link")
	w.ResponseWriter.WriteHeader(status)
}
