// Package needtest holds constructors to one rule: the error names every field
// that the config lacks.
package needtest

import (
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// TestNew tests a constructor with a config that has all it needs, with that config
// lacking each of the needed fields, and with an empty one. name is the type's
// name, and drop takes each needed field out of a config, by its name.
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
