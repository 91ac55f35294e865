package sfnapi_test

import (
	"context"
	"fmt"
	"net/http/httptest"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/credentials"
	"github.com/aws/aws-sdk-go-v2/service/sfn"
	"github.com/aws/aws-sdk-go-v2/service/sfn/types"
	"github.com/stretchr/testify/require"

	"pizzasaga/asl"
	"pizzasaga/internal/sfnapi"
)

const definition = `{
  "StartAt": "Ask",
  "States": {
    "Ask": {"Type": "Task", "Resource": "arn:aws:states:::sqs:sendMessage.waitForTaskToken",
      "Parameters": {"QueueUrl": "q", "MessageBody.$": "$$.Task.Token"},
      "Catch": [{"ErrorEquals": ["No"], "Next": "Refused"}], "End": true},
    "Refused": {"Type": "Pass", "End": true}
  }
}`

// service is an engine behind the API, and an SDK client for it.
type service struct {
	*sfn.Client
	machine string
	tokens  chan string // of the tasks that wait for an answer
}

func serve(t *testing.T) service {
	machine, err := asl.Load([]byte(definition), nil)
	require.NoError(t, err)
	tokens := make(chan string, 10)
	s := serveMachine(t, machine, map[string]asl.Resource{
		"sqs:sendMessage": asl.SQSSendMessage(func(_ context.Context, _, token string) (string, error) { tokens <- token; return "1", nil })})
	s.tokens = tokens
	return s
}

func serveMachine(t testing.TB, machine *asl.Machine, resources map[string]asl.Resource) service {
	engine, err := asl.New(asl.Config{Machine: machine, Resources: resources})
	require.NoError(t, err)
	api, err := sfnapi.New(sfnapi.Config{Engine: engine})
	require.NoError(t, err)
	server := httptest.NewServer(api)
	t.Cleanup(func() { server.Close(); require.NoError(t, engine.Close(context.WithoutCancel(t.Context()))) })
	return service{Client: client(server.URL), machine: engine.StateMachineARN()}
}

func client(url string) *sfn.Client {
	return sfn.New(sfn.Options{BaseEndpoint: &url, Region: "us-east-1",
		Credentials: credentials.NewStaticCredentialsProvider("key", "secret", "")})
}

func (s service) start(t testing.TB, name, input string) string {
	out, err := s.StartExecution(t.Context(), &sfn.StartExecutionInput{StateMachineArn: &s.machine, Name: &name, Input: &input})
	require.NoError(t, err)
	require.WithinDuration(t, time.Now(), *out.StartDate, time.Minute)
	return *out.ExecutionArn
}

// ended waits until the execution has ended.
func (s service) ended(t testing.TB, arn string) *sfn.DescribeExecutionOutput {
	for {
		out, err := s.DescribeExecution(t.Context(), &sfn.DescribeExecutionInput{ExecutionArn: &arn})
		require.NoError(t, err)
		if out.Status != types.ExecutionStatusRunning {
			return out
		}
	}
}

func TestTheStateMachineIsListedAndDescribed(t *testing.T) {
	s := serve(t)
	list, err := s.ListStateMachines(t.Context(), &sfn.ListStateMachinesInput{})
	require.NoError(t, err)
	require.Len(t, list.StateMachines, 1)
	require.Equal(t, s.machine, *list.StateMachines[0].StateMachineArn)
	machine, err := s.DescribeStateMachine(t.Context(), &sfn.DescribeStateMachineInput{StateMachineArn: &s.machine})
	require.NoError(t, err)
	require.JSONEq(t, definition, *machine.Definition)
	require.Equal(t, types.StateMachineStatusActive, machine.Status)
	require.NotEmpty(t, *machine.RoleArn)
}

func TestAnExecutionIsStartedAnsweredAndRead(t *testing.T) {
	s := serve(t)
	arn := s.start(t, "one", `{"n":1}`)
	token := <-s.tokens
	_, err := s.SendTaskHeartbeat(t.Context(), &sfn.SendTaskHeartbeatInput{TaskToken: &token})
	require.NoError(t, err)
	_, err = s.SendTaskSuccess(t.Context(), &sfn.SendTaskSuccessInput{TaskToken: &token, Output: aws.String(`{"yes":true}`)})
	require.NoError(t, err)
	x := s.ended(t, arn)
	require.Equal(t, types.ExecutionStatusSucceeded, x.Status)
	require.Equal(t, `{"n":1}`, *x.Input)
	require.Equal(t, `{"yes":true}`, *x.Output)
	require.True(t, x.OutputDetails.Included)
	require.False(t, x.StopDate.Before(*x.StartDate))

	bare, err := s.DescribeExecution(t.Context(), &sfn.DescribeExecutionInput{ExecutionArn: &arn, IncludedData: types.IncludedDataMetadataOnly})
	require.NoError(t, err)
	require.Nil(t, bare.Input)
	require.Nil(t, bare.Output)
}

func TestATaskCanBeFailed(t *testing.T) {
	s := serve(t)
	arn := s.start(t, "one", `{}`)
	_, err := s.SendTaskFailure(t.Context(), &sfn.SendTaskFailureInput{TaskToken: aws.String(<-s.tokens), Error: aws.String("No"), Cause: aws.String("never")})
	require.NoError(t, err)
	require.JSONEq(t, `{"Error":"No","Cause":"never"}`, *s.ended(t, arn).Output)
}

func TestStartingAgainIsIdempotentWhileItRuns(t *testing.T) {
	s := serve(t)
	arn := s.start(t, "one", `{"n":1}`)
	require.Equal(t, arn, s.start(t, "one", `{"n":1}`))
	again := func(input string) error {
		_, err := s.StartExecution(t.Context(), &sfn.StartExecutionInput{StateMachineArn: &s.machine, Name: aws.String("one"), Input: &input})
		return err
	}
	var exists *types.ExecutionAlreadyExists
	require.ErrorAs(t, again(`{"n":2}`), &exists)
	_, err := s.StopExecution(t.Context(), &sfn.StopExecutionInput{ExecutionArn: &arn, Error: aws.String("Enough"), Cause: aws.String("said so")})
	require.NoError(t, err)
	x := s.ended(t, arn)
	require.Equal(t, types.ExecutionStatusAborted, x.Status)
	require.Equal(t, "Enough", *x.Error)
	require.Equal(t, "said so", *x.Cause)
	require.ErrorAs(t, again(`{"n":1}`), &exists)
}

func TestAHistoryIsReadPageByPageFromEitherEnd(t *testing.T) {
	s := serve(t)
	arn := s.start(t, "one", `{}`)
	_, err := s.SendTaskSuccess(t.Context(), &sfn.SendTaskSuccessInput{TaskToken: aws.String(<-s.tokens), Output: aws.String(`{}`)})
	require.NoError(t, err)
	s.ended(t, arn)
	read := func(reverse bool) (ids []int64, kinds []string) {
		pages := sfn.NewGetExecutionHistoryPaginator(s, &sfn.GetExecutionHistoryInput{ExecutionArn: &arn, MaxResults: 3, ReverseOrder: reverse})
		for pages.HasMorePages() {
			page, err := pages.NextPage(t.Context())
			require.NoError(t, err)
			require.LessOrEqual(t, len(page.Events), 3)
			for _, e := range page.Events {
				ids = append(ids, e.Id)
				kinds = append(kinds, string(e.Type))
			}
		}
		return ids, kinds
	}
	ids, kinds := read(false)
	require.Equal(t, []int64{1, 2, 3, 4, 5, 6, 7, 8}, ids)
	require.Equal(t, []string{"ExecutionStarted", "TaskStateEntered", "TaskScheduled", "TaskStarted", "TaskSubmitted", "TaskSucceeded", "TaskStateExited", "ExecutionSucceeded"}, kinds)
	ids, _ = read(true)
	require.Equal(t, []int64{8, 7, 6, 5, 4, 3, 2, 1}, ids)
}

func TestAHistoryReadFromTheEndSkipsNothingWhileItGrows(t *testing.T) {
	s := serve(t)
	arn := s.start(t, "one", `{}`)
	token := <-s.tokens
	var first *sfn.GetExecutionHistoryOutput
	for first == nil || len(first.Events) < 2 || first.Events[0].Type != types.HistoryEventTypeTaskSubmitted {
		var err error
		first, err = s.GetExecutionHistory(t.Context(), &sfn.GetExecutionHistoryInput{ExecutionArn: &arn, MaxResults: 2, ReverseOrder: true})
		require.NoError(t, err)
	}
	_, err := s.SendTaskSuccess(t.Context(), &sfn.SendTaskSuccessInput{TaskToken: &token, Output: aws.String(`{}`)})
	require.NoError(t, err)
	s.ended(t, arn)
	second, err := s.GetExecutionHistory(t.Context(), &sfn.GetExecutionHistoryInput{ExecutionArn: &arn, MaxResults: 2, ReverseOrder: true, NextToken: first.NextToken})
	require.NoError(t, err)
	require.Equal(t, first.Events[1].Id-1, second.Events[0].Id)
}

func TestAHistoryCanLeaveOutTheData(t *testing.T) {
	s := serve(t)
	arn := s.start(t, "one", `{"secret":1}`)
	out, err := s.GetExecutionHistory(t.Context(), &sfn.GetExecutionHistoryInput{ExecutionArn: &arn, IncludeExecutionData: aws.Bool(false)})
	require.NoError(t, err)
	require.Nil(t, out.Events[0].ExecutionStartedEventDetails.Input)
	require.NotEmpty(t, *out.Events[0].ExecutionStartedEventDetails.RoleArn)
}

func TestExecutionsAreListedByStatusAndPage(t *testing.T) {
	s := serve(t)
	for i := range 5 {
		s.start(t, fmt.Sprint(i), `{}`)
	}
	arn := s.start(t, "stopped", `{}`)
	_, err := s.StopExecution(t.Context(), &sfn.StopExecutionInput{ExecutionArn: &arn})
	require.NoError(t, err)
	names := map[string]bool{}
	pages := sfn.NewListExecutionsPaginator(s, &sfn.ListExecutionsInput{StateMachineArn: &s.machine, StatusFilter: types.ExecutionStatusRunning, MaxResults: 2})
	for pages.HasMorePages() {
		page, err := pages.NextPage(t.Context())
		require.NoError(t, err)
		for _, x := range page.Executions {
			names[*x.Name] = true
		}
	}
	require.Len(t, names, 5)
	require.NotContains(t, names, "stopped")
}

func TestNoExecutionIsListedAsRedriven(t *testing.T) {
	s := serve(t)
	s.start(t, "one", `{}`)
	for filter, want := range map[types.ExecutionRedriveFilter]int{"": 1, types.ExecutionRedriveFilterNotRedriven: 1, types.ExecutionRedriveFilterRedriven: 0} {
		t.Run(string(filter), func(t *testing.T) {
			out, err := s.ListExecutions(t.Context(), &sfn.ListExecutionsInput{StateMachineArn: &s.machine, RedriveFilter: filter})
			require.NoError(t, err)
			require.Len(t, out.Executions, want)
		})
	}
}
