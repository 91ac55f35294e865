package sfnapi_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/sfn"
	"github.com/aws/aws-sdk-go-v2/service/sfn/types"
	"github.com/stretchr/testify/require"
)

func TestADefinitionIsValidated(t *testing.T) {
	s := serve(t)
	one := func(state string) string { return `{"StartAt":"A","States":{` + state + `}}` }
	type found = []string // code, message and location of each diagnostic
	for name, test := range map[string]struct {
		definition string
		kind       types.StateMachineType
		want       found
	}{
		"nothing wrong": {definition, "", nil},
		"no end":        {one(`"A":{"Type":"Pass","Next":"A"}`), "", found{"MISSING_END_STATE Workflow has no terminal state"}},
		"a target is missing, and so an end": {one(`"A":{"Type":"Pass","Next":"NOPE"}`), "",
			found{"MISSING_END_STATE Workflow has no terminal state", "MISSING_TRANSITION_TARGET Missing 'Next' target: NOPE /States/A/Next"}},
		"a target in a list": {strings.Replace(definition, `"Next": "Refused"`, `"Next": "Nowhere"`, 1), "",
			found{"MISSING_TRANSITION_TARGET Missing 'Next' target: Nowhere /States/Ask/Catch/0/Next"}},
		"nothing leads there": {one(`"A":{"Type":"Succeed"},"C":{"Type":"Succeed"}`), "",
			found{`MISSING_TRANSITION_TARGET State "C" is not reachable. /States/C`}},
		"no fields":           {`{}`, "", found{"SCHEMA_VALIDATION_FAILED These fields are required: [States, StartAt] /"}},
		"a blank definition":  {" ", "", found{"SCHEMA_VALIDATION_FAILED not valid JSON: expected a value, found the end /"}},
		"no JSON":             {`{`, "", found{"INVALID_JSON_DESCRIPTION not valid JSON: expected a name in quotes, found the end"}},
		"no reference path":   {one(`"A":{"Type":"Wait","SecondsPath":"$$.n","End":true}`), "", found{"SCHEMA_VALIDATION_FAILED Value is not a Reference Path /States/A/SecondsPath"}},
		"EXPRESS cannot wait": {definition, types.StateMachineTypeExpress, found{"SCHEMA_VALIDATION_FAILED an EXPRESS state machine does not support sendMessage.waitForTaskToken /States/Ask/Resource"}},
	} {
		t.Run(name, func(t *testing.T) {
			out, err := s.ValidateStateMachineDefinition(t.Context(), &sfn.ValidateStateMachineDefinitionInput{Definition: &test.definition, Type: test.kind})
			require.NoError(t, err)
			var got found
			for _, d := range out.Diagnostics {
				got = append(got, strings.TrimSpace(fmt.Sprintf("%s %s %s", *d.Code, *d.Message, aws.ToString(d.Location))))
			}
			require.Equal(t, test.want, got)
			require.Equal(t, test.want == nil, out.Result == types.ValidateStateMachineDefinitionResultCodeOk)
		})
	}
}
