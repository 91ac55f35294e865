package asltest_test

import (
	"strings"

	"pizzasaga/asl/asltest"
)

// uploaded returns the message about an uploaded file of a kind.
func uploaded(kind string) string {
	return strings.Replace(`[{"body": "{\"Records\": [{\"s3\": {\"object\": {\"key\": \"a.KIND\"}, \"bucket\": {\"name\": \"b\"}}}]}"}]`, "KIND", kind, 1)
}

func ingest(state, ranges string) asltest.Mocks {
	return asltest.Mocks{state: asltest.Return(`{"Bucket": "b", "SourceKey": "k"}`), "GetObjectMetadata": asltest.Return(`{"ContentLength": 9}`),
		"GetByteRanges": asltest.Return(`{"byteRanges": ` + ranges + `}`)}
}

const isSpelledWrong = "the ItemSelector of ParallelProcessing has $.Map, which its input lacks, and not $$.Map, so that no iteration starts"

// others are the definitions that are not in polling.
var others = []definition{
	{file: "app-control-concurrency-with-dynamodb-tf", runs: []execution{
		{"one child exists", `{}`, asltest.Mocks{"RunChildStateMachine": asltest.Func(func(c asltest.Call) asltest.Response {
			switch c.Number {
			case 0:
				return asltest.Throw("StepFunctions.ExecutionAlreadyExistsException", "")
			case 1:
				return boom
			}
			return ok
		})}, ""},
		{"a child fails in all retries", `{}`, asltest.Mocks{"RunChildStateMachine": boom}, "States.ResultPathMatchFailure"},
	}, uncover: map[string]string{
		"States.StartInParallel.Iterator.States.RunChildStateMachine.Catch[0]": "its ResultPath cannot be set in the input, which is a number",
	}},
	{file: "chain-of-responsibility-cdk", runs: []execution{
		{"each handler after a retry", `{}`, asltest.Mocks{"Dispense50": after("States.TaskFailedId", ok), "Dispense20": after("States.TaskFailedId", ok),
			"Dispense10": after("States.TaskFailedId", ok), "Dispense1": after("States.TaskFailedId", ok)}, ""},
		{"an error that is not retried", `{}`, asltest.Mocks{"Dispense50": boom}, "Boom"},
	}},
	{file: "common-error-handling", runs: []execution{
		{"all go well", `{}`, asltest.Mocks{"Number Lambda": ok, "Odd Lambda": ok, "Even Lambda": ok}, ""},
		{"the first fails", `{}`, asltest.Mocks{"Number Lambda": boom, "Common Error Handler": ok}, ""},
		{"the second fails", `{}`, asltest.Mocks{"Number Lambda": ok, "Odd Lambda": boom, "Common Error Handler": ok}, ""},
		{"the third fails", `{}`, asltest.Mocks{"Number Lambda": ok, "Odd Lambda": ok, "Even Lambda": boom, "Common Error Handler": ok}, ""},
	}},
	{file: "data-processing-tf", runs: []execution{
		{"one object", `{"Objects": [{"Bucket": "b", "Key": "k"}]}`, asltest.Mocks{
			"GetObjectAttributes": asltest.Return(`{"ObjectSize": 9, "LastModified": "today", "StorageClass": "STANDARD"}`),
			"DetectLabels":        asltest.Return(`["cat"]`), "DynamoDB PutItem": ok}, ""},
		{"no labels", `{"Objects": [{"Bucket": "b", "Key": "k"}]}`, asltest.Mocks{"GetObjectAttributes": ok, "DetectLabels": boom}, "Boom"},
	}},
	{file: "explicit-failure-with-parallel-states", runs: []execution{
		{"both succeed", `{}`, asltest.Mocks{"success state": ok, "quick fail": ok}, ""},
		{"one fails", `{}`, asltest.Mocks{"success state": ok, "quick fail": asltest.Throw("Quick", "failed")}, "Quick"},
	}},
	{file: "generate-thumbnail", runs: []execution{
		{"an image", `{}`, asltest.Mocks{"getimageMetadata": after("Lambda.ServiceException", asltest.Return(`[{"isValidImage": 1}, {}]`)),
			"thumbnailCreation": after("Lambda.ServiceException", ok)}, ""},
		{"no image", `{}`, asltest.Mocks{"getimageMetadata": asltest.Return(`[{"isValidImage": 0}]`)}, "Image is not in valid format or size!!"},
	}},
	{file: "parallel-agent-early-stopping", runs: []execution{
		{"confident", `{"workers": [{"workerId": 1, "approach": "a"}], "taskToken": "t", "executionName": "e", "query": "q"}`, asltest.Mocks{
			"Call Worker Agent": asltest.Payload(`{}`), "Report Success": ok,
			"Evaluate Result": asltest.Payload(`{"threshold_met": true, "result": 1, "confidence_score": 1, "agent_id": 1}`)}, ""},
		{"not confident", `{"workers": [{"workerId": 1, "approach": "a"}], "taskToken": "t", "executionName": "e", "query": "q"}`, asltest.Mocks{
			"Call Worker Agent": asltest.Payload(`{}`), "Evaluate Result": asltest.Payload(`{"threshold_met": false}`)}, "WorkerAgentError"},
		{"no agent", `{"workers": [{"workerId": 1, "approach": "a"}], "taskToken": "t", "executionName": "e", "query": "q"}`, asltest.Mocks{
			"Call Worker Agent": boom}, "WorkerAgentError"},
	}},
	{file: "parallelized-embedding-pipeline", runs: []execution{
		{"a text", uploaded("txt"), ingest("IngestTextFile", "[]"), ""},
		{"a PDF", uploaded("pdf"), ingest("IngestPDFFile", "[]"), ""},
		{"a document with a chunk", uploaded("docx"), ingest("IngestDocFile", `[{"start": 0, "end": 8}]`), "States.Runtime"},
		{"another file", uploaded("exe"), nil, "UnsupportedFileType"},
	}, uncover: map[string]string{
		"States.ParallelProcessing.ItemProcessor.States.ProcessChunk":     isSpelledWrong,
		"States.ParallelProcessing.ItemProcessor.States.ProcessChunk.End": isSpelledWrong,
	}},
	{file: "train-ml-model", runs: []execution{
		{"trained", `{}`, asltest.Mocks{"Generate dataset": ok, "Save Model": ok, "Batch transform": ok,
			"Train model (XGBoost)": asltest.Return(`{"TrainingJobName": "j", "ModelArtifacts": {"S3ModelArtifacts": "s3://m"}}`)}, ""},
		{"not trained", `{}`, asltest.Mocks{"Generate dataset": ok, "Train model (XGBoost)": boom}, "Boom"},
	}},
	{file: "workflow-within-a-workflow-cdk", runs: []execution{
		{"with a callback", `{"NeedCallback": true, "TaskToken": "t"}`, asltest.Mocks{"Callback": after("Lambda.ServiceException", ok)}, ""},
		{"without", `{"NeedCallback": false}`, nil, ""},
	}},
}
