// Program bootstrap is a function that fails in the way that its event asks for. The tests
// compile it.
package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"os"
	"strings"
	"time"

	"github.com/aws/aws-lambda-go/lambda"
	"github.com/aws/aws-lambda-go/lambdacontext"
)

type event struct {
	Do    string `json:"do"`
	Bytes int    `json:"bytes"`
	Code  int    `json:"code"`
	Var   string `json:"var"`
}

type handler struct{ count int }

func (h *handler) Invoke(ctx context.Context, payload []byte) ([]byte, error) {
	h.count++
	var e event
	if err := json.Unmarshal(payload, &e); err != nil {
		return nil, err
	}
	fmt.Println("doing", e.Do)
	switch e.Do {
	case "fail":
		return nil, errors.New("no pizza today")
	case "panic":
		panic("oven on fire")
	case "hang":
		<-make(chan struct{})
	case "exit":
		os.Exit(e.Code)
	case "kill yourself":
		self, _ := os.FindProcess(os.Getpid())
		self.Kill()
		<-make(chan struct{})
	case "answer":
		return []byte(`"` + strings.Repeat("x", e.Bytes-2) + `"`), nil
	case "meet":
		return json.Marshal(meet(e.Var))
	}
	lc, _ := lambdacontext.FromContext(ctx)
	deadline, _ := ctx.Deadline()
	return json.Marshal(map[string]any{
		"count": h.count, "pid": os.Getpid(), "size": len(payload), "requestId": lc.AwsRequestID, "arn": lc.InvokedFunctionArn,
		"remainingMs": time.Until(deadline).Milliseconds(), "trace": os.Getenv("_X_AMZN_TRACE_ID"), "environ": os.Environ(),
	})
}

// meet returns once two processes are in it at the same time.
func meet(folder string) int {
	f, _ := os.CreateTemp(folder, "here")
	f.Close()
	for {
		here, _ := os.ReadDir(folder)
		if len(here) >= 2 {
			return len(here)
		}
		time.Sleep(time.Millisecond)
	}
}

func main() {
	fmt.Println("init")
	switch os.Getenv("INIT") {
	case "exit":
		os.Exit(3)
	case "exit once": // the second start succeeds
		if err := os.Mkdir(os.Getenv("MARK"), 0o700); err == nil {
			os.Exit(3)
		}
	case "panic":
		panic("no flour")
	case "exit cleanly":
		return
	case "report":
		http.Post("http://"+os.Getenv("AWS_LAMBDA_RUNTIME_API")+"/2018-06-01/runtime/init/error", "application/json",
			strings.NewReader(`{"errorType":"Bakery.Closed","errorMessage":"no flour"}`))
		os.Exit(1)
	}
	lambda.Start(&handler{})
}
