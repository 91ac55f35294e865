package redrive_test

import (
	"testing"

	"pizzasaga/internal/memory"
	"pizzasaga/internal/redrive"
	"pizzasaga/internal/steps"
	"pizzasaga/internal/testkit/needtest"
)

func TestNewNamesWhatItsConfigLacks(t *testing.T) {
	whole := redrive.Config{Letters: &memory.Queues{}, Steps: &steps.Steps{}}
	needtest.TestNew(t, "redrive.Config", redrive.New, whole, map[string]func(*redrive.Config){
		"Letters": func(c *redrive.Config) { c.Letters = nil },
		"Steps":   func(c *redrive.Config) { c.Steps = nil },
	})
}
