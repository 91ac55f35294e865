package lambdatest

import (
	"context"
	"fmt"
	"os"
	"os/exec"
)

// flags are the deployment's flags in the Makefile. They are repeated here because the
// tests must run without make; a test compares the two.
const flags = "-trimpath -tags=lambda.norpc '-ldflags=-s -w -buildid=' -buildvcs=false"

// Build compiles a main package into an executable for this machine, with the
// deployment's flags. The package is named as for go build, relative to the working
// directory.
func Build(ctx context.Context, pkg, executable string) error {
	cmd := exec.CommandContext(ctx, "go", "build", "-o", executable, pkg)
	cmd.Env = append(os.Environ(), "CGO_ENABLED=0", "GOFLAGS="+flags)
	if out, err := cmd.CombinedOutput(); err != nil {
		return fmt.Errorf("build %s: %w\n%s", pkg, err, out)
	}
	return nil
}
