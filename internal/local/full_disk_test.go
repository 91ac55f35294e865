//go:build unix

package local

import (
	"bytes"
	"encoding/json"
	"fmt"
	"net/http"
	"os/exec"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"pizzasaga/internal/order"
)

// TestAFullDiskLosesNoAcceptedOrder limits the size of the program's file, which has the
// same effect as a full disk.
func TestAFullDiskLosesNoAcceptedOrder(t *testing.T) {
	k := newKilled(t)
	run := k.program
	limited := exec.Command("/bin/sh", "-c", fmt.Sprintf("ulimit -f 1000; exec %s -addr %s -data %s -outside %s", run, k.address, k.data, k.systems))
	k.out = &output{}
	limited.Stdout, limited.Stderr = k.out, k.out
	require.NoError(t, limited.Start())
	t.Cleanup(func() { _ = limited.Process.Kill() })
	k.waitUntilOpen()
	post := func() *http.Response {
		answer, err := http.Post("http://"+k.address+"/orders", "application/json", bytes.NewReader(nil))
		require.NoError(t, err, k.out)
		return answer
	}
	var accepted []string
	answer := post()
	for ; answer.StatusCode == http.StatusAccepted; answer = post() {
		var placed order.Summary
		require.NoError(t, json.NewDecoder(answer.Body).Decode(&placed))
		require.NoError(t, answer.Body.Close())
		accepted = append(accepted, placed.ID)
	}
	require.Equal(t, http.StatusServiceUnavailable, answer.StatusCode)
	require.NotEmpty(t, answer.Header.Get("Retry-After"))
	require.NotEmpty(t, accepted)
	require.NoError(t, limited.Process.Kill())
	_ = limited.Wait() // it was killed

	k.start()
	k.waitUntilOpen()
	for _, id := range accepted {
		(&customers{killed: k}).await(id)
	}
	k.kill()
}

func (k *killed) waitUntilOpen() {
	require.Eventually(k, func() bool { return bytes.Contains([]byte(k.out.String()), []byte("Ctrl-C")) }, time.Minute, time.Millisecond)
}
