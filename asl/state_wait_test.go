package asl_test

import (
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"pizzasaga/asl"
)

func TestAWaitEndsAtItsTime(t *testing.T) {
	for _, field := range []string{
		`"Seconds": 90`,
		`"SecondsPath": "$.s"`,
		`"Timestamp": "2000-01-01T00:01:30Z"`,
		`"TimestampPath": "$.t"`,
	} {
		t.Run(field, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				l := newLab(t, `{"StartAt": "W", "States": {"W": {"Type": "Wait", `+field+`, "End": true}}}`, nil)
				x := l.run(`{"s": 90, "t": "2000-01-01T01:01:30+01:00"}`)
				require.Equal(t, asl.Succeeded, x.Status, x.Cause)
				require.Equal(t, 90*time.Second, x.Stopped.Sub(x.Started))
			})
		})
	}
}

func TestAWaitForANegativeTimeFails(t *testing.T) {
	l := newLab(t, `{"StartAt": "W", "States": {"W": {"Type": "Wait", "SecondsPath": "$.s", "End": true}}}`, nil)
	l.fails(l.run(`{"s": -1}`), "States.Runtime", while("W", 2, "The SecondsPath parameter references a negative value: $.s == -1"))
	l.fails(l.run(`{"s": "soon"}`), "States.Runtime", while("W", 2, "The SecondsPath parameter cannot be parsed as a long value: $.s == soon"))
}
