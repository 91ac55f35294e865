package sfnapi_test

import (
	"testing"

	"pizzasaga/asl"
	"pizzasaga/internal/sfnapi"
	"pizzasaga/internal/testkit/needtest"
)

func TestNewNamesWhatItsConfigLacks(t *testing.T) {
	whole := sfnapi.Config{Engine: &asl.Engine{}}
	needtest.TestNew(t, "sfnapi.Config", sfnapi.New, whole, map[string]func(*sfnapi.Config){
		"Engine": func(c *sfnapi.Config) { c.Engine = nil },
	})
}
