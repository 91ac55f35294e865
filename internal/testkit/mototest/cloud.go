// Package mototest runs the deployed application without an account: the
// compiled function as Lambda runs it (package lambdatest), and around it
// DynamoDB, SQS and Step Functions as moto emulates them. The definition is
// executed by moto's interpreter, which is not ours.
//
// One server stands where the application expects AWS. It answers Lambda's
// Invoke itself and passes everything else on to moto. What is created there,
// and with what names and settings, is read from template.yaml.
//
// The package's tests are all that can be said of the application on AWS
// without AWS. They need moto, which `.ci/aws tools` installs, and a minute:
//
//	go test -count=1 ./internal/testkit/mototest
package mototest

import (
	"context"
	"fmt"
	"io"
	"log"
	"net"
	"net/http"
	"net/http/httputil"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/credentials"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/sfn"
	"github.com/aws/aws-sdk-go-v2/service/sqs"

	"pizzasaga/internal/lambdaapi"
	"pizzasaga/internal/order"
	"pizzasaga/internal/testkit/lambdatest"
)

// Cloud is the application, deployed.
type Cloud struct {
	Function *lambdatest.Function
	Config   lambdatest.Config // the function's
	DynamoDB *dynamodb.Client
	SFN      *sfn.Client
	SQS      *sqs.Client

	Table        string
	StateMachine string                 // its ARN
	Queues       map[order.Queue]string // their URLs

	deployed chan struct{} // closed when all is there
	template *template
	moto     *moto
	front    *http.Server
	logs     lockedBuffer
	dir      string
	peeking  sync.Mutex
}

// Start deploys the application that template.yaml describes; root is the
// repository's folder. Where moto is not installed it returns ErrNoMoto.
func Start(ctx context.Context, root string) (c *Cloud, err error) {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return nil, err
	}
	endpoint := "http://" + listener.Addr().String()
	c = &Cloud{front: &http.Server{}, deployed: make(chan struct{})}
	defer func() {
		if err != nil {
			if c.moto != nil {
				err = fmt.Errorf("%w\nmoto wrote:\n%s", err, c.MotoLogs())
			}
			listener.Close()
			c.Close()
			c = nil
		}
	}()
	if c.moto, err = startMoto(ctx, root, endpoint[strings.LastIndexByte(endpoint, ':')+1:]); err != nil {
		return c, err
	}
	cfg := aws.Config{Region: lambdatest.Region, BaseEndpoint: &endpoint,
		Credentials: credentials.NewStaticCredentialsProvider("key", "secret", "")}
	c.DynamoDB, c.SFN, c.SQS = dynamodb.NewFromConfig(cfg), sfn.NewFromConfig(cfg), sqs.NewFromConfig(cfg)

	if c.front.Handler, err = c.handler(); err != nil {
		return c, err
	}
	go c.front.Serve(listener) //nolint:errcheck // it ends with Close
	return c, c.deploy(ctx, root, endpoint)
}

// handler is what stands for AWS.
func (c *Cloud) handler() (http.Handler, error) {
	target, err := url.Parse(c.moto.url)
	if err != nil {
		return nil, err
	}
	proxy := httputil.NewSingleHostReverseProxy(target)
	proxy.ErrorLog = log.New(io.Discard, "", 0) // of callers that have left
	// moto checks a condition and writes in two steps, between which another
	// request may come; DynamoDB does not.
	var oneWrite sync.Mutex
	mux := http.NewServeMux()
	mux.HandleFunc(lambdaapi.Pattern, func(w http.ResponseWriter, r *http.Request) {
		<-c.deployed
		c.Function.API().ServeHTTP(w, r)
	})
	mux.HandleFunc("/", func(w http.ResponseWriter, r *http.Request) {
		if strings.HasPrefix(r.Header.Get("X-Amz-Target"), "DynamoDB_") {
			oneWrite.Lock()
			defer oneWrite.Unlock()
			r = r.WithContext(context.WithoutCancel(r.Context())) // moto goes on when a caller leaves
		}
		proxy.ServeHTTP(w, r)
	})
	return mux, nil
}

// stack is the name of the deployment.
const stack = "pizza-saga"

// deploy creates what template.yaml describes.
func (c *Cloud) deploy(ctx context.Context, root, endpoint string) error {
	values := map[string]string{
		"AWS::AccountId": lambdatest.Account, "AWS::Region": lambdatest.Region, "AWS::Partition": "aws", "AWS::StackName": stack,
		"AWS::StackId": "arn:aws:cloudformation:" + lambdatest.Region + ":" + lambdatest.Account + ":stack/" + stack + "/51af3dc0-da77-11e4-872e-1234567db123", "Stage": "demo",
		"EndpointUrl": endpoint, "FunctionRole.Arn": roleARN, "FunctionLogGroup": "/aws/lambda/" + stack,
		"OrdersTable": stack + "-OrdersTable", "UnfinishedOrders.Arn": "arn:aws:sqs:" + lambdatest.Region + ":" + lambdatest.Account + ":unfinished",
	}
	t, err := readTemplate(filepath.Join(root, "template.yaml"), values)
	if err != nil {
		return err
	}
	c.template, c.Table = t, t.values["OrdersTable"]
	if err := c.createTable(ctx, t, c.Table); err != nil {
		return fmt.Errorf("create the table: %w", err)
	}
	if err := c.createQueues(ctx, t); err != nil {
		return fmt.Errorf("create the queues: %w", err)
	}
	if err := c.createFunction(ctx, t, root); err != nil {
		return fmt.Errorf("create the function: %w", err)
	}
	if err := c.createStateMachine(ctx, t, root); err != nil {
		return fmt.Errorf("create the state machine: %w", err)
	}
	close(c.deployed)
	return nil
}

// Close stops everything.
func (c *Cloud) Close() {
	if c.Function != nil {
		c.Function.Close()
	}
	_ = c.front.Close()
	if c.moto != nil {
		c.moto.close()
	}
	_ = os.RemoveAll(c.dir)
}

// Logs is what the function has written.
func (c *Cloud) Logs() string { return c.logs.String() }

// MotoLogs is what moto has written.
func (c *Cloud) MotoLogs() string { return c.moto.log.String() }

// createFunction builds and configures the function.
func (c *Cloud) createFunction(ctx context.Context, t *template, root string) error {
	var p struct {
		Handler     string
		Timeout     int
		MemorySize  int
		Environment struct{ Variables map[string]any }
	}
	if err := t.properties("Function", &p); err != nil {
		return err
	}
	var err error
	if c.dir, err = os.MkdirTemp("", "mototest"); err != nil {
		return err
	}
	bootstrap := filepath.Join(c.dir, "bootstrap")
	if err := lambdatest.Build(ctx, filepath.Join(root, "cmd/handler"), bootstrap); err != nil {
		return err
	}
	env := map[string]string{}
	for name, value := range p.Environment.Variables {
		env[name] = fmt.Sprint(value)
	}
	c.Config = lambdatest.Config{
		Bootstrap: bootstrap, Name: stack + "-Function", Handler: p.Handler, Env: env,
		Timeout: time.Duration(p.Timeout) * time.Second, MemoryMB: p.MemorySize, Log: &c.logs,
	}
	c.Function = lambdatest.New(c.Config)
	t.values["Function.Arn"] = c.Function.ARN()
	return nil
}
