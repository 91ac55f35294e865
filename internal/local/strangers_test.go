package local

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"
)

// pipes is a listener whose connections are pipes, because these work with virtual time.
type pipes struct {
	net.Listener // nil
	dialled      chan net.Conn
}

func (p pipes) Accept() (net.Conn, error) {
	c, ok := <-p.dialled
	if !ok {
		return nil, net.ErrClosed
	}
	return c, nil
}

func (p pipes) Close() error { close(p.dialled); return nil }

func (p pipes) dial() net.Conn {
	client, server := net.Pipe()
	p.dialled <- server
	return client
}

func TestAClientThatIsTooSlowIsCutOff(t *testing.T) {
	for _, c := range []struct {
		name  string
		sends string
		after time.Duration
	}{
		{"with its headers", "POST /orders HTTP/1.1\r\nHost: localhost\r\nX-Slow: ", 5 * time.Second},
		{"with its body", "POST /orders HTTP/1.1\r\nHost: localhost\r\nContent-Length: 100\r\n\r\n{", 10 * time.Second},
		{"with its next request", "", 5 * time.Second},
		{"to read the answer", "GET /openapi.json HTTP/1.1\r\nHost: localhost\r\n\r\n", 2 * functionTimeout},
	} {
		t.Run(c.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				shop, err := Open(Config{})
				require.NoError(t, err)
				server, listener := newServer("localhost:3000", shop), pipes{dialled: make(chan net.Conn)}
				go func() { _ = server.Serve(listener) }()
				client := listener.dial()
				began := time.Now()
				_, err = io.WriteString(client, c.sends)
				require.NoError(t, err)
				time.Sleep(c.after - time.Second)
				synctest.Wait()
				require.NoError(t, client.SetWriteDeadline(time.Now()))
				_, err = client.Write([]byte("x"))
				require.NotErrorIs(t, err, io.ErrClosedPipe, "it is disconnected too early")
				time.Sleep(2 * time.Second)     // until a second after the time-out
				answer, _ := io.ReadAll(client) // returns when the server has closed
				require.Less(t, time.Since(began), c.after+2*time.Second)
				require.NotContains(t, string(answer), "202 Accepted")
				require.Empty(t, shop.Orders.List())
				require.NoError(t, server.Close())
				require.NoError(t, shop.Close(t.Context()))
			})
		})
	}
}

// openShop serves a shop over TCP.
func openShop(t *testing.T) (address string) {
	shop, err := Open(Config{})
	require.NoError(t, err)
	server := httptest.NewUnstartedServer(nil)
	server.Config = newServer("127.0.0.1:0", shop)
	server.Start()
	t.Cleanup(func() { server.Close(); require.NoError(t, shop.Close(context.Background())) })
	return server.Listener.Addr().String()
}

func TestAHugeBodyIsRefusedBeforeItIsRead(t *testing.T) {
	address := openShop(t)
	read := &counted{Reader: io.LimitReader(blanks{}, 10<<20)}
	answer, err := http.Post("http://"+address+"/orders", "application/json", read)
	if err == nil { // otherwise the server closed the connection while the body was sent
		require.Equal(t, http.StatusRequestEntityTooLarge, answer.StatusCode)
		require.NoError(t, answer.Body.Close())
	}
	require.Less(t, read.bytes.Load(), int64(10<<20))
	requireOpen(t, address)
}

// blanks is a reader of spaces.
type blanks struct{}

func (blanks) Read(b []byte) (int, error) { return copy(b, strings.Repeat(" ", len(b))), nil }

// counted counts the bytes that are read.
type counted struct {
	io.Reader
	bytes atomic.Int64
}

func (c *counted) Read(b []byte) (int, error) {
	n, err := c.Reader.Read(b)
	c.bytes.Add(int64(n))
	return n, err
}

func TestIdleConnectionsBlockNobody(t *testing.T) {
	address := openShop(t)
	for range 5000 {
		connection, err := net.Dial("tcp", address)
		require.NoError(t, err, "each connection needs two open files: raise the limit of open files (ulimit -n 20000)")
		defer connection.Close()
	}
	requireOpen(t, address)
}

func TestPipelinedRequestsAreAnsweredInOrder(t *testing.T) {
	connection, err := net.Dial("tcp", openShop(t))
	require.NoError(t, err)
	defer connection.Close()
	_, err = fmt.Fprint(connection, strings.Repeat("POST /orders HTTP/1.1\r\nHost: localhost\r\nContent-Length: 2\r\n\r\n{}"+
		"GET /orders/none HTTP/1.1\r\nHost: localhost\r\n\r\n", 20))
	require.NoError(t, err)
	answers := bufio.NewReader(connection)
	for range 20 {
		for _, status := range []int{http.StatusAccepted, http.StatusNotFound} {
			answer, err := http.ReadResponse(answers, nil)
			require.NoError(t, err)
			require.Equal(t, status, answer.StatusCode)
			_, err = io.Copy(io.Discard, answer.Body)
			require.NoError(t, err)
		}
	}
}

// requireOpen checks that the shop accepts an order.
func requireOpen(t *testing.T, address string) {
	t.Helper()
	answer, err := http.Post("http://"+address+"/orders", "application/json", nil)
	require.NoError(t, err)
	require.NoError(t, answer.Body.Close())
	require.Equal(t, http.StatusAccepted, answer.StatusCode)
}
