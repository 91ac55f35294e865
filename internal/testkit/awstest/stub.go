package awstest

import (
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync"
)

// Stub is a server for AWS_ENDPOINT_URL that has no orders and no executions, and records
// its requests.
type Stub struct {
	*httptest.Server
	mu      sync.Mutex
	targets []string
}

// NewStub returns a running stub. Call Close after use.
func NewStub() *Stub {
	s := &Stub{}
	s.Server = httptest.NewServer(http.HandlerFunc(s.answer))
	return s
}

func (s *Stub) answer(w http.ResponseWriter, r *http.Request) {
	target := r.Header.Get("X-Amz-Target")
	s.mu.Lock()
	s.targets = append(s.targets, target)
	s.mu.Unlock()
	switch _, operation, _ := strings.Cut(target, "."); operation {
	case "DescribeExecution":
		Error(w, http.StatusBadRequest, "ExecutionDoesNotExist", nil)
	case "UpdateItem":
		Error(w, http.StatusBadRequest, "ConditionalCheckFailedException", nil)
	default:
		Answer(w, http.StatusOK, nil)
	}
}

// Targets returns the service and operation of every request so far, sorted.
func (s *Stub) Targets() []string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.Sorted(slices.Values(s.targets))
}
