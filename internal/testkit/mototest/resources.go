package mototest

import (
	"context"
	"crypto/rand"
	"encoding/json"
	"os"
	"path/filepath"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	dynamodbtypes "github.com/aws/aws-sdk-go-v2/service/dynamodb/types"
	"github.com/aws/aws-sdk-go-v2/service/sfn"
	"github.com/aws/aws-sdk-go-v2/service/sqs"

	"pizzasaga/internal/order"
	"pizzasaga/internal/testkit/lambdatest"
	"pizzasaga/internal/workflow"
)

// NewTable creates an empty table beside the application's.
func (c *Cloud) NewTable(ctx context.Context) (name string, err error) {
	name = "orders-" + rand.Text()
	return name, c.createTable(ctx, c.template, name)
}

const roleARN = "arn:aws:iam::" + lambdatest.Account + ":role/" + stack

// createTable creates the table of the template under a name.
func (c *Cloud) createTable(ctx context.Context, t *template, name string) error {
	var p struct {
		BillingMode          dynamodbtypes.BillingMode
		AttributeDefinitions []struct {
			AttributeName string
			AttributeType dynamodbtypes.ScalarAttributeType
		}
		KeySchema []struct {
			AttributeName string
			KeyType       dynamodbtypes.KeyType
		}
	}
	if err := t.properties("OrdersTable", &p); err != nil {
		return err
	}
	in := &dynamodb.CreateTableInput{TableName: &name, BillingMode: p.BillingMode}
	for _, a := range p.AttributeDefinitions {
		in.AttributeDefinitions = append(in.AttributeDefinitions, dynamodbtypes.AttributeDefinition{AttributeName: &a.AttributeName, AttributeType: a.AttributeType})
	}
	for _, k := range p.KeySchema {
		in.KeySchema = append(in.KeySchema, dynamodbtypes.KeySchemaElement{AttributeName: &k.AttributeName, KeyType: k.KeyType})
	}
	_, err := c.DynamoDB.CreateTable(ctx, in)
	return err
}

// createQueues creates a queue for each dead letter queue of the domain; the
// template calls it by the same name.
func (c *Cloud) createQueues(ctx context.Context, t *template) error {
	c.Queues = map[order.Queue]string{}
	for _, q := range workflow.Queues() {
		resource := string(q) + "DLQ"
		var p map[string]json.RawMessage // numbers and booleans: their JSON is what SQS wants
		if err := t.properties(resource, &p); err != nil {
			return err
		}
		attributes := map[string]string{}
		for name, value := range p {
			attributes[name] = string(value)
		}
		out, err := c.SQS.CreateQueue(ctx, &sqs.CreateQueueInput{QueueName: aws.String(stack + "-" + resource), Attributes: attributes})
		if err != nil {
			return err
		}
		c.Queues[q] = *out.QueueUrl
		t.values[resource] = *out.QueueUrl
	}
	return nil
}

func (c *Cloud) createStateMachine(ctx context.Context, t *template, root string) error {
	t.values["WorkflowRole.Arn"] = roleARN
	var p struct {
		Name                    string
		DefinitionURI           string
		DefinitionSubstitutions map[string]string
	}
	if err := t.properties("Workflow", &p); err != nil {
		return err
	}
	definition, err := os.ReadFile(filepath.Join(root, p.DefinitionURI))
	if err != nil {
		return err
	}
	text := string(definition)
	for name, value := range p.DefinitionSubstitutions {
		text = strings.ReplaceAll(text, "${"+name+"}", value)
	}
	out, err := c.SFN.CreateStateMachine(ctx, &sfn.CreateStateMachineInput{Name: &p.Name, Definition: &text, RoleArn: aws.String(roleARN)})
	if err != nil {
		return err
	}
	c.StateMachine = *out.StateMachineArn
	t.values["Workflow"] = c.StateMachine
	return nil
}
