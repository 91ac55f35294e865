// Command handler is the Lambda function. It handles every workflow step, every route of
// the HTTP API and the operators' tools, depending on the event.
package main

import (
	"context"
	"log/slog"
	"os"

	"github.com/aws/aws-lambda-go/lambda"

	"pizzasaga/internal/function"
)

func main() {
	handler, err := function.New(os.Getenv, os.Stdout)
	if err != nil {
		slog.New(slog.NewJSONHandler(os.Stderr, nil)).Error("the function cannot start", "error", err)
		os.Exit(1)
	}
	handler.Connect(context.Background())
	lambda.Start(handler)
}
