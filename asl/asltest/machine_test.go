package asltest_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"pizzasaga/asl/asltest"
)

func TestALoadedFileIsJSONOrYAML(t *testing.T) {
	folder := t.TempDir()
	for name, text := range map[string]string{
		"a.asl.json": `{"StartAt": "${Name}", "States": {"A": {"Type": "Pass", "End": true}}}`,
		"a.asl.yaml": "StartAt: ${Name}\nStates:\n  A: {Type: Pass, End: true}\n",
		"a.yml":      "StartAt: ${Name}\nStates:\n  A: {Type: Pass, End: true}\n",
	} {
		t.Run(name, func(t *testing.T) {
			file := filepath.Join(folder, name)
			require.NoError(t, os.WriteFile(file, []byte(text), 0o600))
			asltest.Load(t, file, map[string]string{"Name": "A"}).Run(t, `{}`, nil).Visited(t, "A")
			s := &spy{}
			asltest.Load(s, file, nil)
			require.Contains(t, s.texts, name+":1:")
			require.Contains(t, s.texts, "${Name} has no value in the substitutions")
		})
	}
}

func TestADefinitionThatAWSWouldRefuseIsNotLoaded(t *testing.T) {
	for _, test := range []struct{ name, file, text, told string }{
		{"a service that does not exist", "a.json", `{"StartAt": "A", "States": {"A": {"Type": "Task", "Resource": "arn:aws:states:::sq:sendMessage", "End": true}}}`,
			`a.json:1:63 States.A.Resource: Step Functions has no service sq; did you mean "sqs"?`},
		{"YAML in a file whose name does not say so", "a.txt", "StartAt: A\n", "a.txt:1:1: not valid JSON: expected a value, found 'S'; a YAML definition needs the extension .yaml or .yml"},
		{"too large a text", "a.json", strings.Repeat(" ", 1<<20+1), "a.json: the definition has 1048577 bytes; the limit is 1 MiB"},
		{"JSON with a fault", "a.json", `{"StartAt": }`, "a.json:1:13: not valid JSON: expected a value, found '}'\n"},
	} {
		t.Run(test.name, func(t *testing.T) {
			file := filepath.Join(t.TempDir(), test.file)
			require.NoError(t, os.WriteFile(file, []byte(test.text), 0o600))
			s := &spy{}
			asltest.Load(s, file, nil)
			require.True(t, s.fatal)
			require.True(t, strings.HasSuffix(s.texts, test.told+"\n") || strings.HasSuffix(s.texts, test.told), s.texts)
		})
	}
}
