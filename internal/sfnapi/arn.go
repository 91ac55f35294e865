package sfnapi

import "regexp"

var (
	machineARN   = regexp.MustCompile(`^arn:[^:]+:states:[^:]*:[^:]*:stateMachine:.`)
	executionARN = regexp.MustCompile(`^arn:[^:]+:states:[^:]*:[^:]*:execution:[^:]+:[^:]+$`)
)

// checkMachine returns an error unless the ARN is the one machine's.
func (s *server) checkMachine(arn string) error {
	if err := checkARN("stateMachineArn", arn, machineARN); err != nil {
		return err
	}
	if arn != s.Engine.StateMachineARN() {
		return &fault{"StateMachineDoesNotExist", "the only state machine here is " + s.Engine.StateMachineARN() + ", not " + arn}
	}
	return nil
}

// checkExecution returns an error unless the text is the ARN of an execution, which may
// or may not exist.
func checkExecution(arn string) error { return checkARN("executionArn", arn, executionARN) }

func checkARN(field, arn string, form *regexp.Regexp) error {
	switch {
	case arn == "":
		return invalid("%s is missing", field)
	case !form.MatchString(arn):
		return &fault{"InvalidArn", field + ": " + arn + " is not a valid ARN here"}
	}
	return nil
}
