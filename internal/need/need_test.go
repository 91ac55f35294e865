package need_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"pizzasaga/internal/need"
)

func TestEveryMissingFieldIsNamed(t *testing.T) {
	for _, test := range []struct {
		name  string
		given map[string]bool
		says  string
	}{
		{"nothing is needed", nil, ""},
		{"nothing is missing", map[string]bool{"Orders": true, "Kitchen": true}, ""},
		{"one is missing", map[string]bool{"Orders": true, "Kitchen": false}, "steps.Config lacks Kitchen"},
		{"all are missing", map[string]bool{"Orders": false, "Kitchen": false}, "steps.Config lacks Kitchen, Orders"},
	} {
		t.Run(test.name, func(t *testing.T) {
			err := need.Fields("steps.Config", test.given)
			if test.says == "" {
				require.NoError(t, err)
				return
			}
			require.EqualError(t, err, test.says)
		})
	}
}
