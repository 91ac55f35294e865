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
			require.Equal(t, []Event{event}, h.events())

			text, err := json.Marshal(h)
			require.NoError(t, err)
			var again history
			require.NoError(t, json.Unmarshal(text, &again))
			require.Equal(t, h, again)
		})
	}
}

func TestAHistoryHasNoOtherTypesOfEvents(t *testing.T) {
	var h history
	require.Panics(t, func() { h.add(Event{ID: 1, Type: "NapStateEntered"}) })
	require.ErrorContains(t, json.Unmarshal([]byte(`[{"id":1,"previousEventId":0,"timestamp":1.000,"type":"NapStateEntered"}]`), &h),
		`event 1 has the id 1 and the type "NapStateEntered"`)
}
