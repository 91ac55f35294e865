package bolt

import (
	"encoding/json"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"pizzasaga/internal/order"
)

// FuzzRecord changes a record. One that is opened has the value that was put.
func FuzzRecord(f *testing.F) {
	value, err := json.Marshal(order.New(order.Request{ID: "1"}, time.UnixMilli(0)))
	require.NoError(f, err)
	s := file(f, fresh(f))
	require.NoError(f, s.update(func(t *tx) error { t.put(orders, []byte("1"), json.RawMessage(value)); return nil }))
	var whole []byte
	require.NoError(f, s.view(func(t *tx) error { whole = append(whole, t.Bucket(orders).Get([]byte("1"))...); return nil }))
	f.Add([]byte("orders"), []byte("1"), whole)
	f.Add([]byte("orders"), []byte("2"), whole)
	f.Add([]byte("order"), []byte("s1"), whole)
	f.Add([]byte("orders"), []byte("1"), whole[1:])
	f.Add([]byte("orders"), []byte("1"), []byte{})
	f.Fuzz(func(t *testing.T, bucket, key, record []byte) {
		got, checksum, err := checkRecord(bucket, key, record)
		if err != nil {
			require.ErrorIs(t, err, errDamaged)
			return
		}
		require.Equal(t, sum(bucket, key, got), checksum)
		if string(bucket) == "orders" && string(key) == "1" && len(record) == len(whole) {
			require.Equal(t, whole, record)
		}
	})
}

// FuzzFile opens files that are not whole. None makes the program panic, and one that
// is opened can be written.
func FuzzFile(f *testing.F) {
	whole := filled(f)
	f.Add(uint32(0), uint8(0), uint32(0))
	f.Add(uint32(17), uint8(1), uint32(0))
	f.Add(uint32(5000), uint8(255), uint32(9000))
	f.Fuzz(func(t *testing.T, at uint32, change uint8, cut uint32) {
		content := append([]byte(nil), whole[:len(whole)-int(cut)%len(whole)]...)
		content[int(at)%len(content)] ^= change
		s, err := openContent(t, content)
		if err != nil {
			require.NotContains(t, err.Error(), "\n")
			return
		}
		_, err = s.Submit(t.Context(), order.Submission{Orders: []order.Order{order.New(order.Request{ID: "new"}, time.Now())}})
		require.NoError(t, err)
		require.NoError(t, s.Close())
	})
}
