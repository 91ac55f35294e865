.DEFAULT_GOAL := help

.PHONY: help
help: ## list these targets
	@sed -n 's/^\([a-z-]*\):.*## /  \1	/p' Makefile | expand -t 14

.PHONY: run
run: ## run the shop on this machine: http://localhost:3000
	go run ./cmd/local

.PHONY: outcomes
outcomes: ## order all eight outcomes, and check them
	go run ./cmd/local -outcomes

.PHONY: test
test: ## test with Go alone
	go test ./...

.PHONY: check
check: ## test everything that CI tests
	.ci/run

.PHONY: update
update: ## write the generated drawing and tables of the documents again
	go test ./docs ./internal/local -run 'Drawing|Readme|Cost' -update

.PHONY: rehearse
rehearse: ## deploy to an emulator, order and repair there
	.ci/deploy

.PHONY: deploy
deploy: ## build and deploy to AWS; the first time, use: sam build && sam deploy --guided
	sam build && sam deploy

.PHONY: smoke
smoke: ## check a deployment: make smoke URL=https://...
	go run ./cmd/smoke $(URL)

# Changes go.mod, imports and documents. The problem types of the API and the stack keep their names.
.PHONY: rename
rename: ## change the module path: make rename MODULE=example.com/you/pizza
	@test -n "$(MODULE)" || { echo 'which path? make rename MODULE=example.com/you/pizza'; exit 1; }
	git grep -lzE "$(OLD)[/@=]" | xargs -0 perl -pi -e 's{(?<![\w./-])\Q$(OLD)\E(?=[/@=])}{$(MODULE)}g'
	go mod edit -module $(MODULE)
	gofmt -w $$(git ls-files '*.go')
OLD = $(shell sed -n 's/^module //p' go.mod)

# `sam build` runs this target (template.yaml, BuildMethod). The program is small and static, and its bytes only change when
# the program changes, so that a deployment replaces the function only then. The command sets every documented variable that
# changes what Go builds, so that neither the environment nor `go env -w` does; only the version of Go (GOTOOLCHAIN) is your
# choice. Go ignores empty variables, so a list with only a comma turns experiments off.
.PHONY: build-Function
build-Function:
	CGO_ENABLED=0 GOOS=linux GOARCH=arm64 GOARM64=v8.0 GOEXPERIMENT=, GOFIPS140=off GO_EXTLINK_ENABLED=0 \
	GO111MODULE=on GOWORK=off GOFLAGS="-trimpath -tags=lambda.norpc '-ldflags=-s -w -buildid=' -buildvcs=false" \
	go build -o "$(ARTIFACTS_DIR)/bootstrap" ./cmd/handler
