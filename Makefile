# `sam build` runs this target (template.yaml, BuildMethod). The program is small and static, and its bytes only change when
# the program changes, so that a deployment replaces the function only then. The command sets every documented variable that
# changes what Go builds, so that neither the environment nor `go env -w` does; only the version of Go (GOTOOLCHAIN) is your
# choice. Go ignores empty variables, so a list with only a comma turns experiments off.
.PHONY: build-Function
build-Function:
	CGO_ENABLED=0 GOOS=linux GOARCH=arm64 GOARM64=v8.0 GOEXPERIMENT=, GOFIPS140=off GO_EXTLINK_ENABLED=0 \
	GO111MODULE=on GOWORK=off GOFLAGS="-trimpath -tags=lambda.norpc '-ldflags=-s -w -buildid=' -buildvcs=false" \
	go build -o "$(ARTIFACTS_DIR)/bootstrap" ./cmd/handler
