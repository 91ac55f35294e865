package lambdatest

import (
	"os"
	"testing"

	"github.com/stretchr/testify/require"
)

func TestBuildHasTheFlagsOfTheDeployment(t *testing.T) {
	makefile, err := os.ReadFile("../../../Makefile")
	require.NoError(t, err)
	require.Contains(t, string(makefile), "\nexport CGO_ENABLED := 0\n")
	require.Contains(t, string(makefile), "\nexport GOFLAGS := "+flags+"\n")
}
