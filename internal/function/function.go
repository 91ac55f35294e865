// Package function builds the Lambda function from its environment.
package function

import (
	"context"
	"io"
	"log/slog"
	"net/http"
	"sync"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	awshttp "github.com/aws/aws-sdk-go-v2/aws/transport/http"
	dynamodbsdk "github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/sfn"
	sqssdk "github.com/aws/aws-sdk-go-v2/service/sqs"

	"pizzasaga/internal/api"
	"pizzasaga/internal/aws/dynamodb"
	"pizzasaga/internal/aws/emf"
	"pizzasaga/internal/aws/gateway"
	"pizzasaga/internal/aws/sqs"
	"pizzasaga/internal/aws/stepfunctions"
	"pizzasaga/internal/dispatch"
	"pizzasaga/internal/repair"
	"pizzasaga/internal/simulated"
	"pizzasaga/internal/steps"
	"pizzasaga/statemachine"
	"pizzasaga/web"
)

// Function is the Lambda function: a lambda.Handler. Connect is optional: without it, the
// first call that needs a connection opens it.
type Function struct {
	*dispatch.Dispatcher
	connects []func(context.Context) // each opens one connection
}

// New returns the function for an environment, not yet connected. Logs and metrics are
// written to out.
func New(getenv func(string) string, out io.Writer) (*Function, error) {
	c, err := parse(getenv)
	if err != nil {
		return nil, err
	}
	logger := slog.New(slog.NewJSONHandler(out, nil))
	config := awsConfig(c, getenv)
	orders := dynamodb.NewOrders(dynamodbsdk.NewFromConfig(config), c.table)
	orders.Retention = c.retention
	executions := stepfunctions.NewExecutions(sfn.NewFromConfig(config), c.stateMachine)
	saga, err := steps.New(steps.Config{Orders: orders, Payments: simulated.Gateway{}, Loyalty: simulated.Programme{}, Kitchen: simulated.Kitchen{}, Logger: logger})
	if err != nil {
		return nil, err
	}
	metrics := emf.New(out, c.metrics)
	repairer, err := repair.New(repair.Config{
		Steps: saga, Queues: sqs.New(sqssdk.NewFromConfig(config), c.queues), Executions: executions, Ended: metrics.OrderEnded,
	})
	if err != nil {
		return nil, err
	}
	shop, err := api.New(api.Config{Orders: orders, Executions: executions, FaultInjection: c.faultInjection, TokenRequired: c.tokenRequired, Logger: logger, Page: lazyPage()})
	if err != nil {
		return nil, err
	}
	dispatcher, err := dispatch.New(dispatch.Config{
		Steps:  saga.ByName(),
		HTTP:   gateway.Handler(shop),
		Tools:  map[string]dispatch.Action{repair.RedriveAction: repairer.Redrive, repair.ReconcileAction: repairer.Reconcile},
		Logger: logger, Metrics: metrics,
	})
	if err != nil {
		return nil, err
	}
	return &Function{dispatcher, []func(context.Context){orders.Connect, executions.Connect}}, nil
}

// connectTimeout limits how long connecting may delay a cold start.
const connectTimeout = time.Second

// Connect opens the function's connections concurrently, within a second. Call it while
// the function starts, because Lambda gives a function more CPU then than later. If a
// connection fails, the first call that needs it opens it.
func (f *Function) Connect(ctx context.Context) {
	ctx, cancel := context.WithTimeout(ctx, connectTimeout)
	defer cancel()
	var all sync.WaitGroup
	for _, connect := range f.connects {
		all.Go(func() { connect(ctx) })
	}
	all.Wait()
}

// lazyPage returns the page, which is created on the first request: most environments of
// the function never serve it, and it must not delay a cold start.
func lazyPage() func(http.ResponseWriter, *http.Request) bool {
	made := sync.OnceValues(func() (*web.Page, error) { return web.New(statemachine.Pizza, false) })
	return func(w http.ResponseWriter, r *http.Request) bool {
		p, err := made()
		if err != nil {
			panic(err) // the files are embedded
		}
		return p.Serve(w, r)
	}
}

// attemptTimeout limits one attempt of a call; package awscall limits the call.
const attemptTimeout = 2 * time.Second

// awsConfig returns what config.LoadDefaultConfig would find on Lambda, without linking
// and initialising its clients for signing in.
func awsConfig(c config, getenv func(string) string) aws.Config {
	key := aws.Credentials{AccessKeyID: getenv("AWS_ACCESS_KEY_ID"), SecretAccessKey: getenv("AWS_SECRET_ACCESS_KEY"), SessionToken: getenv("AWS_SESSION_TOKEN")}
	config := aws.Config{
		Region:      c.region,
		Credentials: aws.CredentialsProviderFunc(func(context.Context) (aws.Credentials, error) { return key, nil }),
		HTTPClient:  awshttp.NewBuildableClient().WithTimeout(attemptTimeout),
	}
	if c.endpoint != "" {
		config.BaseEndpoint = &c.endpoint
	}
	return config
}
