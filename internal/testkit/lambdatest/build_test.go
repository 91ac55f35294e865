package lambdatest

import (
	"os"
	"testing"

	"github.com/stretchr/testify/require"
)

func TestBuildHasTheFlagsOfTheDeployment(t *testing.T) {
	makefile, err := os.ReadFile("../../../Makefile")
	require.NoError(t, err)
	require.Contains(t, string(makefile), "\tCGO_ENABLED=0 ")
	require.Contains(t, string(makefile), ` GOFLAGS="`+flags+`" `)
}
