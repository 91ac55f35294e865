//go:build linux

package main

import (
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

func TestBothWaysAreMeasuredAndNoOrderIsLost(t *testing.T) {
	if testing.Short() {
		t.Skip("builds and runs the program")
	}
	var out strings.Builder
	require.NoError(t, measure(t.Context(), 20, time.Second, &out))
	require.Regexp(t, `(?m)^in memory   \d+ orders a second, 0 of \d+ refused; POST p50 \S+, p99 \S+; GET p50 \S+, p99 \S+; memory [\d →]+ MB\nwith -data  \d+ orders`, out.String())
}

func TestAnOrderMissingFromTheBooksIsAnError(t *testing.T) {
	b := newBooks()
	for _, call := range []string{"charge", "add", "prepare", "handOver"} {
		b.made[call] = map[string]bool{"1": true}
	}
	require.NoError(t, b.check([]string{"1"}))
	require.Error(t, b.check([]string{"1", "2"}))
	b.made["refund"] = map[string]bool{"1": true}
	require.Error(t, b.check([]string{"1"}))
}

func TestAnOrderThatWasNotDeliveredIsAnError(t *testing.T) {
	r := result{books: newBooks()}
	require.NoError(t, r.check())
	r.notEnded = []string{"1"}
	require.ErrorContains(t, r.check(), "1 accepted orders were not delivered")
}
