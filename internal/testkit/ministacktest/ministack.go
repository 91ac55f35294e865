// Package ministacktest starts ministack for a test: an emulator of AWS that needs
// neither an account nor Docker and runs a compiled function as a process.
package ministacktest

import (
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"pizzasaga/internal/testkit/awstest"
)

// Region is the emulator's region.
const Region = "us-east-1"

// Emulator is a running ministack.
type Emulator struct {
	Addr string // host and port
	URL  string // for AWS_ENDPOINT_URL

	cmd    *exec.Cmd
	input  io.Closer     // closing it ends the emulator
	exited chan struct{} // closed when the process has ended
}

// Start starts an empty emulator, which stops when the test ends. settings are
// environment variables of ministack, as "NAME=value". It skips the test if ministack is
// not installed. If the test fails, it shows the end of the emulator's log.
func Start(t testing.TB, settings ...string) *Emulator {
	t.Helper()
	program := filepath.Join(awstest.Tools(), "ministack/bin/ministack")
	if _, err := os.Stat(program); err != nil {
		t.Skip("ministack is not installed: run `.ci/aws tools`")
	}
	addr, err := freeAddr()
	if err != nil {
		t.Fatal(err)
	}
	host, port, _ := net.SplitHostPort(addr)
	e := &Emulator{Addr: addr, URL: "http://" + addr, cmd: exec.Command("sh", "-c", untilInputEnds, program), exited: make(chan struct{})}
	dir := t.TempDir()
	e.cmd.Env = slices.Concat(e.Environ(), []string{
		"BIND_HOST=" + host, "MINISTACK_HOST=" + host, "GATEWAY_PORT=" + port,
		"TMPDIR=" + dir, "STATE_DIR=" + filepath.Join(dir, "state"), "S3_DATA_DIR=" + filepath.Join(dir, "s3"),
		"PYTHONDONTWRITEBYTECODE=1", "PYTHONUNBUFFERED=1",
	}, settings)
	log, err := os.Create(filepath.Join(dir, "log"))
	if err != nil {
		t.Fatal(err)
	}
	defer log.Close()
	e.cmd.Stdout, e.cmd.Stderr = log, log
	if e.input, err = e.cmd.StdinPipe(); err != nil {
		t.Fatal(err)
	}
	if err := e.cmd.Start(); err != nil {
		t.Fatal(err)
	}
	go func() {
		_ = e.cmd.Wait()
		close(e.exited)
	}()
	t.Cleanup(func() {
		e.stop()
		if t.Failed() {
			t.Logf("the end of ministack's log:\n%s", tail(log.Name()))
		}
	})
	if err := e.awaitReady(); err != nil {
		t.Fatal(err)
	}
	return e
}

// Environ returns this process's environment with the emulator in place of AWS and
// without the machine's profile and keys.
func (e *Emulator) Environ() []string {
	env := slices.DeleteFunc(os.Environ(), func(v string) bool { return strings.HasPrefix(v, "AWS_") })
	return append(env, "AWS_ENDPOINT_URL="+e.URL, "AWS_REGION="+Region, "AWS_DEFAULT_REGION="+Region,
		"AWS_ACCESS_KEY_ID=test", "AWS_SECRET_ACCESS_KEY=test", "AWS_EC2_METADATA_DISABLED=true",
		"AWS_CONFIG_FILE="+os.DevNull, "AWS_SHARED_CREDENTIALS_FILE="+os.DevNull,
		"NO_PROXY=127.0.0.1", "no_proxy=127.0.0.1", "SAM_CLI_TELEMETRY=0")
}

// freeAddr returns an address on which nothing listens.
func freeAddr() (string, error) {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return "", err
	}
	return listener.Addr().String(), listener.Close()
}

// awaitReady waits until the emulator answers.
func (e *Emulator) awaitReady() error {
	poll := time.NewTicker(50 * time.Millisecond)
	defer poll.Stop()
	limit := time.After(5 * time.Minute) // on a busy machine, Python takes seconds to start
	for {
		if answer, err := http.Get(e.URL + "/_ministack/health"); err == nil {
			return answer.Body.Close()
		}
		select {
		case <-poll.C:
		case <-e.exited:
			return fmt.Errorf("ministack ended: %s", e.cmd.ProcessState)
		case <-limit:
			return fmt.Errorf("ministack is not responding at %s", e.URL)
		}
	}
}

// stop ends the emulator, which ends its functions.
func (e *Emulator) stop() {
	_ = e.input.Close()
	<-e.exited
}

// untilInputEnds runs a program until it ends or its input is closed, which also happens
// when the test's process is killed.
const untilInputEnds = `exec 3<&0; "$0" </dev/null & emulator=$!; { cat <&3; kill $emulator; } >/dev/null & wait $emulator`

// tail returns the end of a file.
func tail(file string) string {
	text, err := os.ReadFile(file)
	if err != nil {
		return err.Error()
	}
	return string(text[max(0, len(text)-20_000):])
}
