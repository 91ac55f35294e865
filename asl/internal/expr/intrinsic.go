package expr

// intrinsic is one of the States.… functions.
type intrinsic struct {
	min, max int // how many arguments it takes; a max of -1 is any number
	properties
	apply func(args []any) (any, error)
}

type properties byte

const (
	// givesText says that AWS allows the function in ErrorPath and CausePath.
	//
	// https://docs.aws.amazon.com/step-functions/latest/dg/state-fail.html
	givesText properties = 1 << iota
	// takesTemplate says that the first argument is a text whose {} are filled with
	// the other arguments.
	takesTemplate
)

func (p properties) has(one properties) bool { return p&one != 0 }

// intrinsicPrefix begins the name of every intrinsic function.
const intrinsicPrefix = "States."

// intrinsics are all of them:
// https://docs.aws.amazon.com/step-functions/latest/dg/intrinsic-functions.html
var intrinsics = map[string]intrinsic{
	"States.Array":          {0, -1, 0, array},
	"States.ArrayContains":  {2, 2, 0, arrayContains},
	"States.ArrayGetItem":   {2, 2, givesText, arrayGetItem},
	"States.ArrayLength":    {1, 1, 0, arrayLength},
	"States.ArrayPartition": {2, 2, 0, arrayPartition},
	"States.ArrayRange":     {3, 3, 0, arrayRange},
	"States.ArrayUnique":    {1, 1, 0, arrayUnique},
	"States.Base64Decode":   {1, 1, givesText, base64Decode},
	"States.Base64Encode":   {1, 1, givesText, base64Encode},
	"States.Format":         {1, -1, givesText | takesTemplate, format},
	"States.Hash":           {2, 2, givesText, hash},
	"States.JsonMerge":      {3, 3, 0, jsonMerge},
	"States.JsonToString":   {1, 1, givesText, jsonToString},
	"States.MathAdd":        {2, 2, 0, mathAdd},
	"States.MathRandom":     {2, 3, 0, mathRandom},
	"States.StringSplit":    {2, 2, 0, stringSplit},
	"States.StringToJson":   {1, 1, 0, stringToJSON},
	"States.UUID":           {0, 0, givesText, newUUID},
}

// errArguments means that an argument has a wrong kind or size. AWS says no more
// than that.
const errArguments = cause("Invalid arguments")

// maxTextBytes is how long a text a function may return. A state can pass on much
// less.
const maxTextBytes = 1 << 20
