package asl_test

import (
	"context"
	"encoding/json"
	"os"
	"strconv"
	"testing"

	"github.com/stretchr/testify/require"

	"pizzasaga/asl"
)

// The benchmarks run the deployed workflow. Its functions only parse their payload and
// return an answer.

func orderMachine(tb testing.TB) *asl.Machine {
	definition, err := os.ReadFile("../statemachine/pizza.asl.json")
	require.NoError(tb, err)
	machine, err := asl.Load(definition, map[string]string{
		"Partition":                  "aws",
		"FunctionArn":                "arn:aws:lambda:us-east-1:123456789012:function:pizza",
		"AddLoyaltyPointsDLQUrl":     "http://localhost/AddLoyaltyPoints",
		"RefundPaymentDLQUrl":        "http://localhost/RefundPayment",
		"ReclaimLoyaltyPointsDLQUrl": "http://localhost/ReclaimLoyaltyPoints",
	})
	require.NoError(tb, err)
	return machine
}

type benchOrder struct {
	OrderID             string `json:"orderId"`
	Flavour             string `json:"flavour"`
	PerStepDelaySeconds int    `json:"perStepDelaySeconds"`
	ErrorOnStep         int    `json:"errorOnStep"`
}

type benchPayload struct {
	Action string     `json:"action"`
	Order  benchOrder `json:"order"`
}

type benchAnswer struct {
	OrderID string `json:"orderId"`
	Status  string `json:"status"`
	Payment string `json:"payment"`
	Loyalty string `json:"loyalty"`
}

// step is the function of every Task.
func step(_ context.Context, _ string, payload []byte) ([]byte, error) {
	var p benchPayload
	if err := json.Unmarshal(payload, &p); err != nil {
		return nil, err
	}
	return json.Marshal(benchAnswer{p.Order.OrderID, "CREATED", "NONE", "NONE"})
}

func orderEngine(tb testing.TB, observe func(string, asl.Event)) *asl.Engine {
	engine, err := asl.New(asl.Config{
		Machine: orderMachine(tb), Observe: observe,
		Resources: map[string]asl.Resource{
			"lambda:invoke": asl.LambdaInvoke(step),
			"sqs:sendMessage": asl.SQSSendMessage(func(context.Context, string, string) (string, error) {
				return "1", nil
			}),
		},
	})
	require.NoError(tb, err)
	tb.Cleanup(func() { require.NoError(tb, engine.Close(context.Background())) })
	return engine
}

func orderInput(name string, delay int) []byte {
	input, _ := json.Marshal(benchOrder{name, "plain", delay, 0})
	return input
}

// BenchmarkByHand calls the functions of an order one after another, with a payload and an
// answer in JSON, as the interpreter does.
func BenchmarkByHand(b *testing.B) {
	b.ReportAllocs()
	for i := range b.N {
		o := benchOrder{strconv.Itoa(i), "plain", 0, 0}
		for _, action := range []string{"createOrder", "processPayment", "addLoyaltyPoints", "prepareOrder", "processOrder", "completeOrder"} {
			payload, _ := json.Marshal(benchPayload{action, o})
			text, err := step(b.Context(), "pizza", payload)
			var answer benchAnswer
			if err != nil || json.Unmarshal(text, &answer) != nil {
				b.Fatal(err)
			}
		}
	}
}

// BenchmarkOrder runs orders one after another, with their histories.
func BenchmarkOrder(b *testing.B) {
	engine := orderEngine(b, nil)
	b.ReportAllocs()
	b.ResetTimer()
	for i := range b.N {
		runOrder(b, engine, strconv.Itoa(i), 0)
	}
}

// BenchmarkOrders runs orders in parallel: compare -cpu 1 with -cpu 2.
func BenchmarkOrders(b *testing.B) {
	engine := orderEngine(b, nil)
	b.SetParallelism(8)
	b.ResetTimer()
	b.RunParallel(func(pb *testing.PB) {
		for pb.Next() {
			runOrder(b, engine, "", 0)
		}
	})
}

func runOrder(b *testing.B, engine *asl.Engine, name string, delay int) {
	x, err := engine.Start(name, orderInput(name, delay))
	if err == nil {
		x, err = engine.Wait(b.Context(), x.ARN)
	}
	if err != nil || x.Status != asl.Succeeded {
		b.Error(x.Status, x.Error, x.Cause, err)
	}
}
