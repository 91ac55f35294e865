// Package need checks that a constructor's config has every required field.
package need

import (
	"fmt"
	"maps"
	"slices"
	"strings"
)

// Fields returns an error that names every missing field, or nil. config is the name of
// the config's type; given says for each required field whether it is set.
func Fields(config string, given map[string]bool) error {
	var missing []string
	for _, field := range slices.Sorted(maps.Keys(given)) {
		if !given[field] {
			missing = append(missing, field)
		}
	}
	if missing == nil {
		return nil
	}
	return fmt.Errorf("%s lacks %s", config, strings.Join(missing, ", "))
}
