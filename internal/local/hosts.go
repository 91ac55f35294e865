package local

import (
	"net"
	"net/http"
	"net/netip"
	"strings"
)

// ownHosts passes on requests whose Host is a loopback address or name, the unspecified
// address, the address that the client connected to, or the host that the program
// listens on. It answers others with 421. Otherwise a website could let its name resolve
// to this machine, and its page could read orders and stop executions.
func ownHosts(host string, shop http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if !isOwn(r, host) {
			http.Error(w, "The Host header names another machine. Use localhost, an address of this machine, or the name given with -addr.", http.StatusMisdirectedRequest)
			return
		}
		shop.ServeHTTP(w, r)
	})
}

func isOwn(r *http.Request, own string) bool {
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
		return host != "" && host == strings.ToLower(own)
	}
	if ip.Unmap().IsLoopback() || ip.IsUnspecified() {
		return true
	}
	local, ok := r.Context().Value(http.LocalAddrContextKey).(*net.TCPAddr)
	return ok && ip.Unmap() == local.AddrPort().Addr().Unmap().WithZone("")
}
