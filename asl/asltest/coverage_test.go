package asltest_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"pizzasaga/asl/asltest"
)

func TestCoverageCountsAllRuns(t *testing.T) {
	m := load(t)
	m.Run(t, `{"amount": 3, "people": ["Ada"]}`, asltest.Mocks{"Pay": asltest.Payload(`{"id": 7}`), "Tell": told})
	require.Equal(t, `states         4 of 6
transitions    4 of 5
choice rules   0 of 1
retriers       0 of 1
catchers       0 of 1
not taken:
  5:19   choice rule  States.IsLarge.Choices[0] → AskManager
  7:19   state        States.AskManager
  10:17  catcher      States.AskManager.Catch[0] → Refuse
  11:15  transition   States.AskManager.Next → Pay
  14:17  retrier      States.Pay.Retry[0]
  18:15  state        States.Refuse
`, m.Coverage().String())

}

func TestUncoveredPartsFailTheTest(t *testing.T) {
	m, s := load(t), &spy{}
	m.Run(t, `{"amount": 3, "people": ["Ada"]}`, asltest.Mocks{"Pay": asltest.Payload(`{"id": 7}`), "Tell": told})
	m.Covered(s, map[string]string{
		"States.IsLarge.Choices[0]": "tested elsewhere", "States.AskManager": "tested elsewhere", "States.AskManager.Catch[0]": "tested elsewhere",
		"States.AskManager.Next": "tested elsewhere", "States.Refuse": "", "States.Pay": "is taken", "States.Play": "misspelt"})
	require.Contains(t, s.texts, "14:17  retrier  States.Pay.Retry[0]")
	require.NotContains(t, s.texts, "AskManager")
	require.NotContains(t, s.texts, "IsLarge")
	require.Contains(t, s.texts, "States.Pay is an exception of the coverage, but a test has taken it")
	require.Contains(t, s.texts, "States.Play is an exception of the coverage, but the definition has no such part")
	require.Contains(t, s.texts, "States.Refuse is an exception of the coverage without a reason")

	mocks := asltest.Mocks{"Pay": asltest.InOrder(asltest.Throw("Busy", ""), asltest.Payload(`{"id": 7}`)), "Tell": told, "AskManager": told}
	m.Run(t, `{"amount": 3000, "people": []}`, mocks)
	mocks["AskManager"] = asltest.Throw("No", "")
	m.Run(t, `{"amount": 3000, "people": []}`, mocks)
	m.Covered(t, nil)
}

func TestTheCoverageIsCheckedWhenParallelSubtestsHaveEnded(t *testing.T) {
	m, s := load(t), &spyOfCleanup{}
	m.Covered(s, nil)
	require.Empty(t, s.texts)
	s.cleanup()
	require.Contains(t, s.texts, "no test has taken these parts of the definition")
}

// spyOfCleanup is a test that has not ended.
type spyOfCleanup struct {
	spy
	cleanup func()
}

func (s *spyOfCleanup) Cleanup(f func()) { s.cleanup = f }
