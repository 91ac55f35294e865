// Package rehearsal rehearses a deployment without an account: it runs the result of `sam
// build && sam deploy` on ministack, which enforces IAM, and tests it from outside, over
// HTTP and with the AWS CLI.
//
//	.ci/deploy         deploys once
//	.ci/deploy -all    also updates, deletes, and takes permissions away
package rehearsal

import (
	"testing"

	"pizzasaga/internal/testkit/ministacktest"
	"pizzasaga/internal/testkit/ordertest"
)

func TestDeployment(t *testing.T) {
	if testing.Short() {
		t.Skip("takes a minute")
	}
	var errors string
	t.Cleanup(func() { // the first cleanup runs last, so that this is printed after the emulator's log
		if errors != "" {
			t.Log(errors)
		}
	})
	cloud := ministacktest.Start(t, "AUTH=true", "SFN_WAIT_SCALE=0.1", "LAMBDA_ASYNC_RETRY_BASE_SECONDS=0.1")
	app := newApplication(t, cloud)
	app.build(t)
	s := app.deploy(t, "pizza-saga")
	defer func() {
		if t.Failed() {
			errors = s.lastErrors(t)
		}
	}()
	for _, c := range checks {
		if !t.Run(c.name, func(t *testing.T) { c.check(t, s) }) {
			return
		}
	}
	t.Run("the runbook repairs orders", func(t *testing.T) { repair(t, s) })
	t.Run("the table keeps the contract of a store", func(t *testing.T) { ordertest.TestStore(t, s.orders) })
	t.Run("the rule matches executions that leave their order unfinished", func(t *testing.T) { ruleSeesWhatAnExecutionLeavesHalfWay(t, s) })
	if *all {
		everything(t, app, s)
	}
}
