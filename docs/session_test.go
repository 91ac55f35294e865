package docs

import (
	"bufio"
	"fmt"
	"io"
	"maps"
	"net"
	"os"
	"os/exec"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"pizzasaga/internal/testkit/markdown"
)

// session is a shell in which the commands of a document run one after another.
type session struct {
	address string            // of the local program, instead of localhost:3000
	folder  string            // instead of /tmp/tour
	ids     map[string]string // the ids that the document shows, and those that were printed instead
	in      io.Writer
	out     *bufio.Reader
	errs    string // the file of its standard error
}

// mark ends what a command has printed.
const mark = '\x1e'

// newSession starts a shell in a folder, with the programs of another folder. It ends
// with the test, and so does what it has started.
func newSession(t *testing.T, folder, tools string) *session {
	t.Helper()
	shell := exec.Command("bash", "--noprofile", "--norc")
	shell.Dir = folder
	shell.Env = append(os.Environ(), "AWS_ACCESS_KEY_ID=any", "AWS_SECRET_ACCESS_KEY=any", "AWS_DEFAULT_REGION=us-east-1", "AWS_PAGER=", "PATH="+strings.Trim(tools+":"+os.Getenv("PATH"), ":"))
	in, err := shell.StdinPipe()
	require.NoError(t, err)
	out, err := shell.StdoutPipe()
	require.NoError(t, err)
	s := &session{address: freeAddress(t), folder: t.TempDir() + "/tour", ids: map[string]string{}, in: in, out: bufio.NewReader(out), errs: t.TempDir() + "/errors"}
	errs, err := os.Create(s.errs)
	require.NoError(t, err)
	defer errs.Close()
	shell.Stderr = errs
	shell.WaitDelay = time.Second // for what a background process leaves open
	require.NoError(t, shell.Start())
	t.Cleanup(func() {
		fmt.Fprintln(in, "kill $(jobs -p); wait")
		_ = in.Close()
		_ = shell.Wait() // with the status of the last command
	})
	return s
}

func freeAddress(t *testing.T) string {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	defer l.Close()
	return l.Addr().String()
}

// reads matches commands that change nothing, so that they can be repeated until
// what they look at has happened.
var reads = regexp.MustCompile(`^(curl (-s |-i )*\S+|grep .*)$`)

// do runs a command of the document and requires that it prints what is shown there.
func (s *session) do(t *testing.T, c markdown.Command) {
	t.Helper()
	want, shown := s.pattern(c.Printed)
	var got string
	ok := eventually(func() bool {
		got = s.run(t, c.Line)
		real := want.FindStringSubmatch(squeezed(got))
		for i, id := range shown {
			if real != nil {
				s.ids[id] = real[i+1]
			}
		}
		return real != nil || !reads.MatchString(c.Line)
	})
	require.True(t, ok && want.MatchString(squeezed(got)), "%s\n\nmust print\n%s\n\nand prints\n%s\n%s", c.Line, c.Printed, got, markdown.Read(t, s.errs))
}

// run runs a command and returns what it prints. A program that it starts in the
// background listens when run returns.
func (s *session) run(t *testing.T, line string) string {
	t.Helper()
	program := strings.NewReplacer("localhost:3000", s.address, "/tmp/tour", s.folder, "./shop ", "./shop -addr "+s.address+" ")
	_, err := fmt.Fprintf(s.in, "%s\nprintf '%c'\n", program.Replace(s.real(line)), mark)
	require.NoError(t, err)
	printed, err := s.out.ReadString(mark)
	require.NoError(t, err, line)
	if strings.HasSuffix(line, "&") {
		require.True(t, eventually(func() bool {
			c, err := net.Dial("tcp", s.address)
			return err == nil && c.Close() == nil
		}), "nothing listens after %s", line)
	}
	return strings.ReplaceAll(strings.TrimSuffix(printed, string(mark)), s.address, "localhost:3000")
}

// eventually tries until done returns true, for up to a minute.
func eventually(done func() bool) bool {
	end := time.After(time.Minute)
	for !done() {
		select {
		case <-time.After(50 * time.Millisecond):
		case <-end:
			return false
		}
	}
	return true
}

// real returns a text of the document with the ids that were printed instead of
// those that it shows, also where only their beginnings are.
func (s *session) real(text string) string {
	for shown, real := range s.ids {
		text = strings.NewReplacer(shown, real, shown[:6], real[:6]).Replace(text)
	}
	return text
}

var (
	id = regexp.MustCompile(`[A-Z2-7]{26}`)
	// varies is what differs from one run to the next: the dots that a document writes
	// for what it leaves out, ids, times, how long an order took, the tag of an answer
	// and the figures of go test.
	varies = regexp.MustCompile(`…|` + id.String() + `|\d{4}-\d\d-\d\dT[\d:.]+Z|\d\d:\d\d:\d\d\.\d{3}|\d+\.\d\ds|after[\d.ms]+s|Etag:"[\w-]+"|\d{10}\.\d+|0\.\d+s|\(cached\)`)
)

// pattern returns what a command has to print, as a regular expression for the text
// without its white space, and the new ids in it, each of which is a group.
func (s *session) pattern(shown string) (_ *regexp.Regexp, ids []string) {
	shown = squeezed(s.real(shown))
	known := slices.Collect(maps.Values(s.ids))
	var p strings.Builder
	end := 0
	for _, at := range varies.FindAllStringIndex(shown, -1) {
		p.WriteString(regexp.QuoteMeta(shown[end:at[0]]))
		switch v := shown[at[0]:at[1]]; {
		case slices.Contains(known, v):
			p.WriteString(v)
		case !id.MatchString(v):
			p.WriteString(`.*?`)
		case slices.Contains(ids, v):
			p.WriteString(id.String())
		default:
			p.WriteString("(" + id.String() + ")")
			ids = append(ids, v)
		}
		end = at[1]
	}
	return regexp.MustCompile(`^` + p.String() + regexp.QuoteMeta(shown[end:]) + `$`), ids
}

// squeezed returns a text without white space, so that a document may break lines
// where a program does not.
func squeezed(text string) string { return strings.Join(strings.Fields(text), "") }
