//go:build unix

package asl_test

import (
	"fmt"
	"runtime"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"pizzasaga/asl"
)

// BenchmarkWaiting keeps orders waiting in CookPizza. It measures the memory of each of them
// with its history, and the CPU time of further orders, which wait twice.
func BenchmarkWaiting(b *testing.B) {
	for _, waiting := range []int{1000, 100000} {
		b.Run(fmt.Sprint(waiting), func(b *testing.B) {
			kitchen := make(chan struct{}, 64) // orders on their way to CookPizza
			engine := orderEngine(b, func(order string, e asl.Event) {
				if d, ok := e.Details.(*asl.StateEnteredDetails); ok && d.Name == "CookPizza" && strings.Contains(order, "waits-") {
					<-kitchen
				}
			})
			before := liveHeap()
			for i := range waiting {
				kitchen <- struct{}{}
				name := "waits-" + strconv.Itoa(i)
				_, err := engine.Start(name, orderInput(name, 3000))
				require.NoError(b, err)
			}
			for range cap(kitchen) {
				kitchen <- struct{}{}
			}
			each := float64(liveHeap()-before) / float64(waiting)

			runtime.GC()
			start := processorTime(b)
			b.ResetTimer()
			const woken = 1000 // concurrent orders for each b.N; one alone is too short to measure
			var all sync.WaitGroup
			for i := range woken * b.N {
				all.Go(func() { runOrder(b, engine, "woken-"+strconv.Itoa(i), 1) })
			}
			all.Wait()
			b.ReportMetric(float64(processorTime(b)-start)/float64(woken*b.N), "cpu-ns/woken")
			b.ReportMetric(each, "B/waiting")
		})
	}
}

func liveHeap() uint64 {
	runtime.GC()
	runtime.GC() // the first may not have finished sweeping
	var stats runtime.MemStats
	runtime.ReadMemStats(&stats)
	return stats.HeapAlloc
}

// processorTime returns the CPU time of this process, which depends less on other processes
// than wall-clock time does.
func processorTime(b *testing.B) time.Duration {
	var usage syscall.Rusage
	require.NoError(b, syscall.Getrusage(syscall.RUSAGE_SELF, &usage))
	return time.Duration(usage.Utime.Nano() + usage.Stime.Nano())
}
