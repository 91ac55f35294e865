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
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"
)

func TestOnlyRequestsToThisMachineAreAnswered(t *testing.T) {
	for _, c := range []struct {
		host, addr string
		status     int
	}{
		{"localhost:3000", "localhost:3000", 200},
		{"LOCALHOST", "localhost:3000", 200},
		{"shop.localhost:3000", "localhost:3000", 200},
		{"127.0.0.1:3000", "localhost:3000", 200},
		{"127.8.8.8", "localhost:3000", 200},
		{"[::1]:3000", "localhost:3000", 200},
		{"192.0.2.7:3000", "0.0.0.0:3000", 200},
		{"0.0.0.0:3000", "0.0.0.0:3000", 200},
		{"[::]:3000", ":3000", 200},
		{"mylaptop.example:3000", "mylaptop.example:3000", 200},
		{"192.0.2.8:3000", "0.0.0.0:3000", 421},
		{"evil.example:3000", "localhost:3000", 421},
		{"evil.example:3000", "0.0.0.0:3000", 421},
		{"localhost.evil.example", "localhost:3000", 421},
		{"", ":3000", 421},
	} {
		t.Run(c.host+" at "+c.addr, func(t *testing.T) {
			r := httptest.NewRequest(http.MethodGet, "/", nil)
			r.Host = c.host
			r = r.WithContext(context.WithValue(r.Context(), http.LocalAddrContextKey, &net.TCPAddr{IP: net.IPv4(192, 0, 2, 7), Port: 3000}))
			answer := httptest.NewRecorder()
			host, _, err := net.SplitHostPort(c.addr)
			require.NoError(t, err)
			ownHosts(host, http.HandlerFunc(func(http.ResponseWriter, *http.Request) {})).ServeHTTP(answer, r)
			require.Equal(t, c.status, answer.Code)
		})
	}
}

func TestServeRefusesForeignHosts(t *testing.T) {
	ctx, stop := context.WithCancel(t.Context())
	defer stop()
	shop, err := Open(Config{})
	require.NoError(t, err)
	listener, err := Listen("127.0.0.1:0")
	require.NoError(t, err)
	served := make(chan error, 1)
	go func() {
		served <- Serve(ctx, listener, shop, &strings.Builder{})
	}()
	at := listener.Addr()
	for host, status := range map[string]int{"evil.example": http.StatusMisdirectedRequest, at.String(): http.StatusOK} {
		connection, err := net.Dial("tcp", at.String())
		require.NoError(t, err)
		fmt.Fprintf(connection, "GET /openapi.json HTTP/1.1\r\nHost: %s\r\nConnection: close\r\n\r\n", host)
		answer, err := http.ReadResponse(bufio.NewReader(connection), nil)
		require.NoError(t, err)
		require.Equal(t, status, answer.StatusCode, host)
		require.NoError(t, connection.Close())
	}
	stop()
	require.NoError(t, <-served)
}

func TestClosingSaysWhatItWaitsForAndWhatIsLeft(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		shop, err := Open(Config{})
		require.NoError(t, err)
		require.Empty(t, shop.closing())
		placeIn(t, shop, `{"perStepDelaySeconds":10}`)
		time.Sleep(15 * time.Second)
		placeIn(t, shop, `{"perStepDelaySeconds":10}`)
		synctest.Wait()
		require.Equal(t, "closing: 2 orders under way, 1 of them paid; waiting for their current steps; press Ctrl-C again to stop now\n", shop.closing())
		require.NoError(t, shop.Close(t.Context()))
		require.Equal(t, "closed: 2 orders unfinished and lost, 2 of them paid; use -data FILE to keep orders\n", shop.closed())
	})
}

// stuck is a terminal that has stopped reading.
type stuck struct{ release chan struct{} }

func (s stuck) Write(p []byte) (int, error) { <-s.release; return len(p), nil }

func TestATerminalThatDoesNotReadDoesNotDelayClosing(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		terminal := stuck{make(chan struct{})}
		shop, err := Open(Config{Progress: terminal})
		require.NoError(t, err)
		ctx, stop := context.WithCancel(t.Context())
		served := make(chan error)
		connections := pipes{dialled: make(chan net.Conn)}
		go func() { served <- Serve(ctx, &Listener{connections, "localhost"}, shop, terminal) }()
		placeIn(t, shop, `{"perStepDelaySeconds":20}`)
		synctest.Wait()
		began := time.Now()
		stop()
		require.Error(t, <-served, "a step takes longer than the shop waits")
		require.LessOrEqual(t, time.Since(began), grace+4*drainTimeout)
		close(terminal.release)
	})
}

func TestAClientThatIsStillSendingTakesNoTimeFromTheSteps(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		shop, err := Open(Config{})
		require.NoError(t, err)
		ctx, stop := context.WithCancel(t.Context())
		served := make(chan error)
		connections := pipes{dialled: make(chan net.Conn)}
		go func() { served <- Serve(ctx, &Listener{connections, "localhost"}, shop, io.Discard) }()
		client := connections.dial()
		_, err = io.WriteString(client, "POST /orders HTTP/1.1\r\nHost: localhost\r\n")
		require.NoError(t, err)
		placeIn(t, shop, `{"perStepDelaySeconds":5}`)
		synctest.Wait()
		stop()
		require.NoError(t, <-served)
	})
}
