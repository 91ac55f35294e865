// Package awscall has what the AWS adapters share: how long a call may take, how often it
// is tried, and which errors mean that a later call may succeed.
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

// Timeout limits a call with all its attempts, so that a service that hangs leaves the
// function enough time to report it. The HTTP client limits each attempt.
const Timeout = 5 * time.Second

const (
	attempts  = 5
	firstWait = 25 * time.Millisecond
	longest   = time.Second
)

// Retryer returns the SDK's standard retryer with two changes. It waits less, with full
// jitter, because the SDK's first wait is up to two seconds and a client is waiting for
// the answer. And it also retries the errors for which transient returns true.
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

// Do makes one call of an SDK client within Timeout. Its error wraps order.ErrUnavailable
// if the time ran out or the retries of a transient error were used up.
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
