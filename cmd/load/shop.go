//go:build linux

package main

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"os/exec"
	"regexp"
)

// shop is the running program with the outside systems.
type shop struct {
	url     string
	process *exec.Cmd
	systems *http.Server
}

// open matches the line in which the program prints its address.
var open = regexp.MustCompile(`open at (http://\S+)`)

// start starts the program on a free port, with the outside systems.
func start(ctx context.Context, program string, systems http.Handler, args []string) (*shop, error) {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return nil, err
	}
	s := &shop{systems: &http.Server{Handler: systems}}
	go func() { _ = s.systems.Serve(listener) }() // until stop
	args = append([]string{"-addr", "127.0.0.1:0", "-outside", "http://" + listener.Addr().String()}, args...)
	s.process = exec.CommandContext(ctx, program, args...)
	s.process.Stderr = os.Stderr
	out, err := s.process.StdoutPipe()
	if err == nil {
		err = s.process.Start()
	}
	if err != nil {
		return nil, err
	}
	lines := bufio.NewScanner(out)
	for lines.Scan() {
		if found := open.FindStringSubmatch(lines.Text()); found != nil {
			s.url = found[1]
			go func() { _, _ = io.Copy(io.Discard, out) }() // until the program ends
			return s, nil
		}
	}
	s.stop()
	return nil, errors.Join(errors.New("the program ended before it printed its address"), lines.Err())
}

// stop ends the program.
func (s *shop) stop() {
	_ = s.process.Process.Kill()
	_ = s.process.Wait()
	_ = s.systems.Close()
}

// memory returns the program's memory in MB.
func (s *shop) memory() (mb int) {
	text, _ := os.ReadFile(fmt.Sprintf("/proc/%d/status", s.process.Process.Pid))
	if found := regexp.MustCompile(`VmRSS:\s+(\d+) kB`).FindSubmatch(text); found != nil {
		_, _ = fmt.Sscan(string(found[1]), &mb)
	}
	return mb / 1024
}
