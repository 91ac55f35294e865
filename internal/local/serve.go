package local

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"time"
)

const (
	grace        = 5 * time.Second // for running steps, when the shop closes
	drainTimeout = time.Second     // for clients that are still sending, and for the terminal
)

// Listener is a network listener that also has the host given to Listen.
type Listener struct {
	net.Listener
	host string
}

// Listen listens at an address such as localhost:3000.
func Listen(addr string) (*Listener, error) {
	l, err := net.Listen("tcp", addr)
	if err != nil {
		return nil, fmt.Errorf("cannot listen; choose another address with -addr host:port: %w", err)
	}
	host, _, _ := net.SplitHostPort(addr) // valid: it listens there
	return &Listener{l, host}, nil
}

// Serve answers requests until ctx ends, prints to out how many orders are under way, and
// closes the shop. The error says why the server failed, or that running steps were
// stopped.
func Serve(ctx context.Context, l *Listener, shop *Shop, out io.Writer) error {
	server := newServer(l.host, shop)
	stopped := make(chan error, 1)
	go func() { stopped <- server.Serve(l) }()
	select {
	case err := <-stopped:
		return errors.Join(err, shop.Close(context.WithoutCancel(ctx)))
	case <-ctx.Done():
	}
	ctx = context.WithoutCancel(ctx)
	say(out, shop.closing())
	clients, cancel := context.WithTimeout(ctx, drainTimeout)
	defer cancel()
	if server.Shutdown(clients) != nil {
		_ = server.Close()
	}
	<-stopped
	steps, cancel := context.WithTimeout(ctx, grace)
	defer cancel()
	err := shop.Close(steps)
	say(out, shop.closed())
	if errors.Is(err, context.DeadlineExceeded) {
		return fmt.Errorf("steps that did not finish within %v were stopped", grace)
	}
	return err
}

// say prints a text, but does not wait for a terminal that has stopped reading.
func say(out io.Writer, text string) {
	said := make(chan struct{})
	go func() {
		defer close(said)
		_, _ = io.WriteString(out, text)
	}()
	select {
	case <-said:
	case <-time.After(drainTimeout):
	}
}

// newServer returns a server that disconnects clients that send or read too slowly.
func newServer(host string, shop http.Handler) *http.Server {
	return &http.Server{Handler: ownHosts(host, shop),
		ReadHeaderTimeout: 5 * time.Second, ReadTimeout: 10 * time.Second, WriteTimeout: 2 * functionTimeout}
}
