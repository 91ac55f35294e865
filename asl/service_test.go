package asl_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"pizzasaga/asl"
)

func TestServicesThatStepFunctionsDoesNotHaveAreReported(t *testing.T) {
	const noAction = "an action of the AWS SDK must have the form"
	for _, test := range []struct{ resource, problem string }{
		{"arn:aws:states:::sqs:sendMessage.waitForTaskToken", ""},
		{"arn:aws:states:::states:startExecution.sync:2", ""},
		{"arn:aws:states:::sagemaker:createTrainingJob.sync", ""},
		{"arn:aws:states:::emr-containers:createVirtualCluster", ""},
		{"arn:aws:states:us-east-1:123456789012:aws-sdk:s3:getObject", ""},
		{"arn:aws:states:::aws-sdk:sfn:startExecution.waitForTaskToken", ""},
		{"arn:aws:lambda:us-east-1:123456789012:function:f", ""},
		{"arn:aws:states:::sq:sendMessage", `Step Functions has no service sq; did you mean "sqs"?`},
		{"arn:aws:states:::dynamodbb:getItem", `Step Functions has no service dynamodbb; did you mean "dynamodb"?`},
		{"arn:aws:states:::lamda:invoke", `Step Functions has no service lamda; did you mean "lambda"?`},
		{"arn:aws:states:::foo:bar", "Step Functions has no service foo"},
		{"arn:aws:states:::foo:bar.waitForTaskToken", "Step Functions has no service foo"},
		{"arn:aws:states:::foo:bar:baz", "Step Functions has no service foo"},
		{"arn:aws:states:::aws-sdk:s3", noAction},
		{"arn:aws:states:::aws-sdk:dynamodb:UpdateItem", noAction},
		{"arn:aws:states:::aws-sdk:DynamoDB:updateItem", noAction},
		{"arn:aws:states:::aws-sdk:glue:startJobRun.sync", noAction},
	} {
		t.Run(test.resource, func(t *testing.T) {
			machine, err := asl.Load([]byte(states(`"S": {"Type": "Task", "Resource": "`+test.resource+`", "End": true}`)), nil)
			require.NoError(t, err, "a program can register it")
			err = machine.CheckServices()
			if test.problem == "" {
				require.NoError(t, err)
				return
			}
			require.ErrorContains(t, err, "States.S.Resource: "+test.problem)
			_, isProblems := err.(asl.Problems)
			require.True(t, isProblems)
		})
	}
}
