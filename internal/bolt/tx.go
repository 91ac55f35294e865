package bolt

import (
	"bytes"
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
	"hash/crc32"
	"time"

	"go.etcd.io/bbolt"
)

// The buckets of a file.
var (
	orders      = []byte("orders")      // by id
	keys        = []byte("keys")        // idempotency records by the key's hash
	expiries    = []byte("expiries")    // of idempotency records, by time and the key's hash
	letters     = []byte("letters")     // by queue and number
	executions  = []byte("executions")  // by name
	events      = []byte("events")      // by execution and the id of the first event
	definitions = []byte("definitions") // by the hash of the text
	books       = []byte("books")       // by order and book

	all = [][]byte{orders, keys, expiries, letters, executions, events, definitions, books}

	about = []byte("about") // the format of the file, and the sum of each bucket
)

var errDamaged = errors.New("it is damaged")

// tx is a transaction. The value of each record ends with a checksum of its bucket, key
// and value. Each bucket has a sum, the exclusive or of its records' checksums, which
// shows when a whole record is missing.
type tx struct {
	*bbolt.Tx
	sums map[string]uint32 // the sums that have changed
	err  error             // of the first put or delete that failed
}

const sumBytes = 4

var castagnoli = crc32.MakeTable(crc32.Castagnoli)

// sum returns the checksum of a record.
func sum(bucket, key, value []byte) uint32 {
	c := crc32.New(castagnoli)
	var lengths [8]byte
	binary.BigEndian.PutUint32(lengths[:], uint32(len(bucket)))
	binary.BigEndian.PutUint32(lengths[4:], uint32(len(key)))
	for _, part := range [][]byte{lengths[:], bucket, key, value} {
		_, _ = c.Write(part) // never fails
	}
	return c.Sum32()
}

// checkRecord returns the value of a record and its checksum, or an error if they do not
// match.
func checkRecord(bucket, key, record []byte) (value []byte, checksum uint32, err error) {
	n := len(record) - sumBytes
	if n < 0 || binary.BigEndian.Uint32(record[n:]) != sum(bucket, key, record[:n]) {
		return nil, 0, fmt.Errorf("%w: %s %q", errDamaged, bucket, key)
	}
	return record[:n], binary.BigEndian.Uint32(record[n:]), nil
}

// get decodes a record, and reports whether the record exists.
func (t *tx) get(bucket, key []byte, into any) (bool, error) {
	record := t.Bucket(bucket).Get(key)
	if record == nil {
		return false, nil
	}
	value, _, err := checkRecord(bucket, key, record)
	if err != nil {
		return false, err
	}
	return true, json.Unmarshal(value, into)
}

// put writes a record as JSON.
func (t *tx) put(bucket, key []byte, from any) {
	value, err := json.Marshal(from)
	if err != nil {
		t.fail(err)
		return
	}
	t.removeFromSum(bucket, key)
	checksum := sum(bucket, key, value)
	t.addToSum(bucket, checksum)
	t.fail(t.Bucket(bucket).Put(key, binary.BigEndian.AppendUint32(value, checksum)))
}

// deleteAll removes the records whose key begins with a prefix.
func (t *tx) deleteAll(bucket, prefix []byte) error {
	var gone [][]byte
	err := t.each(bucket, prefix, func(key, _ []byte) error {
		gone = append(gone, bytes.Clone(key))
		return nil
	})
	for _, key := range gone {
		t.delete(bucket, key)
	}
	return err
}

// delete removes a record if it exists.
func (t *tx) delete(bucket, key []byte) {
	t.removeFromSum(bucket, key)
	t.fail(t.Bucket(bucket).Delete(key))
}

// removeFromSum removes a record's checksum from the sum of its bucket.
func (t *tx) removeFromSum(bucket, key []byte) {
	if record := t.Bucket(bucket).Get(key); record != nil {
		_, checksum, err := checkRecord(bucket, key, record)
		t.fail(err)
		t.addToSum(bucket, checksum)
	}
}

// addToSum adds a checksum to the sum of a bucket, or removes one that is in it: the sum is
// an exclusive or.
func (t *tx) addToSum(bucket []byte, checksum uint32) {
	if t.sums == nil {
		t.sums = map[string]uint32{}
	}
	name := string(bucket)
	if _, known := t.sums[name]; !known {
		t.sums[name] = t.sumOf(bucket)
	}
	t.sums[name] ^= checksum
}

// sumOf returns the committed sum of a bucket.
func (t *tx) sumOf(bucket []byte) uint32 {
	if value := t.Bucket(about).Get(bucket); len(value) == sumBytes {
		return binary.BigEndian.Uint32(value)
	}
	return 0
}

// each calls do for each record whose key begins with the prefix, in key order.
func (t *tx) each(bucket, prefix []byte, do func(key, value []byte) error) error {
	c := t.Bucket(bucket).Cursor()
	for key, record := c.Seek(prefix); key != nil && bytes.HasPrefix(key, prefix); key, record = c.Next() {
		value, _, err := checkRecord(bucket, key, record)
		if err == nil {
			err = do(key, value)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

func (t *tx) fail(err error) {
	if t.err == nil {
		t.err = err
	}
}

// errNothing means that there is nothing to commit. It is not a failure.
var errNothing = errors.New("nothing to commit")

// finish writes the changed sums, and returns the first error of the transaction.
func (t *tx) finish() error {
	if t.err == nil && t.sums == nil {
		return errNothing
	}
	for name, changed := range t.sums {
		t.fail(t.Bucket(about).Put([]byte(name), binary.BigEndian.AppendUint32(nil, changed)))
	}
	return t.err
}

// under returns the prefix of the keys that belong to a name.
func under(name string) []byte { return append([]byte(name), 0) }

// numbered returns the key of a number under a name. Such keys are in the order of their
// numbers.
func numbered(name string, number uint64) []byte {
	return binary.BigEndian.AppendUint64(under(name), number)
}

// last returns an unused key made from the time. It sorts after all earlier ones unless
// the clock was set back.
func (t *tx) last(bucket []byte, prefix string) []byte {
	for number := uint64(time.Now().UnixNano()); ; number++ {
		if key := numbered(prefix, number); t.Bucket(bucket).Get(key) == nil {
			return key
		}
	}
}
