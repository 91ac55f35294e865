package steps_test

import (
	"log/slog"
	"testing"

	"github.com/stretchr/testify/require"

	"pizzasaga/internal/memory"
	"pizzasaga/internal/simulated"
	"pizzasaga/internal/steps"
)

func TestNewNamesWhatItsConfigLacks(t *testing.T) {
	whole := steps.Config{Orders: memory.NewOrders(), Payments: simulated.Gateway{}, Loyalty: simulated.Programme{}, Kitchen: simulated.Kitchen{}, Logger: slog.New(slog.DiscardHandler)}
	for _, test := range []struct {
		lacks string
		take  func(c *steps.Config)
	}{
		{"Orders", func(c *steps.Config) { c.Orders = nil }},
		{"Payments", func(c *steps.Config) { c.Payments = nil }},
		{"Loyalty", func(c *steps.Config) { c.Loyalty = nil }},
		{"Kitchen", func(c *steps.Config) { c.Kitchen = nil }},
		{"Logger", func(c *steps.Config) { c.Logger = nil }},
		{"Kitchen, Logger, Loyalty, Orders, Payments", func(c *steps.Config) { *c = steps.Config{} }},
	} {
		t.Run(test.lacks, func(t *testing.T) {
			c := whole
			test.take(&c)
			_, err := steps.New(c)
			require.EqualError(t, err, "steps.Config lacks "+test.lacks)
		})
	}
	_, err := steps.New(whole)
	require.NoError(t, err)
}
