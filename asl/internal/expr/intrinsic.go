package expr

// intrinsic is one of the States.… functions. max is -1 if any number of arguments
// may follow.
type intrinsic struct {
	min, max int
	apply    func(args []any) (any, error)
}

// intrinsics are all of them:
// https://docs.aws.amazon.com/step-functions/latest/dg/intrinsic-functions.html
var intrinsics = map[string]intrinsic{
	"States.Array":          {0, -1, array},
	"States.ArrayContains":  {2, 2, arrayContains},
	"States.ArrayGetItem":   {2, 2, arrayGetItem},
	"States.ArrayLength":    {1, 1, arrayLength},
	"States.ArrayPartition": {2, 2, arrayPartition},
	"States.ArrayRange":     {3, 3, arrayRange},
	"States.ArrayUnique":    {1, 1, arrayUnique},
	"States.Base64Decode":   {1, 1, base64Decode},
	"States.Base64Encode":   {1, 1, base64Encode},
	"States.Format":         {1, -1, format},
	"States.Hash":           {2, 2, hash},
	"States.JsonMerge":      {3, 3, jsonMerge},
	"States.JsonToString":   {1, 1, jsonToString},
	"States.MathAdd":        {2, 2, mathAdd},
	"States.MathRandom":     {2, 3, mathRandom},
	"States.StringSplit":    {2, 2, stringSplit},
	"States.StringToJson":   {1, 1, stringToJSON},
	"States.UUID":           {0, 0, newUUID},
}

// errArguments is the answer to arguments of a wrong kind or size; AWS says no more
// than that.
const errArguments = cause("Invalid arguments")

// maxTextBytes bounds the text that one function makes. It is well above what a
// state may hand on.
const maxTextBytes = 1 << 20
