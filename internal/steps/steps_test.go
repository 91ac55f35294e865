package steps_test

import (
	"log/slog"
	"testing"

	"pizzasaga/internal/memory"
	"pizzasaga/internal/simulated"
	"pizzasaga/internal/steps"
	"pizzasaga/internal/testkit/needtest"
)

func TestNewNamesWhatItsConfigLacks(t *testing.T) {
	whole := steps.Config{Orders: memory.NewOrders(), Payments: simulated.Gateway{}, Loyalty: simulated.Programme{}, Kitchen: simulated.Kitchen{}, Logger: slog.New(slog.DiscardHandler)}
	needtest.TestNew(t, "steps.Config", steps.New, whole, map[string]func(*steps.Config){
		"Orders":   func(c *steps.Config) { c.Orders = nil },
		"Payments": func(c *steps.Config) { c.Payments = nil },
		"Loyalty":  func(c *steps.Config) { c.Loyalty = nil },
		"Kitchen":  func(c *steps.Config) { c.Kitchen = nil },
		"Logger":   func(c *steps.Config) { c.Logger = nil },
	})
}
