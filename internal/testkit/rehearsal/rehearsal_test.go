// Package rehearsal rehearses a deployment without an account: what `sam build
// && sam deploy` makes runs on ministack, which enforces IAM, and is driven from
// outside, over HTTP and with the AWS CLI.
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
		t.Skip("it takes a minute")
	}
	var errors string
	t.Cleanup(func() { // the first is the last to run, so that this stands below the emulator's log
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
	t.Run("the runbook repairs what it is for", func(t *testing.T) { repair(t, s) })
	t.Run("the table keeps the contract of a store", func(t *testing.T) { ordertest.TestStore(t, s.orders) })
	t.Run("the rule sees what an execution leaves half way", func(t *testing.T) { ruleSeesWhatAnExecutionLeavesHalfWay(t, s) })
	if *all {
		everything(t, app, s)
	}
}
