package bolt

import (
	"encoding/binary"
	"errors"
	"fmt"
	"hash/fnv"
	"io/fs"
	"os"
	"path/filepath"
	"runtime/debug"
	"strconv"
	"time"

	"go.etcd.io/bbolt"
	berrors "go.etcd.io/bbolt/errors"
)

// format is the format of the files that this package writes. Files of a later format
// are refused.
const format = 1

// lockTimeout is how long Open waits for another process to release the file.
const lockTimeout = 200 * time.Millisecond

// Open opens a file, and creates it if it does not exist. It refuses a file that is
// damaged, in use or of a later format, and leaves it unchanged. The error is one line
// that a person can read.
func Open(path string) (*Store, error) {
	switch info, err := os.Stat(path); {
	case errors.Is(err, fs.ErrNotExist):
		if err := create(path); err != nil {
			return nil, fmt.Errorf("cannot create the data file %s: %w", path, err)
		}
	case err == nil && !info.Mode().IsRegular():
		return nil, fmt.Errorf("cannot use %s as the data file: it is not a regular file", path)
	case err == nil && info.Size() == 0:
		return nil, fmt.Errorf("cannot use the data file %s: it is empty; delete it, and the program creates it", path)
	}
	db, err := guarded(path)
	if errors.Is(err, errDamaged) {
		err = fmt.Errorf("%w; restore a copy, or choose another file with -data", err)
	}
	if err != nil {
		return nil, fmt.Errorf("cannot use the data file %s, which is unchanged: %w", path, err)
	}
	return newStore(db), nil
}

// guarded opens a file after it has read and verified all of it.
func guarded(path string) (*bbolt.DB, error) {
	db, err := attempt(path, true)
	if err != nil {
		return nil, err
	}
	if err := errors.Join(verify(path, db), db.Close()); err != nil {
		return nil, err
	}
	return attempt(path, false)
}

// attempt opens a file. bbolt panics when certain pages are damaged.
func attempt(path string, readOnly bool) (db *bbolt.DB, err error) {
	var file *os.File
	defer func() {
		if recover() != nil {
			err = errors.Join(errDamaged, file.Close())
		}
	}()
	db, err = bbolt.Open(path, 0o600, &bbolt.Options{Timeout: lockTimeout, ReadOnly: readOnly, NoFreelistSync: true,
		OpenFile: func(path string, flag int, mode os.FileMode) (_ *os.File, err error) {
			file, err = os.OpenFile(path, flag, mode)
			return file, err
		}})
	if _, isOfSystem := errors.AsType[*fs.PathError](err); err == nil || isOfSystem {
		return db, err
	}
	if errors.Is(err, berrors.ErrTimeout) {
		return nil, errors.New("another process is using it")
	}
	return nil, fmt.Errorf("it is damaged, or not a data file of this program: %w", err)
}

// create creates a file without orders. It fills a temporary file and then links it to
// path, so path is never incomplete. If path exists by then, that file stays.
func create(path string) error {
	file, err := os.CreateTemp(filepath.Dir(path), filepath.Base(path)+".*.new")
	if err != nil {
		return err
	}
	temporary := file.Name()
	defer os.Remove(temporary)
	if err := file.Close(); err != nil {
		return err
	}
	db, err := bbolt.Open(temporary, 0o600, &bbolt.Options{NoFreelistSync: true})
	if err != nil {
		return err
	}
	err = db.Update(func(t *bbolt.Tx) error {
		for _, name := range append([][]byte{about}, all...) {
			if _, err := t.CreateBucket(name); err != nil {
				return err
			}
		}
		return t.Bucket(about).Put([]byte("format"), []byte(strconv.Itoa(format)))
	})
	if err = errors.Join(err, db.Close()); err != nil {
		return err
	}
	if err := os.Link(temporary, path); !errors.Is(err, fs.ErrExist) {
		return err
	}
	return nil
}

// verify reads the whole file.
func verify(path string, db *bbolt.DB) (err error) {
	// bbolt panics or reads beyond the file when pages are damaged.
	defer debug.SetPanicOnFault(debug.SetPanicOnFault(true))
	defer func() {
		if p := recover(); p != nil {
			err = errDamaged
		}
	}()
	if err := verifyMeta(path, db.Info().PageSize); err != nil {
		return err
	}
	return db.View(func(t *bbolt.Tx) error {
		info, err := os.Stat(path)
		if err != nil {
			return err
		}
		if info.Size() < t.Size() {
			return fmt.Errorf("%w: it has %d bytes, but had %d", errDamaged, info.Size(), t.Size())
		}
		return (&tx{Tx: t}).verify()
	})
}

// verifyMeta checks both meta pages. bbolt opens a file that has only one valid meta
// page, but then the last commit can be missing. It writes transaction n into page n%2.
func verifyMeta(path string, pageSize int) error {
	file, err := os.Open(path)
	if err != nil {
		return err
	}
	defer file.Close()
	const (
		header  = 16 // bytes of a page before its meta
		txid    = 48 // offset of the transaction in the meta
		covered = 56 // bytes of the meta that its checksum covers
	)
	for page := range 2 {
		var meta [covered + 8]byte
		if _, err := file.ReadAt(meta[:], int64(page*pageSize+header)); err != nil {
			return errDamaged
		}
		h := fnv.New64a()
		_, _ = h.Write(meta[:covered]) // never fails
		if h.Sum64() != binary.NativeEndian.Uint64(meta[covered:]) || binary.NativeEndian.Uint64(meta[txid:])%2 != uint64(page) {
			return errDamaged
		}
	}
	return nil
}

// verify checks the format and every record.
func (t *tx) verify() error {
	if t.Bucket(about) == nil {
		return errors.New("it is not a data file of this program")
	}
	text := string(t.Bucket(about).Get([]byte("format")))
	switch number, err := strconv.Atoi(text); {
	case err != nil:
		return errDamaged
	case number > format:
		return fmt.Errorf("its format is %d, but this version of the program supports formats up to %d: use a later version", number, format)
	}
	for _, name := range all {
		if t.Bucket(name) == nil {
			return fmt.Errorf("%w: it has no bucket %q", errDamaged, name)
		}
		total := uint32(0)
		err := t.each(name, nil, func(key, value []byte) error {
			total ^= sum(name, key, value)
			return nil
		})
		if err != nil {
			return err
		}
		if total != t.sumOf(name) {
			return fmt.Errorf("%w: some %s are missing", errDamaged, name)
		}
	}
	return nil
}
