package console

import (
	"io"
	"os"
)

// paint colours text, if true.
type paint bool

// paintFor colours output to a terminal, unless NO_COLOR is set (https://no-color.org).
func paintFor(out io.Writer) paint {
	file, ok := out.(*os.File)
	if !ok || os.Getenv("NO_COLOR") != "" {
		return false
	}
	info, err := file.Stat()
	return paint(err == nil && info.Mode()&os.ModeCharDevice != 0)
}

func (p paint) bold(s string) string  { return p.wrap("\x1b[1m", s) }
func (p paint) dim(s string) string   { return p.wrap("\x1b[2m", s) }
func (p paint) red(s string) string   { return p.wrap("\x1b[31m", s) }
func (p paint) green(s string) string { return p.wrap("\x1b[32m", s) }

func (p paint) wrap(code, s string) string {
	if !p {
		return s
	}
	return code + s + "\x1b[0m"
}
