package local

import (
	"context"
	"fmt"
	"io"
	"net"
	"net/http"
	"time"
)

// grace is how long running steps may take to finish once the shop closes.
const grace = 5 * time.Second

// Serve answers requests at addr until ctx ends, then closes the shop, and says on out
// what it waits for. It calls ready with the address it listens on before the first
// request.
func Serve(ctx context.Context, addr string, shop *Shop, out io.Writer, ready func(net.Addr)) error {
	listener, err := net.Listen("tcp", addr)
	if err != nil {
		return fmt.Errorf("cannot listen; -addr host:port chooses another address: %w", err)
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
		_ = server.Close() // clients that still send
	}
	<-stopped
	err = shop.Close(last)
	shop.sayClosed(out)
	if err != nil {
		return fmt.Errorf("steps that were not done within %v were cut off", grace)
	}
	return nil
}

// newServer returns a server that cuts off clients which send or read too slowly.
func newServer(addr string, shop http.Handler) *http.Server {
	return &http.Server{Handler: ownHosts(addr, shop),
		ReadHeaderTimeout: 5 * time.Second, ReadTimeout: 10 * time.Second, WriteTimeout: 2 * functionTimeout}
}
