package asl

import "strings"

// ExecutionARN returns the ARN that an execution of this name has or would have.
func (e *Engine) ExecutionARN(name string) string { return e.executionARN(name) }

// NameOf returns the name that the ARN of an execution or of a state machine
// ends in.
func NameOf(arn string) string { return arn[strings.LastIndexByte(arn, ':')+1:] }
