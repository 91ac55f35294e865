package repair_test

import (
	"testing"

	"pizzasaga/internal/memory"
	"pizzasaga/internal/repair"
	"pizzasaga/internal/steps"
	"pizzasaga/internal/testkit/needtest"
)

func TestNewNamesWhatItsConfigLacks(t *testing.T) {
	whole := repair.Config{Queues: &memory.Queues{}, Steps: &steps.Steps{}, Executions: noExecutions{}}
	needtest.TestNew(t, "repair.Config", repair.New, whole, map[string]func(*repair.Config){
		"Queues":     func(c *repair.Config) { c.Queues = nil },
		"Steps":      func(c *repair.Config) { c.Steps = nil },
		"Executions": func(c *repair.Config) { c.Executions = nil },
	})
}

type noExecutions struct{ repair.Executions }
