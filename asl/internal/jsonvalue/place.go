package jsonvalue

import (
	"bytes"
	"strconv"
)

// Place is the path to a value in a definition, such as States.Pay.Catch[0].Next. It is
// empty for the whole definition.
type Place string

// Field returns the place of a field of the object at p.
func (p Place) Field(name string) Place {
	switch {
	case !isPlainName(name):
		return p + Place("["+strconv.Quote(name)+"]")
	case p == "":
		return Place(name)
	}
	return p + "." + Place(name)
}

// Item returns the place of an item of the array at p.
func (p Place) Item(index int) Place { return p + Place("["+strconv.Itoa(index)+"]") }

func isPlainName(name string) bool {
	for _, c := range name {
		if c != '_' && c != '-' && (c < '0' || c > '9') && (c < 'A' || c > 'Z') && (c < 'a' || c > 'z') {
			return false
		}
	}
	return name != ""
}

// Position returns the line and the column of an offset in a text. Both count from 1, and
// columns are bytes. An offset after the end of the text is treated as its end.
func Position(text []byte, offset int) (line, column int) {
	before := text[:min(offset, len(text))]
	return 1 + bytes.Count(before, []byte("\n")), len(before) - bytes.LastIndexByte(before, '\n')
}
