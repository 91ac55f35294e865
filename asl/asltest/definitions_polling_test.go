package asltest_test

import "pizzasaga/asl/asltest"

const instance = `{"Reservations": [{"Instances": [{"InstanceType": "t3.micro", "ImageId": "ami-1", "NetworkInterfaces": [{"SubnetId": "s-1"}],
	"BlockDeviceMappings": [{"Ebs": {"VolumeId": "v-1"}}], "Placement": {"AvailabilityZone": "a"}, "SecurityGroups": [{"GroupId": "g-1"}]}]}]}`

var isolation = asltest.Mocks{
	"Get EC2 Instance Info": asltest.Return(instance), "Disable Instance Termination": ok, "Detach Instance from ASG": ok,
	"Create Forensic Instance":               asltest.Return(`{"Instances": [{"InstanceId": "i-2"}]}`),
	"Create Snapshot from Isolated Instance": asltest.Return(`{"SnapshotId": "snap-1"}`),
	"Get Snapshot Status":                    in(`{"Snapshots": [{"State": "pending"}]}`, `{"Snapshots": [{"State": "completed"}]}`),
	"Create EBS Volume from Snapshot":        asltest.Return(`{"VolumeId": "v-2"}`),
	"Get EBS Volume Status":                  in(`{"Volumes": [{"State": "creating"}]}`, `{"Volumes": [{"State": "available"}]}`),
	"Attach Volume":                          ok, "Allow Forensic Instance Ingress": ok, "Tag Instance as Quarantine": ok,
}

const glueRun = `{"Run": {"Name": "w", "WorkflowRunId": "r", "Status": "RUNNING", "Statistics": {"FailedActions": 0}}}`

// polling are the definitions that poll until something has ended.
var polling = []definition{
	{file: "ec2-instance-isolation-cdk", runs: []execution{
		{"in a group", `{"IsolatedInstanceId": "i-1"}`,
			with(isolation, asltest.Mocks{"Get AutoScalingGroup Info": asltest.Return(`{"AutoScalingInstances": [{"AutoScalingGroupName": "g"}]}`)}), ""},
		{"in no group", `{"IsolatedInstanceId": "i-1"}`,
			with(isolation, asltest.Mocks{"Get AutoScalingGroup Info": asltest.Return(`{"AutoScalingInstances": []}`)}), ""},
	}},
	{file: "sfn-continous-running-glue-workflow-tf", runs: []execution{
		{"completed", `{"workflow_name": "w"}`, asltest.Mocks{
			"StartWorkflowRun": asltest.Return(`{"RunId": "r"}`), "Step Functions StartExecution": ok,
			"GetWorkflowRun": asltest.InOrder(asltest.Throw("Glue.GlueException", ""), asltest.Return(glueRun),
				asltest.Return(`{"Run": {"Name": "w", "Status": "COMPLETED", "Statistics": {"FailedActions": 0}}}`))}, ""},
		{"completed with failures", `{"workflow_name": "w"}`, asltest.Mocks{"StartWorkflowRun": asltest.Return(`{"RunId": "r"}`),
			"GetWorkflowRun": asltest.Return(`{"Run": {"Status": "COMPLETED", "Statistics": {"FailedActions": 1}}}`)}, noError},
		{"stopped", `{"workflow_name": "w"}`, asltest.Mocks{"StartWorkflowRun": asltest.Return(`{"RunId": "r"}`),
			"GetWorkflowRun": asltest.Return(`{"Run": {"Status": "STOPPED"}}`)}, noError},
	}},
	{file: "step-functions-emr-serverless-cdk", runs: []execution{
		{"success", `{}`, asltest.Mocks{"start-job-EMR": asltest.Return(`{"JobRunId": "j"}`),
			"get-status-EMR": in(`{"JobRun": {"State": "RUNNING"}}`, `{"JobRun": {"State": "SUCCESS"}}`)}, ""},
		{"failure", `{}`, asltest.Mocks{"start-job-EMR": asltest.Return(`{"JobRunId": "j"}`), "get-status-EMR": in(`{"JobRun": {"State": "FAILED"}}`)}, noError},
	}},
	{file: "word-filtering-script-generator", runs: []execution{
		{"completed", `{"detail": {"bucket": {"name": "b"}, "object": {"key": "k"}}}`, asltest.Mocks{
			"CreateVocabularyFilter": ok, "StartTranscriptionJob": asltest.Return(`{"TranscriptionJob": {"TranscriptionJobName": "j"}}`),
			"GetTranscriptionJobStatus": in(`{"TranscriptionJob": {"TranscriptionJobName": "j", "TranscriptionJobStatus": "IN_PROGRESS"}}`,
				`{"TranscriptionJob": {"TranscriptionJobStatus": "COMPLETED"}}`),
			"GetObject": asltest.Return(`{"Body": "{\"results\": {\"transcripts\": [{\"transcript\": \"hello\"}]}}"}`), "PutObject": ok}, ""},
		{"failed", `{"detail": {"bucket": {"name": "b"}, "object": {"key": "k"}}}`, asltest.Mocks{
			"CreateVocabularyFilter": ok, "StartTranscriptionJob": asltest.Return(`{"TranscriptionJob": {"TranscriptionJobName": "j"}}`),
			"GetTranscriptionJobStatus": in(`{"TranscriptionJob": {"TranscriptionJobStatus": "FAILED"}}`)}, noError},
	}},
	{file: "step-functions-lambda-version-cleanup", runs: []execution{
		{"old versions", `{}`, asltest.Mocks{
			"List function names":       after("Busy", asltest.Return(`{"Functions": [{"FunctionName": "prod-a"}, {"FunctionName": "test-b"}], "NextMarker": "m"}`)),
			"Get array of all versions": after("Busy", asltest.Return(`{"Versions": [{"Version": "$LATEST"}, {"Version": "1"}]}`)),
			"Remove $LATEST version": after("Lambda.ServiceException",
				asltest.Payload(`{"body": "{\"lambda_function_name\": \"prod-a\", \"sorted_versions\": [1, 2, 3, 4, 5], \"count\": 5}"}`)),
			"Delete oldest version":    after("Lambda.ResourceConflictException", ok),
			"List more function names": after("Busy", asltest.Return(`{"Functions": []}`))}, ""},
	}},
}
