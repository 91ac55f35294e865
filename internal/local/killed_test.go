//go:build unix

package local

import (
	"context"
	"encoding/json"
	"flag"
	"fmt"
	"math/rand/v2"
	"net/http"
	"net/http/httptest"
	"os/exec"
	"path/filepath"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"pizzasaga/internal/bolt"
	"pizzasaga/internal/order"
	"pizzasaga/internal/repair"
)

var kills = flag.Int("kills", 4, "kill the program this `number` of times")

// TestAKilledShopKeepsItsPromises kills the compiled program at random moments while
// customers are ordering. The outside systems run in the test's process and keep their
// books. After each kill, the file must have all that the shop had shown before. At the
// end, all promises must be kept.
func TestAKilledShopKeepsItsPromises(t *testing.T) {
	if testing.Short() {
		t.Skip("takes 20 s because a compensation is retried")
	}
	k := newKilled(t)
	customers := startCustomers(k, 6)
	for range *kills {
		k.start()
		select { // at any moment, even before the shop is open
		case <-time.After(time.Duration(rand.Int64N(int64(time.Second)))):
		case err := <-k.exited:
			require.FailNow(t, "the program ended before it was killed", "%v\n%s", err, k.out)
		}
		k.kill()
		k.examine()
	}
	k.start()
	customers.leave()
	k.kill()
	k.examine()
	k.promises()
	t.Logf("%d kills, %d accepted orders, %d of them cancelled by their customers", *kills, len(k.accepted), len(k.cancelled))
}

// killed is a shop that is killed, what it answered, and the books of the outside systems.
type killed struct {
	*testing.T
	*cloud
	program, data string
	systems       string // the URL of the outside systems
	address       string // of the program
	process       *exec.Cmd
	exited        chan error
	out           *output
	asked         []outsideCall // since the last kill
	answered      []string      // ids of orders accepted since the last kill
}

// everything is a limit that keeps all executions, because all are examined at the end.
const everything = 1_000_000

// outsideCall is a call to an outside system.
type outsideCall struct{ name, orderID string }

func newKilled(t *testing.T) *killed {
	folder := t.TempDir()
	k := &killed{T: t, program: filepath.Join(folder, "local"), data: filepath.Join(folder, "shop.data"), address: freeAddress(t)}
	k.cloud = &cloud{calls: newCalls(nil), money: newLedger(), points: newLedger(), ovens: newLedger(), pizzas: newLedger(),
		accepted: map[string]bool{}, cancelled: map[string]bool{}}
	build := exec.Command("go", "build", "-o", k.program, "../../cmd/local")
	out, err := build.CombinedOutput()
	require.NoError(t, err, string(out))
	server := httptest.NewServer(k.serve())
	t.Cleanup(server.Close)
	k.systems = server.URL
	return k
}

// serve returns the outside systems.
func (k *killed) serve() http.Handler {
	acts := map[string]call{
		"charge": k.money.give, "refund": k.money.takeBack, "add": k.points.give, "reclaim": k.points.takeBack,
		"prepare": k.ovens.give, "handOver": k.pizzas.give,
	}
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		var request order.Request
		if err := json.NewDecoder(r.Body).Decode(&request); err != nil {
			http.Error(w, err.Error(), http.StatusBadRequest)
			return
		}
		name := r.URL.Path[1:]
		k.mu.Lock()
		k.asked = append(k.asked, outsideCall{name, request.ID})
		k.mu.Unlock()
		if name == "void" {
			out, _ := k.pizzas.void(r.Context(), request)
			_ = json.NewEncoder(w).Encode(map[string]bool{"handedOver": out})
		} else if err := acts[name](r.Context(), request); err != nil {
			http.Error(w, err.Error(), http.StatusConflict)
		}
	})
}

func (k *killed) start() {
	k.out = &output{}
	k.process = exec.Command(k.program, "-addr", k.address, "-data", k.data, "-keep", fmt.Sprint(everything), "-outside", k.systems)
	k.process.Stdout, k.process.Stderr = k.out, k.out
	require.NoError(k, k.process.Start())
	k.Cleanup(func() { _ = k.process.Process.Kill() }) // if the test fails
	exited := make(chan error, 1)
	k.exited = exited
	go func(p *exec.Cmd) { exited <- p.Wait() }(k.process)
}

func (k *killed) kill() {
	require.NoError(k, k.process.Process.Kill())
	<-k.exited
}

// examine checks that the file has what became visible before the kill: each accepted
// order with its execution, each task that called an outside system, and each printed
// state.
func (k *killed) examine() {
	k.Helper()
	file, err := bolt.Open(k.data)
	require.NoError(k, err)
	defer file.Close()
	k.mu.Lock()
	calls, answered := k.asked, k.answered
	k.asked, k.answered = nil, nil
	k.mu.Unlock()
	for _, id := range answered {
		_, err := file.Get(context.Background(), id)
		require.NoError(k, err, "order %s was accepted, but is not in the file", id)
		events, err := file.Events(id)
		require.NoError(k, err)
		require.NotEmpty(k, events, "order %s was accepted, but its execution is not in the file", id)
	}
	saved := histories{file: file, states: map[string]map[string]bool{}}
	for _, c := range calls {
		require.True(k, saved.entered(k, c.orderID, stateOf[c.name]...), "%s was called for order %s, which has only entered %v", c.name, c.orderID, saved.states[c.orderID])
	}
	for _, e := range k.out.entered() {
		require.True(k, saved.printed(k, e), "order %s was printed in state %s", e.orderID, e.name)
	}
}

// promises opens the shop in this process, and checks its promises before and after it
// redrives all letters.
func (k *killed) promises() {
	k.Helper()
	shop, err := Open(Config{Data: k.data, Keep: everything, Outside: k.systems})
	require.NoError(k, err)
	defer func() { require.NoError(k, shop.Close(context.Background())) }()
	shop.reconciles.Wait()
	k.shop, k.orders, k.queues = shop, shop.Orders, shop.Queues
	k.count = map[string]int{"sweep.apply": 1} // orders may have been reconciled
	require.NoError(k, k.cloud.promises(false))
	for _, q := range []order.Queue{"AddLoyaltyPoints", "RefundPayment", "ReclaimLoyaltyPoints"} {
		for len(shop.Queues.Messages(q)) > 0 {
			before := len(shop.Queues.Messages(q))
			_, err := shop.function.invoke(context.Background(), "", fmt.Appendf(nil, `{"action":%q,"queue":%q}`, repair.RedriveAction, q))
			require.NoError(k, err)
			require.Less(k, len(shop.Queues.Messages(q)), before, "some letters cannot be redriven")
		}
	}
	require.NoError(k, k.cloud.promises(true))
}
