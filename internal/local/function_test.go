package local

import (
	"context"
	"encoding/json"
	"errors"
	"testing"

	"github.com/stretchr/testify/require"

	"pizzasaga/asl"
)

func TestAPanicIsNamedAfterTheTypeOfItsValue(t *testing.T) {
	for name, value := range map[string]any{"string": "broken", "errorString": errors.New("broken"), "SyntaxError": &json.SyntaxError{}} {
		t.Run(name, func(t *testing.T) {
			f := function{func(context.Context, []byte) ([]byte, error) { panic(value) }}
			_, err := f.invoke(t.Context(), "", []byte(`{}`))
			var failed *asl.TaskError
			require.ErrorAs(t, err, &failed)
			require.Equal(t, name, failed.Name)
		})
	}
}
