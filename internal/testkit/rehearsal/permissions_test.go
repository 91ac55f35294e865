package rehearsal

import (
	"encoding/json"
	"slices"

	"github.com/stretchr/testify/require"
)

// policy is a policy of the function's role.
type policy struct {
	role, name string
	document   policyDocument
}

type policyDocument struct {
	Version   string
	Statement []statement
}

type statement struct {
	Sid, Effect string
	Action      []string
	Resource    any
}

// functionPolicy returns the policy of the function's role.
func (s *stack) functionPolicy(t tester) policy {
	t.Helper()
	p := policy{role: s.resource(t, "FunctionRole")}
	var names struct{ PolicyNames []string }
	s.read(t, &names, "iam", "list-role-policies", "--role-name", p.role)
	require.Len(t, names.PolicyNames, 1)
	p.name = names.PolicyNames[0]
	var out struct {
		PolicyDocument struct {
			Version   string
			Statement []struct {
				Sid, Effect      string
				Action, Resource any // one or several
			}
		}
	}
	s.read(t, &out, "iam", "get-role-policy", "--role-name", p.role, "--policy-name", p.name)
	p.document.Version = out.PolicyDocument.Version
	for _, st := range out.PolicyDocument.Statement {
		p.document.Statement = append(p.document.Statement, statement{st.Sid, st.Effect, list(st.Action), st.Resource})
	}
	return p
}

// without returns the policy without an action.
func (p policy) without(action string) policy {
	rest := p
	rest.document.Statement = nil
	for _, st := range p.document.Statement {
		st.Action = slices.DeleteFunc(slices.Clone(st.Action), func(a string) bool { return a == action })
		if len(st.Action) > 0 {
			rest.document.Statement = append(rest.document.Statement, st)
		}
	}
	return rest
}

// put gives the policy to the function's role.
func (s *stack) put(t tester, p policy) {
	t.Helper()
	document, err := json.Marshal(p.document)
	require.NoError(t, err)
	s.run(t, "iam", "put-role-policy", "--role-name", p.role, "--policy-name", p.name, "--policy-document", string(document))
}
