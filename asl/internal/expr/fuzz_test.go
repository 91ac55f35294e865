package expr

import (
	"errors"
	"testing"

	"github.com/stretchr/testify/require"

	"pizzasaga/asl/internal/jsonvalue"
)

// FuzzPath compiles any text as a path and applies it to any document twice. The results
// must be equal.
func FuzzPath(f *testing.F) {
	const document = `{"a":[{"x":1},{"x":[2,null]}],"b":{"c":"d"}}`
	for _, seed := range []string{
		"$", "$$.Execution.Input.a", "$v.x", "$.a[0].x", "$['a']['x']", "$.a[*].x", "$..x", "$.a[?(@.x == 1)]", "$.a[0,1]", "$['a','b']", "$.a[1:]",
		"$.a.length()", "$..*..*", "$.a[?(@.x =~ /a+/ || !(@.y in [1,'b']))]", "$.a[?(@.x == $.b.c)]", "$.a[-1]",
	} {
		f.Add(seed, document)
	}
	f.Fuzz(func(t *testing.T, text, document string) {
		p, err := CompilePath(text)
		if err != nil {
			require.NotEmpty(t, err.Error())
			return
		}
		v, err := jsonvalue.Decode(document)
		if err != nil {
			return
		}
		s := &Scope{Input: v, Context: func() Context { return Context{Input: v} }, Variables: (*Variables)(nil).Assign(jsonvalue.ObjectOf(jsonvalue.Prop("v", v)))}
		found, err := p.Get(s)
		again, err2 := p.Get(s)
		require.Equal(t, err, err2)
		if err != nil {
			var failure *Error
			require.True(t, errors.As(err, &failure))
			return
		}
		require.Equal(t, string(jsonvalue.Encode(found)), string(jsonvalue.Encode(again)))
		if r, err := CompileReferencePath(text); err == nil {
			if output, err := r.Set(v, "new"); err == nil {
				put, err := p.Get(&Scope{Input: output})
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
		"States.StringToJson('[1]')", "States.JsonToString($)", "States.Format($.s, States.Array($$.Execution.Input.x[?(@.y)], $v))",
	} {
		f.Add(seed, `{"l":[1,[2],"a"],"s":"a{}","o":{"k":1}}`)
	}
	f.Fuzz(func(t *testing.T, text, document string) {
		e, err := compileExpression(text)
		if err != nil {
			require.NotEmpty(t, err.Error())
			return
		}
		v, err := jsonvalue.Decode(document)
		if err != nil {
			return
		}
		s := &Scope{Input: v, Context: func() Context { return Context{Input: v} }, Variables: (*Variables)(nil).Assign(jsonvalue.ObjectOf(jsonvalue.Prop("v", v)))}
		result, err := e.Field(s, "field.$")
		if err != nil {
			var failure *Error
			require.True(t, errors.As(err, &failure))
			return
		}
		_, err = jsonvalue.Decode(jsonvalue.Encode(result))
		require.True(t, err == nil || jsonvalue.Size(result) > len(document), "%v", err)
	})
}
