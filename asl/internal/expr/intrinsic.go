package expr

// intrinsic is an intrinsic function.
type intrinsic struct {
	min, max int // number of arguments; a max of -1 is no limit
	properties
	apply func(args []any) (any, error)
}

type properties byte

const (
	// returnsText means that AWS allows the function in ErrorPath and CausePath.
	//
	// https://docs.aws.amazon.com/step-functions/latest/dg/state-fail.html
	returnsText properties = 1 << iota

	// takesTemplate means that the first argument is a string with a {} for each of the
	// other arguments.
	takesTemplate

	// isRandom means that the source of random values is passed as the last argument.
	isRandom
)

func (p properties) has(one properties) bool { return p&one != 0 }

// intrinsicPrefix is the prefix of the names of intrinsic functions.
const intrinsicPrefix = "States."

// intrinsics are all intrinsic functions:
// https://docs.aws.amazon.com/step-functions/latest/dg/intrinsic-functions.html
var intrinsics = map[string]intrinsic{
	"States.Array":          {0, -1, 0, array},
	"States.ArrayContains":  {2, 2, 0, arrayContains},
	"States.ArrayGetItem":   {2, 2, returnsText, arrayGetItem},
	"States.ArrayLength":    {1, 1, 0, arrayLength},
	"States.ArrayPartition": {2, 2, 0, arrayPartition},
	"States.ArrayRange":     {3, 3, 0, arrayRange},
	"States.ArrayUnique":    {1, 1, 0, arrayUnique},
	"States.Base64Decode":   {1, 1, returnsText, base64Decode},
	"States.Base64Encode":   {1, 1, returnsText, base64Encode},
	"States.Format":         {1, -1, returnsText | takesTemplate, format},
	"States.Hash":           {2, 2, returnsText, hash},
	"States.JsonMerge":      {3, 3, 0, jsonMerge},
	"States.JsonToString":   {1, 1, returnsText, jsonToString},
	"States.MathAdd":        {2, 2, 0, mathAdd},
	"States.MathRandom":     {2, 3, isRandom, mathRandom},
	"States.StringSplit":    {2, 2, 0, stringSplit},
	"States.StringToJson":   {1, 1, 0, stringToJSON},
	"States.UUID":           {0, 0, returnsText | isRandom, newUUID},
}

// errArguments is the error for any argument of the wrong type or size. AWS has no other
// message for these.
const errArguments = cause("Invalid arguments")

// maxTextBytes is the limit for a string that a function returns. The limit for a state's
// output is lower.
const maxTextBytes = 1 << 20
