package lambdatest

import (
	"context"
	"fmt"
	"os"
	"os/exec"
)

// Build compiles a main package into an executable for this machine, with the
// flags of the deployment and those given. The package is named as for go
// build, relative to the working directory.
func Build(ctx context.Context, pkg, executable string, flags ...string) error {
	args := []string{"build", "-trimpath", "-tags=lambda.norpc", "-ldflags=-s -w", "-buildvcs=false", "-o", executable}
	cmd := exec.CommandContext(ctx, "go", append(append(args, flags...), pkg)...)
	cmd.Env = append(os.Environ(), "CGO_ENABLED=0", "GOFLAGS=")
	if out, err := cmd.CombinedOutput(); err != nil {
		return fmt.Errorf("build %s: %w\n%s", pkg, err, out)
	}
	return nil
}
