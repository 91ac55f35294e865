package asl_test

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"pizzasaga/asl"
)

// recordings is a folder of executions recorded on AWS. Its README describes the files.
const recordings = "../../shared/conformance"

// unmet are the recordings that the interpreter cannot reproduce, with the reasons.
var unmet = map[string]string{
	"scenarios-test-base-scenarios-py-testbasescenarios-test-lambda-invoke-with-retry-extended-input-get-execution-3139": "" +
		"recorded in 2023, when the context object had no RedriveCount",
	"timeouts-test-timeouts-py-testtimeouts-test-service-lambda-map-timeout-get-execution-history-486a": "" +
		"AWS recorded simultaneous time-outs in a different order than their tasks",
}

// recording is one recorded execution.
type recording struct {
	Name       string
	Definition json.RawMessage
	Input      json.RawMessage
	Tasks      []recordedTask
	Expected   struct {
		Status, Error string
		Output, Cause any
		Events        []string
	}
	History []map[string]any
	Flags   struct {
		Concurrent bool
		Sorted     bool `json:"parallel_events_sorted"`
		Inferred   bool `json:"events_inferred"`
	}
}

type recordedTask struct {
	State      string
	Parameters any
	Submitted  json.RawMessage
	Outcome    struct {
		Output       json.RawMessage
		Error, Cause any
		TimedOut     bool
	}
	used bool
}

func TestExecutionsEndAndRecordAsOnAWS(t *testing.T) {
	files, err := filepath.Glob(filepath.Join(recordings, "*.json"))
	require.NoError(t, err)
	more, err := filepath.Glob(filepath.Join(recordings, "more", "*.json"))
	require.NoError(t, err)
	files = append(files, more...)
	if len(files) == 0 {
		t.Skipf("no recorded executions in %s", recordings)
	}
	ran := 0
	for _, file := range files {
		name := strings.TrimSuffix(filepath.Base(file), ".json")
		t.Run(name, func(t *testing.T) {
			if reason, ok := unmet[name]; ok {
				t.Skip(reason)
			}
			text, err := os.ReadFile(file)
			require.NoError(t, err)
			var r recording
			require.NoError(t, decodeNumbers(text, &r))
			synctest.Test(t, r.replay)
			ran++
		})
	}
	t.Logf("%d of %d recorded executions ran; %d cannot be reproduced: %v", ran, len(files), len(unmet), unmet)
}

// replay runs the recorded definition with tasks that answer as they did on AWS, and
// compares the results.
func (r *recording) replay(t *testing.T) {
	machine, err := asl.Load(r.Definition, nil)
	require.NoError(t, err)
	s := &script{tasks: r.Tasks}
	engine, err := asl.New(asl.Config{
		Machine:   machine,
		Resources: s.resources(r.Definition),
		Name:      "<ArnPart_0idx>", Region: "<region>", Account: "111111111111",
		RoleARN: r.role(),
	})
	require.NoError(t, err)
	s.engine = engine
	execution, err := engine.Start("ExecArnPart_0idx", r.Input)
	require.NoError(t, err)
	ctx, cancel := context.WithTimeout(t.Context(), 50*365*24*time.Hour) // synctest begins in 2000, and some cases wait until 2016
	defer cancel()
	execution, err = engine.Wait(ctx, execution.ARN)
	require.NoError(t, err)
	history, err := engine.History(execution.ARN)
	require.NoError(t, err)
	require.NoError(t, engine.Close(ctx))
	s.answers.Wait()

	require.Equal(t, r.Expected.Status, string(execution.Status), "error %s: %s", execution.Error, execution.Cause)
	require.Equal(t, r.Expected.Error, execution.Error)
	match(t, r.Expected.Cause, orNil(execution.Cause), "cause")
	if r.Expected.Status == "SUCCEEDED" {
		match(t, r.Expected.Output, execution.Output.String(), "output")
	}
	r.compare(t, history)
	r.noticesChanges(t, history)
}

func (r *recording) role() string {
	if len(r.History) == 0 {
		return ""
	}
	return r.History[0]["executionStartedEventDetails"].(map[string]any)["roleArn"].(string)
}

// script answers tasks as they were answered on AWS.
type script struct {
	engine  *asl.Engine
	mu      sync.Mutex
	tasks   []recordedTask
	answers sync.WaitGroup
}

var integration = regexp.MustCompile(`"arn:aws:states:::([^"]+)"`)

// resources returns the script as the resource of every integration in the definition.
func (s *script) resources(definition []byte) map[string]asl.Resource {
	resources := map[string]asl.Resource{"lambda": s.call}
	for _, found := range integration.FindAllSubmatch(definition, -1) {
		resources[string(found[1])] = s.call
	}
	return resources
}

// call answers as the first unused task of the same state with equal parameters did or, if
// there is none, as the first unused task of the same state.
func (s *script) call(ctx context.Context, t asl.Task) (any, error) {
	task := s.next(t)
	if task == nil {
		return nil, fmt.Errorf("no task is recorded for the state %s", t.State)
	}
	if t.Token != "" && task.Submitted != nil {
		s.answers.Go(func() { s.bringToken(t.Token, task) })
		return task.Submitted, nil
	}
	if task.Outcome.TimedOut {
		<-ctx.Done()
		return nil, ctx.Err()
	}
	if task.Outcome.Output == nil {
		return nil, &asl.TaskError{Name: textOf(task.Outcome.Error), Cause: textOf(task.Outcome.Cause)}
	}
	return json.RawMessage(jsonOf(task.Outcome.Output)), nil
}

// bringToken answers a submitted task by its token a second later, as its worker did.
func (s *script) bringToken(token string, task *recordedTask) {
	if task.Outcome.TimedOut {
		return
	}
	time.Sleep(time.Second)
	if task.Outcome.Output != nil {
		_ = s.engine.SendTaskSuccess(token, jsonOf(task.Outcome.Output))
		return
	}
	_ = s.engine.SendTaskFailure(token, textOf(task.Outcome.Error), textOf(task.Outcome.Cause))
}

func (s *script) next(t asl.Task) *recordedTask {
	s.mu.Lock()
	defer s.mu.Unlock()
	var parameters any
	_ = decodeNumbers(t.Parameters.Bytes(), &parameters)
	fits := func(equal bool) int {
		return slices.IndexFunc(s.tasks, func(r recordedTask) bool {
			return !r.used && r.State == t.State && (!equal || same(r.Parameters, parameters))
		})
	}
	found := fits(true)
	if found < 0 {
		found = fits(false)
	}
	if found < 0 {
		return nil
	}
	s.tasks[found].used = true
	return &s.tasks[found]
}

// jsonOf returns JSON that the recorder may have left as a string.
func jsonOf(recorded json.RawMessage) []byte {
	var text string
	if json.Unmarshal(recorded, &text) == nil {
		return []byte(text)
	}
	return recorded
}

// textOf returns a string that the recorder may have parsed as JSON.
func textOf(recorded any) string {
	switch recorded := recorded.(type) {
	case nil:
		return ""
	case string:
		return recorded
	}
	text, _ := json.Marshal(recorded)
	return string(text)
}
