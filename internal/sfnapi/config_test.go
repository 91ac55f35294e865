package sfnapi_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"pizzasaga/asl"
	"pizzasaga/internal/sfnapi"
)

func TestNewNamesWhatItsConfigLacks(t *testing.T) {
	whole := sfnapi.Config{Engine: &asl.Engine{}, Machine: &asl.Machine{}}
	for _, test := range []struct {
		lacks string
		take  func(c *sfnapi.Config)
	}{
		{"Engine", func(c *sfnapi.Config) { c.Engine = nil }},
		{"Machine", func(c *sfnapi.Config) { c.Machine = nil }},
		{"Engine, Machine", func(c *sfnapi.Config) { *c = sfnapi.Config{} }},
	} {
		t.Run(test.lacks, func(t *testing.T) {
			c := whole
			test.take(&c)
			_, err := sfnapi.New(c)
			require.EqualError(t, err, "sfnapi.Config lacks "+test.lacks)
		})
	}
	_, err := sfnapi.New(whole)
	require.NoError(t, err)
}
