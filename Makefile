# How `sam build` builds the function (template.yaml, BuildMethod): small, static, and the same bytes at every commit that
# does not change the program, so that a deployment replaces the function only when it has changed. The command sets every
# documented variable that changes what Go builds, so that neither the environment nor `go env -w` does; which Go builds it
# (GOTOOLCHAIN) stays your choice. Go ignores a variable that is empty: no experiments are a list with nothing but a comma.
.PHONY: build-Function
build-Function:
	CGO_ENABLED=0 GOOS=linux GOARCH=arm64 GOARM64=v8.0 GOEXPERIMENT=, GOFIPS140=off GO_EXTLINK_ENABLED=0 \
	GO111MODULE=on GOWORK=off GOFLAGS="-trimpath -tags=lambda.norpc '-ldflags=-s -w -buildid=' -buildvcs=false" \
	go build -o "$(ARTIFACTS_DIR)/bootstrap" ./cmd/handler
