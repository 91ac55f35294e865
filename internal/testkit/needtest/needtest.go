// Package needtest tests that a constructor's error names every field that the config
// lacks.
package needtest

import (
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// TestNew tests a constructor with a complete config, with each required field missing,
// and with an empty config. name is the name of the config's type. drop has a function
// for each required field that removes it.
func TestNew[Config, T any](t *testing.T, name string, construct func(Config) (T, error), whole Config, drop map[string]func(*Config)) {
	lacks := func(fields string, c Config) {
		t.Run("without "+fields, func(t *testing.T) {
			_, err := construct(c)
			require.EqualError(t, err, name+" lacks "+fields)
		})
	}
	for field, take := range drop {
		c := whole
		take(&c)
		lacks(field, c)
	}
	var empty Config
	lacks(strings.Join(slices.Sorted(maps.Keys(drop)), ", "), empty)
	t.Run("whole", func(t *testing.T) {
		_, err := construct(whole)
		require.NoError(t, err)
	})
}
