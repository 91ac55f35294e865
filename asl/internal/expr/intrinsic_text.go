package expr

import (
	"crypto/md5"
	"crypto/sha1"
	"crypto/sha256"
	"crypto/sha512"
	"encoding/base64"
	"encoding/binary"
	"encoding/hex"
	"math/rand/v2"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/google/uuid"

	"pizzasaga/asl/internal/jsonvalue"
)

// maxEncodedLength is the limit for the arguments of Base64Encode, Base64Decode and Hash, in
// characters.
const maxEncodedLength = 10_000

// formatParts is a template of States.Format, split at its {}.
type formatParts []string

const errPlaceholders = cause("Invalid arguments in States.Format: " +
	"number of arguments do not match the occurrences of {}.")

// splitFormat splits a template at its {} and replaces its escapes.
func splitFormat(template string) (formatParts, error) {
	parts := formatParts{}
	var part strings.Builder
	for i := 0; i < len(template); i++ {
		switch c := template[i]; c {
		case '\\':
			if i+1 < len(template) && strings.ContainsRune(`'\{}`, rune(template[i+1])) {
				i++
			}
			part.WriteByte(template[i])
		case '{':
			if i++; i == len(template) || template[i] != '}' {
				return nil, cause("Invalid template in States.Format: matching '}' not found for '{'.")
			}
			parts = append(parts, part.String())
			part.Reset()
		case '}':
			return nil, cause("Invalid template in States.Format: matching '{' not found for '}'.")
		default:
			part.WriteByte(c)
		}
	}
	return append(parts, part.String()), nil
}

// format replaces each {} of its first argument with one of the others.
func format(args []any) (any, error) {
	parts, ok := args[0].(formatParts)
	if !ok {
		var err error
		if parts, err = splitFormat(string(appendText(nil, args[0]))); err != nil {
			return nil, err
		}
	}
	if len(parts) != len(args) {
		return nil, errPlaceholders
	}
	text := []byte(parts[0])
	for i, arg := range args[1:] {
		text = append(appendText(text, arg), parts[i+1]...)
		if len(text) > maxTextBytes {
			break
		}
	}
	return string(text), nil
}

// appendText appends a value to a string. As on AWS, arrays and objects are written as in
// Java: {Arg1=1, Arg2=[]}.
func appendText(b []byte, v any) []byte {
	switch v := v.(type) {
	case string:
		return append(b, v...)
	case []any:
		b = append(b, '[')
		for i, item := range v {
			if i > 0 {
				b = append(b, ", "...)
			}
			b = appendText(b, item)
		}
		return append(b, ']')
	case *jsonvalue.Object:
		b = append(b, '{')
		for i, p := range v.Properties() {
			if i > 0 {
				b = append(b, ", "...)
			}
			b = append(append(b, p.Name...), '=')
			b = appendText(b, p.Value)
		}
		return append(b, '}')
	}
	return jsonvalue.Append(b, v)
}

// stringSplit splits at every character of its second argument and drops empty parts.
func stringSplit(args []any) (any, error) {
	text, ok := args[0].(string)
	delimiters, ok2 := args[1].(string)
	if !ok || !ok2 {
		return nil, errArguments
	}
	list := []any{}
	for part := range strings.FieldsFuncSeq(text, func(r rune) bool {
		return strings.ContainsRune(delimiters, r)
	}) {
		list = append(list, part)
	}
	return list, nil
}

func base64Encode(args []any) (any, error) {
	text, ok := args[0].(string)
	if !ok || utf8.RuneCountInString(text) > maxEncodedLength {
		return nil, errArguments
	}
	return base64.StdEncoding.EncodeToString([]byte(text)), nil
}

// base64Decode skips characters that are not in the alphabet, stops at the first =, and
// accepts the URL-safe alphabet too.
func base64Decode(args []any) (any, error) {
	text, ok := args[0].(string)
	if !ok || utf8.RuneCountInString(text) > maxEncodedLength {
		return nil, errArguments
	}
	text, _, _ = strings.Cut(text, "=")
	letters := strings.Map(func(r rune) rune {
		switch {
		case r == '-':
			return '+'
		case r == '_':
			return '/'
		case r == '+' || r == '/' || r >= '0' && r <= '9' || r < utf8.RuneSelf && unicode.IsLetter(r):
			return r
		}
		return -1
	}, text)
	if len(letters)%4 == 1 {
		letters = letters[:len(letters)-1]
	}
	decoded, err := base64.RawStdEncoding.DecodeString(letters)
	if err != nil {
		return nil, errArguments
	}
	return jsonvalue.ValidUTF8(string(decoded)), nil
}

// hash accepts any value as its data, as AWS does. The names of algorithms are
// case-sensitive.
func hash(args []any) (any, error) {
	data := appendText(nil, args[0])
	if utf8.RuneCount(data) > maxEncodedLength {
		return nil, errArguments
	}
	var sum []byte
	switch args[1] {
	case "MD5":
		s := md5.Sum(data)
		sum = s[:]
	case "SHA-1":
		s := sha1.Sum(data)
		sum = s[:]
	case "SHA-256":
		s := sha256.Sum256(data)
		sum = s[:]
	case "SHA-384":
		s := sha512.Sum384(data)
		sum = s[:]
	case "SHA-512":
		s := sha512.Sum512(data)
		sum = s[:]
	default:
		return nil, errArguments
	}
	return hex.EncodeToString(sum), nil
}

// newUUID returns a random (version 4) UUID.
func newUUID(args []any) (any, error) {
	random := args[0].(*rand.Rand)
	var id uuid.UUID
	binary.LittleEndian.PutUint64(id[:8], random.Uint64())
	binary.LittleEndian.PutUint64(id[8:], random.Uint64())
	id[6], id[8] = id[6]&0x0f|0x40, id[8]&0x3f|0x80 // version 4, variant 10
	return id.String(), nil
}
