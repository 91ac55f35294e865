# How `sam build` builds the function (template.yaml, BuildMethod): small, static, and the same bytes at every commit that
# does not change the program, so that a deployment replaces the function only when it has changed. GOFLAGS of the
# environment are ignored.
export CGO_ENABLED := 0
export GOOS := linux
export GOARCH := arm64
export GOFLAGS := -trimpath -tags=lambda.norpc '-ldflags=-s -w -buildid=' -buildvcs=false

.PHONY: build-Function
build-Function:
	go build -o "$(ARTIFACTS_DIR)/bootstrap" ./cmd/handler
