package asl

import "strings"

// assignment is a name that an Assign sets, for the check that no flow sets one
// of a flow around it.
type assignment struct {
	flow     *flow
	name     string
	position *node
	place    string
}

// reserved is the name of what JSONata knows of a state.
const reserved = "states"

// assignment reads the Assign of a state, a Choice rule or a Catch.
//
// https://docs.aws.amazon.com/step-functions/latest/dg/workflow-variables.html
func (o *stateObject) assignment(holder *object) *template {
	t := holder.template("Assign")
	if t == nil {
		return nil
	}
	n, place := holder.field("Assign"), holder.at("Assign")
	for _, m := range n.members {
		name, at := strings.TrimSuffix(m.name, ".$"), join(place, m.name)
		switch err := checkVariableName(name); {
		case err != nil:
			o.report(m.node, at, "%v", err)
		case name == reserved:
			o.report(m.node, at, "the name %q is reserved", name)
		}
		o.assigned = append(o.assigned, assignment{o.flow, name, m.node, at})
	}
	return t
}

// reassigned reports the variables of a branch or an iteration that a flow
// around it sets, too.
func (l *loader) reassigned() {
	type variable struct {
		flow *flow
		name string
	}
	outer := map[variable]string{}
	for _, a := range l.assigned {
		outer[variable{a.flow, a.name}] = a.place
	}
	for _, a := range l.assigned {
		for around := a.flow.parent; around != nil; around = around.parent {
			if other, ok := outer[variable{around, a.name}]; ok {
				l.report(a.position, a.place, "the variable is %s's: a branch cannot assign what is assigned around it", other)
				break
			}
		}
	}
}
