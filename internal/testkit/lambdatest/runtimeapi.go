package lambdatest

import (
	"crypto/rand"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"strconv"
	"time"

	"github.com/google/uuid"
)

// invocation is an event that a process handles. The environment that has it guards its
// answer.
type invocation struct {
	id       string
	payload  []byte
	deadline time.Time
	started  time.Time

	answer   []byte
	failed   bool
	answered time.Time
}

func newInvocation(payload []byte) *invocation {
	return &invocation{id: uuid.NewString(), payload: payload}
}

// reply sets the answer. Only the first call counts.
func (inv *invocation) reply(answer []byte, failed bool) {
	inv.answer, inv.failed, inv.answered = answer, failed, time.Now()
}

// routes is the Runtime API.
// https://docs.aws.amazon.com/lambda/latest/dg/runtimes-api.html
func (e *environment) routes() http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("GET /2018-06-01/runtime/invocation/next", e.next)
	mux.HandleFunc("POST /2018-06-01/runtime/invocation/{id}/response", e.response)
	mux.HandleFunc("POST /2018-06-01/runtime/invocation/{id}/error", e.error)
	mux.HandleFunc("POST /2018-06-01/runtime/init/error", e.initFailed)
	return mux
}

// next ends the previous invocation and blocks until there is work.
func (e *environment) next(w http.ResponseWriter, r *http.Request) {
	now := time.Now()
	e.mu.Lock()
	if e.current != nil && e.current.answer == nil {
		e.mu.Unlock()
		refuse(w, http.StatusForbidden, "InvalidStateTransition", "the current invocation has no answer yet")
		return
	}
	e.current = nil
	process, first := e.cmd.Process, e.readyAfter == 0
	if first {
		e.readyAfter = now.Sub(e.started)
	}
	e.mu.Unlock()
	if first && e.onReady != nil {
		e.onReady(process)
	}
	select {
	case e.asked <- struct{}{}:
	default: // it already asked, over a connection that it has dropped
	}

	select {
	case <-r.Context().Done(): // the process has ended
	case inv := <-e.invocations:
		e.mu.Lock()
		e.current = inv
		e.mu.Unlock()
		h := w.Header()
		h.Set("Content-Type", "application/json")
		h.Set("Lambda-Runtime-Aws-Request-Id", inv.id)
		h.Set("Lambda-Runtime-Deadline-Ms", strconv.FormatInt(inv.deadline.UnixMilli(), 10))
		h.Set("Lambda-Runtime-Invoked-Function-Arn", e.arn)
		h.Set("Lambda-Runtime-Trace-Id", newTraceID())
		w.Write(inv.payload)
	}
}

func (e *environment) response(w http.ResponseWriter, r *http.Request) { e.take(w, r, false) }

func (e *environment) error(w http.ResponseWriter, r *http.Request) { e.take(w, r, true) }

// take accepts the answer to the current invocation. It refuses one that is too large and
// reports that to the caller; the process may continue.
func (e *environment) take(w http.ResponseWriter, r *http.Request, failed bool) {
	body, err := io.ReadAll(r.Body)
	if err != nil {
		refuse(w, http.StatusBadRequest, "TruncatedPayload", err.Error())
		return
	}
	e.mu.Lock()
	defer e.mu.Unlock()
	switch {
	case e.current == nil || e.current.id != r.PathValue("id"):
		refuse(w, http.StatusBadRequest, "InvalidRequestID", "Invalid request ID")
	case e.current.answer != nil:
		refuse(w, http.StatusForbidden, "InvalidStateTransition", "the invocation has been answered")
	case len(body) > MaxResponse:
		e.current.reply(failure("Function.ResponseSizeTooLarge",
			"Response payload size exceeded maximum allowed payload size (%d bytes).", MaxResponse), true)
		refuse(w, http.StatusRequestEntityTooLarge, "RequestEntityTooLarge",
			fmt.Sprintf("Exceeded maximum allowed payload size (%d bytes).", MaxResponse))
	default:
		e.current.reply(body, failed)
		accept(w)
	}
}

// initFailed accepts the process's report of why it cannot start.
func (e *environment) initFailed(w http.ResponseWriter, r *http.Request) {
	body, err := io.ReadAll(r.Body)
	if err != nil {
		refuse(w, http.StatusBadRequest, "TruncatedPayload", err.Error())
		return
	}
	e.mu.Lock()
	e.initError = body
	e.mu.Unlock()
	accept(w)
}

func accept(w http.ResponseWriter) {
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(http.StatusAccepted)
	io.WriteString(w, `{"status":"OK"}`)
}

func refuse(w http.ResponseWriter, status int, errorType, message string) {
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	_ = json.NewEncoder(w).Encode(Failure{Type: errorType, Message: message})
}

func newTraceID() string {
	var b [20]byte
	rand.Read(b[:])
	return fmt.Sprintf("Root=1-%08x-%x;Parent=%x;Sampled=0", time.Now().Unix(), b[:12], b[12:])
}
