// Program late is cmd/handler without Connect: its first calls open the connections.
package main

import (
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
	lambda.Start(handler)
}
