package local

import (
	"net"
	"net/http"
	"net/netip"
	"strings"
)

// ownHosts passes on the requests whose Host names this machine as the program was
// opened: a loopback address or name, the address that the connection came to, or the
// name in addr. Others are answered 421. Otherwise a page of a website whose name
// resolves to this machine could read orders and stop executions.
func ownHosts(addr string, shop http.Handler) http.Handler {
	opened, _, _ := net.SplitHostPort(addr) // it could be listened on
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if !isOwn(r, opened) {
			http.Error(w, "The Host header names another machine. Use localhost, or the address that -addr opens.", http.StatusMisdirectedRequest)
			return
		}
		shop.ServeHTTP(w, r)
	})
}

func isOwn(r *http.Request, opened string) bool {
	host := r.Host
	if name, _, err := net.SplitHostPort(host); err == nil {
		host = name
	}
	host = strings.TrimSuffix(strings.TrimPrefix(strings.TrimSuffix(strings.ToLower(host), "."), "["), "]")
	if host == "localhost" || strings.HasSuffix(host, ".localhost") {
		return true
	}
	ip, err := netip.ParseAddr(host)
	if err != nil {
		return host != "" && host == strings.ToLower(opened)
	}
	if ip.Unmap().IsLoopback() {
		return true
	}
	local, ok := r.Context().Value(http.LocalAddrContextKey).(*net.TCPAddr)
	return ok && ip.Unmap() == local.AddrPort().Addr().Unmap().WithZone("")
}
