package asl_test

import (
	"fmt"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"pizzasaga/asl"
)

const withEveryPart = `{
  "StartAt": "Choose",
  "States": {
    "Choose": {"Type": "Choice",
      "Choices": [
        {"Variable": "$.n", "NumericEquals": 1, "Next": "Work"},
        {"Variable": "$.n", "NumericEquals": 2, "Next": "Work"}],
      "Default": "Each"},
    "Work": {"Type": "Task", "Resource": "arn:aws:states:::test:do",
      "Retry": [{"ErrorEquals": ["Never"]}, {"ErrorEquals": ["Flaky"], "MaxAttempts": 1}],
      "Catch": [{"ErrorEquals": ["Flaky"], "Next": "Done"}, {"ErrorEquals": ["Lost"], "Next": "Done"}],
      "Next": "Each"},
    "Each": {"Type": "Map", "ItemsPath": "$.items", "End": true,
      "ItemProcessor": {"StartAt": "Item", "States": {"Item": {"Type": "Pass", "End": true}}}},
    "Done": {"Type": "Succeed"}}}`

func TestPartsReturnsAllPartsInTheOrderOfTheText(t *testing.T) {
	machine, err := asl.Load([]byte(withEveryPart), nil)
	require.NoError(t, err)
	var lines []string
	for _, p := range machine.Parts() {
		lines = append(lines, fmt.Sprintf("%d:%d %s %s > %s", p.Line, p.Column, p.Kind, p.Place, p.Next))
	}
	require.Equal(t, []string{
		"4:15 state States.Choose > ",
		"6:9 choice rule States.Choose.Choices[0] > Work",
		"7:9 choice rule States.Choose.Choices[1] > Work",
		"8:18 transition States.Choose.Default > Each",
		"9:13 state States.Work > ",
		"10:17 retrier States.Work.Retry[0] > ",
		"10:45 retrier States.Work.Retry[1] > ",
		"11:17 catcher States.Work.Catch[0] > Done",
		"11:61 catcher States.Work.Catch[1] > Done",
		"12:15 transition States.Work.Next > Each",
		"13:13 state States.Each > ",
		"13:60 transition States.Each.End > ",
		"14:63 state States.Each.ItemProcessor.States.Item > ",
		"14:87 transition States.Each.ItemProcessor.States.Item.End > ",
		"15:13 state States.Done > ",
	}, lines)
}

func TestCoverIsCalledWithEachPartThatIsTaken(t *testing.T) {
	machine, err := asl.Load([]byte(withEveryPart), nil)
	require.NoError(t, err)
	for _, test := range []struct {
		name, input string
		failures    int
		taken       []string
	}{
		{"the default", `{"n": 0, "items": [1, 2]}`, 0, []string{"States.Choose", "States.Choose.Default", "States.Each",
			"States.Each.ItemProcessor.States.Item", "States.Each.ItemProcessor.States.Item.End",
			"States.Each.ItemProcessor.States.Item", "States.Each.ItemProcessor.States.Item.End", "States.Each.End"}},
		{"a retry", `{"n": 2, "items": []}`, 1, []string{"States.Choose", "States.Choose.Choices[1]", "States.Work", "States.Work.Retry[1]",
			"States.Work.Next", "States.Each", "States.Each.End"}},
		{"a catch", `{"n": 1, "items": []}`, 2, []string{"States.Choose", "States.Choose.Choices[0]", "States.Work", "States.Work.Retry[1]",
			"States.Work.Retry[1]", "States.Work.Catch[0]", "States.Done"}},
	} {
		t.Run(test.name, func(t *testing.T) {
			var taken []string
			calls := 0
			x, _, err := asl.Simulation{
				Config: asl.Config{Machine: machine, Cover: func(_ string, p asl.Part) { taken = append(taken, p.Place) }},
				Input:  []byte(test.input),
				Reply: func(time.Time, asl.Task) ([]asl.Reply, error) {
					if calls++; calls <= test.failures {
						return []asl.Reply{{Err: &asl.TaskError{Name: "Flaky"}}}, nil
					}
					return []asl.Reply{{Output: map[string]any{"items": []any{}}}}, nil
				},
			}.Run()
			require.NoError(t, err)
			require.Equal(t, asl.Succeeded, x.Status)
			require.Equal(t, test.taken, taken)
		})
	}
}
