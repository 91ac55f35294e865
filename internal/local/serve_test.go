package local

import (
	"bufio"
	"context"
	"fmt"
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
			ownHosts(c.addr, http.HandlerFunc(func(http.ResponseWriter, *http.Request) {})).ServeHTTP(answer, r)
			require.Equal(t, c.status, answer.Code)
		})
	}
}

func TestServeRefusesForeignHosts(t *testing.T) {
	ctx, stop := context.WithCancel(t.Context())
	defer stop()
	shop, err := Open(Config{})
	require.NoError(t, err)
	opened, served := make(chan net.Addr, 1), make(chan error, 1)
	go func() {
		served <- Serve(ctx, "127.0.0.1:0", shop, &strings.Builder{}, func(at net.Addr) { opened <- at })
	}()
	at := <-opened
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
		var out strings.Builder
		shop.sayClosing(&out)
		require.Empty(t, out.String())
		placeIn(t, shop, `{"perStepDelaySeconds":10}`)
		time.Sleep(15 * time.Second)
		placeIn(t, shop, `{"perStepDelaySeconds":10}`)
		synctest.Wait()
		shop.sayClosing(&out)
		require.NoError(t, shop.Close(t.Context()))
		shop.sayClosed(&out)
		require.Equal(t, "closing: 2 orders under way, 1 of them paid; press Ctrl-C again to stop now\n"+
			"closed: 2 unfinished orders are lost, 2 of them paid; use -data FILE to keep orders\n", out.String())
	})
}
