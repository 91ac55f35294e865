// Package need is how constructors refuse a config that lacks something.
package need

import (
	"fmt"
	"maps"
	"slices"
	"strings"
)

// Fields returns an error that names every field that the config has not, or
// nil. config is the type's name, and given tells of each field that is needed
// whether it is there.
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
