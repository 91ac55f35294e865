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

// peakMemory is the most memory that a living process has used, in bytes.
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
	return 0, fmt.Errorf("process %d tells no VmHWM", pid)
}

// period is that of Linux's own CPU bandwidth control as Lambda sets it.
const period = 20 * time.Millisecond

// hold gives a process only a share of one CPU until it ends, the way Linux
// does with a CPU quota: in each period it may run until its share is used up,
// then it stands still. What it does not use is lost, what it takes too much is
// owed. It needs no privilege.
func hold(p *os.Process, share float64) {
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

// cpuTime is the CPU time that a process has used so far.
func cpuTime(pid int) (time.Duration, error) {
	clock := ^pid<<3 | 2 // the process's CPU clock, see clock_getcpuclockid(3)
	var t syscall.Timespec
	if _, _, errno := syscall.Syscall(syscall.SYS_CLOCK_GETTIME, uintptr(clock), uintptr(unsafe.Pointer(&t)), 0); errno != 0 {
		return 0, errno
	}
	return time.Duration(t.Nano()), nil
}
