package redrive_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"pizzasaga/internal/memory"
	"pizzasaga/internal/redrive"
	"pizzasaga/internal/steps"
)

func TestNewNamesWhatItsConfigLacks(t *testing.T) {
	whole := redrive.Config{Letters: &memory.Queues{}, Steps: &steps.Steps{}}
	for _, test := range []struct {
		lacks string
		take  func(c *redrive.Config)
	}{
		{"Letters", func(c *redrive.Config) { c.Letters = nil }},
		{"Steps", func(c *redrive.Config) { c.Steps = nil }},
		{"Letters, Steps", func(c *redrive.Config) { *c = redrive.Config{} }},
	} {
		t.Run(test.lacks, func(t *testing.T) {
			c := whole
			test.take(&c)
			_, err := redrive.New(c)
			require.EqualError(t, err, "redrive.Config lacks "+test.lacks)
		})
	}
	_, err := redrive.New(whole)
	require.NoError(t, err)
}
