//go:build linux

package main

import (
	"archive/zip"
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"

	"pizzasaga/internal/testkit/lambdatest"
)

// candidate is a function to measure.
type candidate struct {
	name      string
	bootstrap string
	env       map[string]string
}

// The kinds of events, each with its sample.
var kinds = []kind{{"step", "createOrder"}, {"POST /orders", "postOrders"}, {"GET /orders/{id}", "getOrder"}}

type kind struct{ name, sample string }

// build builds the candidates: ours, ours without connecting during init, one that does
// nothing, and one in Node.js if node is installed.
func build(ctx context.Context, dir string, aws *stub) ([]candidate, error) {
	env := map[string]string{
		"TABLE_NAME": "orders", "STATE_MACHINE_ARN": "arn:aws:states:eu-west-1:123456789012:stateMachine:pizza-saga-orders",
		"ADD_LOYALTY_POINTS_DLQ_URL": aws.url + "/1", "REFUND_PAYMENT_DLQ_URL": aws.url + "/2", "RECLAIM_LOYALTY_POINTS_DLQ_URL": aws.url + "/3",
		"AWS_ENDPOINT_URL": aws.url, "SSL_CERT_FILE": aws.roots, "NODE_EXTRA_CA_CERTS": aws.own,
	}
	var all []candidate
	for _, p := range []struct{ name, pkg string }{
		{ours, "./cmd/handler"}, {lateOurs, "./cmd/coldstart/testdata/late"}, {hello, "./cmd/coldstart/testdata/hello"},
	} {
		bootstrap := filepath.Join(dir, filepath.Base(p.pkg), "bootstrap")
		if err := lambdatest.Build(ctx, p.pkg, bootstrap); err != nil {
			return nil, err
		}
		all = append(all, candidate{p.name, bootstrap, env})
	}
	bundle, err := buildNode(ctx)
	if errors.Is(err, exec.ErrNotFound) {
		return all, nil
	}
	return append(all, candidate{node, bundle, env}), err
}

const (
	ours     = "this function"
	lateOurs = "connecting lazily"
	hello    = "Go, nothing"
	node     = "Node.js"
)

// buildNode bundles the Node.js function into one executable file. Without node and npm
// it returns exec.ErrNotFound.
func buildNode(ctx context.Context) (bootstrap string, err error) {
	interpreter, err := exec.LookPath("node")
	if err != nil {
		return "", err
	}
	dir, err := filepath.Abs(".tools/coldstart")
	if err != nil {
		return "", err
	}
	if err := install(ctx, dir); err != nil {
		return "", err
	}
	bootstrap = filepath.Join(dir, "bootstrap")
	if err := run(ctx, dir, filepath.Join(dir, "node_modules/.bin/esbuild"), "index.js", "--bundle", "--minify", "--platform=node", "--target=node20",
		"--format=cjs", "--banner:js=#!"+interpreter, "--outfile="+bootstrap); err != nil {
		return "", err
	}
	return bootstrap, os.Chmod(bootstrap, 0o755)
}

// install copies the function's source into dir and installs its packages.
func install(ctx context.Context, dir string) error {
	const from = "cmd/coldstart/testdata/node"
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return err
	}
	source, err := os.ReadFile(filepath.Join(from, "index.js"))
	if err != nil {
		return err
	}
	packages, err := os.ReadFile(filepath.Join(from, "package.json"))
	if err != nil {
		return err
	}
	if err := os.WriteFile(filepath.Join(dir, "index.js"), source, 0o600); err != nil {
		return err
	}
	manifest := filepath.Join(dir, "package.json")
	if there, _ := os.ReadFile(manifest); bytes.Equal(there, packages) {
		return nil
	}
	if err := os.WriteFile(manifest, packages, 0o600); err != nil {
		return err
	}
	if err := run(ctx, dir, "npm", "install", "--no-fund", "--no-audit"); err != nil {
		return errors.Join(err, os.Remove(manifest)) // otherwise the next run would skip the installation
	}
	return nil
}

func run(ctx context.Context, dir, name string, args ...string) error {
	cmd := exec.CommandContext(ctx, name, args...)
	cmd.Dir = dir
	if out, err := cmd.CombinedOutput(); err != nil {
		return fmt.Errorf("%s: %w\n%s", name, err, out)
	}
	return nil
}

// zipSize returns the size of the deployed archive, in bytes.
func zipSize(bootstrap string) (int64, error) {
	content, err := os.ReadFile(bootstrap)
	if err != nil {
		return 0, err
	}
	var archive bytes.Buffer
	z := zip.NewWriter(&archive)
	w, err := z.Create("bootstrap")
	if err != nil {
		return 0, err
	}
	if _, err := io.Copy(w, bytes.NewReader(content)); err != nil {
		return 0, err
	}
	err = z.Close()
	return int64(archive.Len()), err
}
