// Package markdown reads the parts of a document that tests check: its sections
// and its fenced blocks.
package markdown

import (
	"os"
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// Read returns the text of a file.
func Read(t testing.TB, file string) string {
	t.Helper()
	text, err := os.ReadFile(file)
	require.NoError(t, err)
	return string(text)
}

// Section returns what stands below a heading of a file, up to the next heading
// of any level.
func Section(t testing.TB, file, title string) string {
	t.Helper()
	for _, s := range sections(Read(t, file)) {
		if s.title == title {
			return s.text
		}
	}
	require.FailNow(t, "missing section", "%s has no section %q", file, title)
	return ""
}

// Block is a fenced block of a document.
type Block struct {
	Section  string // the text of the section that the block is in
	Before   string // the paragraph before it
	Language string
	Text     string // without the fences
}

// Commands returns the commands of a block that begin with a dollar sign, each
// with what it prints.
func (b Block) Commands() (commands []Command) {
	for part := range strings.SplitSeq("\n"+b.Text, "\n$ ") {
		part = strings.ReplaceAll(strings.Trim(part, "\n"), "\\\n", "")
		if line, printed, _ := strings.Cut(part, "\n"); line != "" {
			commands = append(commands, Command{line, printed})
		}
	}
	return commands
}

// Command is one command of a document, and what it prints.
type Command struct{ Line, Printed string }

var (
	fence   = regexp.MustCompile("(?ms)^```(\\w*)\n(.*?)^```\n")
	heading = regexp.MustCompile(`^#+ (.*)$`)
)

// Blocks returns the fenced blocks of a text, in their order.
func Blocks(text string) (blocks []Block) {
	for _, s := range sections(text) {
		end := 0
		for _, at := range fence.FindAllStringSubmatchIndex(s.text, -1) {
			before := strings.TrimSpace(s.text[end:at[0]])
			if i := strings.LastIndex(before, "\n\n"); i >= 0 {
				before = before[i+2:]
			}
			blocks = append(blocks, Block{s.text, before, s.text[at[2]:at[3]], s.text[at[4]:at[5]]})
			end = at[1]
		}
	}
	return blocks
}

// WithoutBlocks returns the text without its fenced blocks.
func WithoutBlocks(text string) string { return fence.ReplaceAllString(text, "") }

type section struct{ title, text string }

// sections cuts a text at its headings, which are not looked for inside a block.
func sections(text string) []section {
	all, fenced := []section{{}}, false
	for line := range strings.Lines(text) {
		if strings.HasPrefix(line, "```") {
			fenced = !fenced
		}
		if m := heading.FindStringSubmatch(strings.TrimSpace(line)); m != nil && !fenced {
			all = append(all, section{title: m[1]})
			continue
		}
		all[len(all)-1].text += line
	}
	return all
}
