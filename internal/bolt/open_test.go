package bolt

import (
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"go.etcd.io/bbolt"

	"pizzasaga/internal/order"
)

// filled returns the bytes of a file that has orders.
func filled(t testing.TB) []byte {
	path := fresh(t)
	s := file(t, path)
	for i := range 50 {
		_, err := s.Submit(t.Context(), order.Submission{Orders: []order.Order{order.New(order.Request{ID: fmt.Sprint(i)}, time.Now())}})
		require.NoError(t, err)
	}
	require.NoError(t, s.Close())
	content, err := os.ReadFile(path)
	require.NoError(t, err)
	return content
}

// refused checks that a file with this content is refused in one line and stays unchanged.
func refused(t *testing.T, content []byte, why string) {
	t.Helper()
	path := fresh(t)
	require.NoError(t, os.WriteFile(path, content, 0o600))
	s, err := Open(path)
	if err == nil {
		_ = s.Close()
	}
	require.ErrorContains(t, err, path)
	require.ErrorContains(t, err, why)
	require.NotContains(t, err.Error(), "\n")
	after, err := os.ReadFile(path)
	require.NoError(t, err)
	require.Equal(t, content, after)
}

// openContent opens a file with this content.
func openContent(t *testing.T, content []byte) (*Store, error) {
	path := fresh(t)
	require.NoError(t, os.WriteFile(path, content, 0o600))
	return Open(path)
}

func TestAFileThatIsCutOffIsRefused(t *testing.T) {
	whole := filled(t)
	for _, bytes := range []int{1, 4000, 4096, 8192, 16384, len(whole) / 4, len(whole) / 2} {
		t.Run(fmt.Sprintf("after %d bytes", bytes), func(t *testing.T) { refused(t, whole[:bytes], "damaged") })
	}
}

func TestAFileOfAnotherKindIsRefused(t *testing.T) {
	refused(t, []byte("a letter to my aunt"), "not a data file of this program")
	path := fresh(t)
	db, err := bbolt.Open(path, 0o600, nil)
	require.NoError(t, err)
	require.NoError(t, db.Close())
	content, err := os.ReadFile(path)
	require.NoError(t, err)
	refused(t, content, "not a data file of this program")
}

func TestANewerFormatIsRefused(t *testing.T) {
	path := fresh(t)
	s := file(t, path)
	require.NoError(t, s.db.Update(func(t *bbolt.Tx) error { return t.Bucket(about).Put([]byte("format"), []byte("2")) }))
	require.NoError(t, s.Close())
	content, err := os.ReadFile(path)
	require.NoError(t, err)
	refused(t, content, "its format is 2, but this version of the program supports formats up to 1")
}

func TestAFileInUseIsRefused(t *testing.T) {
	path := fresh(t)
	file(t, path)
	_, err := Open(path)
	require.ErrorContains(t, err, "another process is using it")
}

func TestAFolderThatCannotBeWrittenIsRefused(t *testing.T) {
	_, err := Open(filepath.Join(t.TempDir(), "none", "shop.data"))
	require.ErrorContains(t, err, "cannot create the data file")
	if os.Geteuid() == 0 {
		t.Skip("the administrator may write anywhere")
	}
	folder := t.TempDir()
	require.NoError(t, os.Chmod(folder, 0o500))
	_, err = Open(filepath.Join(folder, "shop.data"))
	require.ErrorContains(t, err, "permission denied")
}

func TestAMissingRecordIsNoticed(t *testing.T) {
	path := fresh(t)
	require.NoError(t, os.WriteFile(path, filled(t), 0o600))
	db, err := bbolt.Open(path, 0o600, nil)
	require.NoError(t, err)
	require.NoError(t, db.Update(func(t *bbolt.Tx) error { return t.Bucket(orders).Delete([]byte("7")) }))
	require.NoError(t, db.Close())
	content, err := os.ReadFile(path)
	require.NoError(t, err)
	refused(t, content, "some orders are missing")
}

// TestAChangedByteIsRefusedOrChangesNothing changes bytes at random places. Many of them
// are in pages that are not in use.
func TestAChangedByteIsRefusedOrChangesNothing(t *testing.T) {
	whole, chance, found := filled(t), rand.New(rand.NewPCG(1, 2)), 0
	for range 500 {
		changed := append([]byte(nil), whole...)
		at := chance.IntN(len(whole))
		changed[at] ^= byte(1 + chance.IntN(255))
		s, err := openContent(t, changed)
		if err != nil {
			found++
			continue
		}
		for i := range 50 {
			o, err := s.Get(t.Context(), fmt.Sprint(i))
			require.NoError(t, err, "byte %d", at)
			require.Equal(t, fmt.Sprint(i), o.ID)
		}
		require.NoError(t, s.Close())
	}
	require.Positive(t, found)
}

func TestOnlyARegularFileWithContentIsUsed(t *testing.T) {
	_, err := Open(t.TempDir())
	require.ErrorContains(t, err, "not a regular file")
	_, err = Open(os.DevNull)
	require.ErrorContains(t, err, "not a regular file")
	empty := fresh(t)
	require.NoError(t, os.WriteFile(empty, nil, 0o600))
	_, err = Open(empty)
	require.ErrorContains(t, err, "it is empty; delete it")
}

func TestAFileWithASimilarNameStaysWhenOneIsCreated(t *testing.T) {
	path := fresh(t)
	require.NoError(t, os.WriteFile(path+".new", []byte("my notes"), 0o600))
	file(t, path)
	files, err := filepath.Glob(path + "*")
	require.NoError(t, err)
	require.Equal(t, []string{path, path + ".new"}, files)
}

func TestAnOlderMetaPageInPlaceOfTheNewerIsNoticed(t *testing.T) {
	content := filled(t)
	size := os.Getpagesize()
	for page := range 2 {
		t.Run(fmt.Sprint("page ", page), func(t *testing.T) {
			changed := append([]byte(nil), content...)
			copy(changed[page*size:(page+1)*size], content[(1-page)*size:(2-page)*size])
			refused(t, changed, "restore a copy")
		})
	}
}
