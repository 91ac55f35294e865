package local

import (
	"context"
	"fmt"
	"io"
	"net"
	"net/http"
	"time"
)

// grace is how long running steps have to finish when the shop closes.
const grace = 5 * time.Second

// Serve answers requests at addr until ctx ends. Then it closes the shop, and prints to
// out which orders are under way. Before the first request it calls ready with the
// address that it listens on.
func Serve(ctx context.Context, addr string, shop *Shop, out io.Writer, ready func(net.Addr)) error {
	listener, err := net.Listen("tcp", addr)
	if err != nil {
		return fmt.Errorf("cannot listen; choose another address with -addr host:port: %w", err)
	}
	ready(listener.Addr())
	server := newServer(addr, shop)
	stopped := make(chan error, 1)
	go func() { stopped <- server.Serve(listener) }()
	select {
	case err := <-stopped:
		return err
	case <-ctx.Done():
	}
	shop.sayClosing(out)
	last, cancel := context.WithTimeout(context.WithoutCancel(ctx), grace)
	defer cancel()
	if server.Shutdown(last) != nil {
		_ = server.Close() // disconnects clients that are still sending
	}
	<-stopped
	err = shop.Close(last)
	shop.sayClosed(out)
	if err != nil {
		return fmt.Errorf("steps that did not finish within %v were stopped", grace)
	}
	return nil
}

// newServer returns a server that disconnects clients that send or read too slowly.
func newServer(addr string, shop http.Handler) *http.Server {
	return &http.Server{Handler: ownHosts(addr, shop),
		ReadHeaderTimeout: 5 * time.Second, ReadTimeout: 10 * time.Second, WriteTimeout: 2 * functionTimeout}
}
