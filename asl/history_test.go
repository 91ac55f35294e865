package asl

import (
	"encoding/json"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

func TestAHistoryKeepsEveryTypeOfEvent(t *testing.T) {
	require.NotEmpty(t, eventTypes)
	for i, kind := range eventTypes {
		t.Run(string(kind.name), func(t *testing.T) {
			event := Event{ID: 1, Time: time.UnixMilli(int64(i)), Type: kind.name, Details: kind.newDetails()}
			var h history
			h.add(event)
			require.Equal(t, []Event{event}, h.since(0))

			text, err := json.Marshal(event)
			require.NoError(t, err)
			var again Event
			require.NoError(t, json.Unmarshal(text, &again))
			loaded, err := historyOf([]Event{again})
			require.NoError(t, err)
			require.Equal(t, h, loaded)
		})
	}
}

func TestAHistoryRefusesUnknownEvents(t *testing.T) {
	var h history
	require.Panics(t, func() { h.add(Event{ID: 1, Type: "NapStateEntered"}) })
	_, err := historyOf([]Event{{ID: 1, Type: "NapStateEntered"}})
	require.ErrorContains(t, err, `event 1 has the id 1 and the type "NapStateEntered"`)
	_, err = historyOf([]Event{{ID: 2, Type: ExecutionStarted}})
	require.Error(t, err, "the first event is missing")
}
