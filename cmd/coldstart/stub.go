//go:build linux

package main

import (
	"crypto/rand"
	"crypto/rsa"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"io"
	"log"
	"math/big"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"time"
)

// delay is how long the stub delays every write.
const delay = time.Millisecond

// stub is the server that stands in for AWS.
type stub struct {
	url   string
	own   string // file with the stub's certificate
	roots string // file with the stub's and the system's certificates
	http  *http.Server
}

func startStub(dir string) (*stub, error) {
	cert, err := selfSigned()
	if err != nil {
		return nil, err
	}
	s := &stub{own: filepath.Join(dir, "own.pem"), roots: filepath.Join(dir, "roots.pem")}
	own := pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: cert.Certificate[0]})
	if err := os.WriteFile(s.own, own, 0o600); err != nil {
		return nil, err
	}
	// The system's roots are included because reading them is part of a first call.
	system, _ := os.ReadFile("/etc/ssl/certs/ca-certificates.crt")
	if err := os.WriteFile(s.roots, append(system, own...), 0o600); err != nil {
		return nil, err
	}
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return nil, err
	}
	s.url = "https://" + listener.Addr().String()
	s.http = &http.Server{Handler: http.HandlerFunc(answer), ErrorLog: log.New(io.Discard, "", 0)}
	config := &tls.Config{Certificates: []tls.Certificate{cert}, NextProtos: []string{"http/1.1"}} // these AWS services do not speak HTTP/2
	go s.http.Serve(tls.NewListener(slow{listener}, config))                                       //nolint:errcheck // ends with close
	return s, nil
}

func (s *stub) close() { _ = s.http.Close() }

// answer answers requests as DynamoDB and Step Functions would.
func answer(w http.ResponseWriter, r *http.Request) {
	_, _ = io.Copy(io.Discard, r.Body)
	w.Header().Set("Content-Type", "application/x-amz-json-1.0")
	w.Header().Set("X-Amzn-RequestId", "stub")
	body := "{}"
	switch _, action, _ := strings.Cut(r.Header.Get("X-Amz-Target"), "."); action {
	case "UpdateItem":
		body = `{"Attributes":` + item + `}`
	case "GetItem":
		body = `{"Item":` + item + `}`
	case "StartExecution":
		body = `{"executionArn":"arn:aws:states:eu-west-1:123456789012:execution:pizza-saga-orders:x","startDate":1.7e9}`
	case "DescribeExecution":
		w.WriteHeader(http.StatusBadRequest)
		body = `{"__type":"ExecutionDoesNotExist","message":"none"}`
	}
	_, _ = io.WriteString(w, body)
}

// item is an order.
const item = `{"pk":{"S":"order#X"},"orderId":{"S":"X"},"flavour":{"S":"plain"},"perStepDelaySeconds":{"N":"0"},"errorOnStep":{"N":"0"},` +
	`"status":{"S":"CREATED"},"payment":{"S":"NONE"},"loyalty":{"S":"NONE"},` +
	`"createdAt":{"S":"2026-01-01T00:00:00Z"},"updatedAt":{"S":"2026-01-01T00:00:00Z"},"timeline":{"L":[]}}`

// slow delays every write of its connections.
type slow struct{ net.Listener }

type slowConn struct{ net.Conn }

func (l slow) Accept() (net.Conn, error) {
	c, err := l.Listener.Accept()
	return slowConn{c}, err
}

func (c slowConn) Write(p []byte) (int, error) {
	time.Sleep(delay)
	return c.Conn.Write(p)
}

// selfSigned returns a certificate for 127.0.0.1 with an RSA key, as AWS's are.
func selfSigned() (tls.Certificate, error) {
	key, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		return tls.Certificate{}, err
	}
	template := &x509.Certificate{
		SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: "stub"}, IsCA: true, BasicConstraintsValid: true,
		NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().Add(24 * time.Hour),
		KeyUsage: x509.KeyUsageDigitalSignature | x509.KeyUsageCertSign, ExtKeyUsage: []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth},
		IPAddresses: []net.IP{net.IPv4(127, 0, 0, 1)},
	}
	der, err := x509.CreateCertificate(rand.Reader, template, template, &key.PublicKey, key)
	return tls.Certificate{Certificate: [][]byte{der}, PrivateKey: key}, err
}
