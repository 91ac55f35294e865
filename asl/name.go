package asl

import (
	"fmt"
	"strings"
	"unicode"
	"unicode/utf8"
)

// checkExecutionName returns an error if AWS does not accept the name of an execution.
func checkExecutionName(name string) error {
	bad := func(why string) error { return fmt.Errorf("%w: %q %s", ErrInvalidName, name, why) }
	if n := utf8.RuneCountInString(name); n == 0 || n > 80 {
		return bad("does not have 1 to 80 characters")
	}
	for _, c := range name {
		if unicode.IsSpace(c) || unicode.IsControl(c) || c == utf8.RuneError || strings.ContainsRune(`<>{}[]?*"#%\^|~`+"`$&,;:/", c) {
			return bad(fmt.Sprintf("may not contain %q", c))
		}
	}
	return nil
}

// NameOf returns the name at the end of the ARN of an execution or a state machine.
func NameOf(arn string) string { return arn[strings.LastIndexByte(arn, ':')+1:] }
