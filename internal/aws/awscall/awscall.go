// Package awscall is what the adapters to AWS have in common: how long a call
// may take, how often it is tried, and which errors mean that it may work later.
package awscall

import (
	"context"
	"fmt"
	"math/rand/v2"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/aws/retry"

	"pizzasaga/internal/order"
)

// Timeout bounds a call with all its attempts, so that a service that hangs
// leaves the function enough of its own time to say so. The time-out of one
// attempt is the HTTP client's.
const Timeout = 5 * time.Second

const (
	attempts  = 5
	firstWait = 25 * time.Millisecond
	longest   = time.Second
)

// Retryer returns the SDK's standard retryer with two changes. It waits less,
// with full jitter: the SDK's first wait is up to two seconds, and somebody is
// waiting for the answer. And it retries what transient holds for, too.
func Retryer(transient func(error) bool) aws.Retryer {
	return retry.NewStandard(func(o *retry.StandardOptions) {
		o.MaxAttempts = attempts
		o.Backoff = retry.BackoffDelayerFunc(func(attempt int, _ error) (time.Duration, error) {
			return rand.N(min(firstWait<<attempt, longest)), nil
		})
		o.Retryables = append([]retry.IsErrorRetryable{retry.IsErrorRetryableFunc(func(err error) aws.Ternary {
			if transient(err) {
				return aws.TrueTernary
			}
			return aws.UnknownTernary
		})}, o.Retryables...)
	})
}

// Do makes one call of an SDK client within Timeout. Its error wraps
// order.ErrUnavailable if time ran out, or if the error was worth a retry and
// the retries did not help.
func Do[In, Out, Options any](ctx context.Context, r aws.Retryer,
	op func(context.Context, *In, ...func(*Options)) (*Out, error), in *In, options func(*Options)) (*Out, error) {
	ctx, cancel := context.WithTimeout(ctx, Timeout)
	defer cancel()
	out, err := op(ctx, in, options)
	if err != nil && (ctx.Err() != nil || r.IsErrorRetryable(err)) {
		return nil, fmt.Errorf("%w: %w", order.ErrUnavailable, err)
	}
	return out, err
}
