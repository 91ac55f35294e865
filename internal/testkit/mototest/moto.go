package mototest

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"sync"
	"time"
)

// ErrNoMoto is what Start returns where moto is not installed.
var ErrNoMoto = errors.New("moto is not installed: run `.ci/aws tools`, or set MOTO_PYTHON to a Python that has it")

// moto is a running moto server: an emulator of DynamoDB, SQS and Step
// Functions, in Python.
type moto struct {
	url string
	cmd *exec.Cmd
	log lockedBuffer

	following sync.WaitGroup
}

var listening = regexp.MustCompile(`Running on (http://127\.0\.0\.1:\d+)`)

// startMoto starts the server on a free port. Its workflow engine sends the
// tasks of executions to http://localhost and the task port.
func startMoto(ctx context.Context, root, taskPort string) (*moto, error) {
	python := os.Getenv("MOTO_PYTHON")
	if python == "" {
		python = filepath.Join(root, ".tools", "moto", "bin", "python")
	}
	if _, err := os.Stat(python); err != nil {
		return nil, ErrNoMoto
	}
	m := &moto{cmd: exec.Command(python, filepath.Join(root, "internal", "testkit", "mototest", "testdata", "moto_server.py"), "-H", "127.0.0.1", "-p", "0")}
	m.cmd.Env = append(os.Environ(), "MOTO_PORT="+taskPort, "PYTHONUNBUFFERED=1", "PYTHONDONTWRITEBYTECODE=1")
	out, in, err := os.Pipe()
	if err != nil {
		return nil, err
	}
	m.cmd.Stdout, m.cmd.Stderr = in, in
	err = m.cmd.Start()
	in.Close()
	if err != nil {
		return nil, fmt.Errorf("start moto: %w", err)
	}
	found := make(chan string, 1) // it says so once
	m.following.Go(func() { m.follow(out, found) })
	select {
	case m.url = <-found:
	case <-time.After(startLimit):
	}
	if m.url == "" {
		m.close()
		return nil, fmt.Errorf("moto does not start:\n%s", m.log.String())
	}
	if err := m.execute(ctx); err != nil {
		m.close()
		return nil, err
	}
	return m, nil
}

// follow keeps what the server writes and tells the address that it names.
func (m *moto) follow(out io.ReadCloser, found chan<- string) {
	defer out.Close()
	defer close(found)
	lines := bufio.NewScanner(out)
	for lines.Scan() {
		m.log.WriteString(lines.Text() + "\n")
		if match := listening.FindStringSubmatch(lines.Text()); match != nil {
			found <- match[1]
		}
	}
}

// execute makes moto run state machines, which by default it only lists.
func (m *moto) execute(ctx context.Context) error {
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, m.url+"/moto-api/config",
		strings.NewReader(`{"stepfunctions":{"execute_state_machine":true}}`))
	if err != nil {
		return err
	}
	req.Header.Set("Content-Type", "application/json")
	res, err := http.DefaultClient.Do(req)
	if err != nil {
		return fmt.Errorf("configure moto: %w", err)
	}
	defer res.Body.Close()
	if res.StatusCode/100 != 2 {
		return fmt.Errorf("configure moto: %s", res.Status)
	}
	return nil
}

func (m *moto) close() {
	_ = m.cmd.Process.Kill()
	_ = m.cmd.Wait()
	m.following.Wait()
}

// lockedBuffer is a buffer for two goroutines.
type lockedBuffer struct {
	mu sync.Mutex
	b  bytes.Buffer
}

func (l *lockedBuffer) WriteString(s string) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.b.WriteString(s)
}

func (l *lockedBuffer) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.b.Write(p)
}

func (l *lockedBuffer) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.b.String()
}

// startLimit bounds the start of everything; a Python that is busy takes seconds.
const startLimit = 5 * time.Minute
