package sfnapi

import "regexp"

var (
	machineARN   = regexp.MustCompile(`^arn:[^:]+:states:[^:]*:[^:]*:stateMachine:.`)
	executionARN = regexp.MustCompile(`^arn:[^:]+:states:[^:]*:[^:]*:execution:[^:]+:[^:]+$`)
)

// checkMachine returns an error unless the ARN is that of the one machine there is.
func (s *server) checkMachine(arn string) error {
	if err := checkARN("stateMachineArn", arn, machineARN); err != nil {
		return err
	}
	if arn != s.Engine.StateMachineARN() {
		return &fault{"StateMachineDoesNotExist", "there is only " + s.Engine.StateMachineARN() + " here, not " + arn}
	}
	return nil
}

// checkExecution returns an error unless the text is the ARN of an execution, which
// need not exist.
func checkExecution(arn string) error { return checkARN("executionArn", arn, executionARN) }

func checkARN(field, arn string, form *regexp.Regexp) error {
	switch {
	case arn == "":
		return invalid("%s is missing", field)
	case !form.MatchString(arn):
		return &fault{"InvalidArn", field + ": " + arn + " is not an ARN that is meant here"}
	}
	return nil
}
