package asl

import (
	"errors"
	"testing"

	"github.com/stretchr/testify/require"
)

// FuzzPath compiles any text as a path and applies it to any document. What a
// path gives, and what it says, does not change from one time to the next.
func FuzzPath(f *testing.F) {
	const document = `{"a":[{"x":1},{"x":[2,null]}],"b":{"c":"d"}}`
	for _, seed := range []string{
		"$", "$$.a", "$v.x", "$.a[0].x", "$['a']['x']", "$.a[*].x", "$..x", "$.a[?(@.x == 1)]", "$.a[0,1]", "$['a','b']", "$.a[1:]",
		"$.a.length()", "$..*..*", "$.a[?(@.x =~ /a+/ || !(@.y in [1,'b']))]", "$.a[?(@.x == $.b.c)]", "$.a[-1]",
	} {
		f.Add(seed, document)
	}
	f.Fuzz(func(t *testing.T, text, document string) {
		p, err := compilePath(text)
		if err != nil {
			require.NotEmpty(t, err.Error())
			return
		}
		v, err := decode([]byte(document))
		if err != nil {
			return
		}
		s := &scope{input: v, context: func() any { return v }, vars: &variables{values: map[string]any{"v": v}}}
		found, err := p.get(s)
		again, err2 := p.get(s)
		require.Equal(t, err, err2)
		if err != nil {
			var failure *runtimeError
			require.True(t, errors.As(err, &failure))
			return
		}
		require.Equal(t, string(encode(found)), string(encode(again)))
		if r, err := compileRefPath(text); err == nil {
			if output, err := r.set(v, "new"); err == nil {
				put, err := p.get(&scope{input: output})
				require.NoError(t, err)
				require.Equal(t, "new", put)
			}
		}
	})
}

// FuzzIntrinsic compiles any text as an expression and evaluates it.
func FuzzIntrinsic(f *testing.F) {
	for _, seed := range []string{
		"States.Array(1, 'a', $.x, null)", "States.ArrayPartition($.l, 2)", "States.ArrayContains($.l, 1)", "States.ArrayRange(1, 9, 2)",
		"States.ArrayGetItem($.l, 0)", "States.ArrayLength($.l)", "States.ArrayUnique($.l)", "States.Base64Encode($.s)",
		"States.Base64Decode('YQ==')", "States.Hash($.s, 'MD5')", "States.JsonMerge($.o, $.o, false)", "States.MathRandom(1, 9, 3)",
		"States.MathAdd(-1.5, 2e3)", "States.StringSplit('a,b', ',')", "States.UUID()", "States.Format('{} \\{ \\'', $.s)",
		"States.StringToJson('[1]')", "States.JsonToString($)", "States.Format($.s, States.Array($$.x[?(@.y)], $v))",
	} {
		f.Add(seed, `{"l":[1,[2],"a"],"s":"a{}","o":{"k":1}}`)
	}
	f.Fuzz(func(t *testing.T, text, document string) {
		e, err := compileExpression(text)
		if err != nil {
			require.NotEmpty(t, err.Error())
			return
		}
		v, err := decode([]byte(document))
		if err != nil {
			return
		}
		s := &scope{input: v, context: func() any { return v }, vars: &variables{values: map[string]any{"v": v}}}
		result, err := e.field(s, "field.$")
		if err != nil {
			var failure *runtimeError
			require.True(t, errors.As(err, &failure))
			return
		}
		_, err = decode(encode(result))
		require.True(t, err == nil || size(result) > len(document), "%v", err)
	})
}
