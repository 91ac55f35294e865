//go:build linux

package main

import (
	"fmt"
	"os"
	"strconv"
	"strings"
	"syscall"
	"time"
	"unsafe"
)

// peakMemory returns the most memory that a running process has used, in bytes.
func peakMemory(pid int) (int64, error) {
	status, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", pid))
	if err != nil {
		return 0, err
	}
	for line := range strings.Lines(string(status)) {
		if kb, ok := strings.CutPrefix(line, "VmHWM:"); ok {
			n, err := strconv.ParseInt(strings.TrimSpace(strings.TrimSuffix(strings.TrimSpace(kb), "kB")), 10, 64)
			return n << 10, err
		}
	}
	return 0, fmt.Errorf("process %d has no VmHWM", pid)
}

// period is the period of Linux's CPU bandwidth control, as Lambda sets it.
const period = 20 * time.Millisecond

// throttle limits a process to a share of one CPU until it ends, like a Linux CPU quota: in
// each period the process runs until its share is used up and is then stopped. Unused
// time is lost, and overuse is subtracted later. It needs no privileges.
func throttle(p *os.Process, share float64) {
	quota := time.Duration(share * float64(period))
	var left time.Duration
	last, err := cpuTime(p.Pid)
	for end := time.Now().Add(period); err == nil; end = end.Add(period) {
		left = quota + min(0, left)
		for err == nil && left > 0 && time.Now().Before(end) {
			time.Sleep(50 * time.Microsecond)
			var used time.Duration
			used, err = cpuTime(p.Pid)
			left, last = left-(used-last), used
		}
		if left <= 0 {
			_ = p.Signal(syscall.SIGSTOP)
			time.Sleep(time.Until(end))
			_ = p.Signal(syscall.SIGCONT)
		}
	}
}

// cpuTime returns the CPU time that a process has used so far.
func cpuTime(pid int) (time.Duration, error) {
	clock := ^pid<<3 | 2 // the process's CPU clock, see clock_getcpuclockid(3)
	var t syscall.Timespec
	if _, _, errno := syscall.Syscall(syscall.SYS_CLOCK_GETTIME, uintptr(clock), uintptr(unsafe.Pointer(&t)), 0); errno != 0 {
		return 0, errno
	}
	return time.Duration(t.Nano()), nil
}
