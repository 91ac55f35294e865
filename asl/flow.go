package asl

// flow is a StartAt with its States: the machine itself, a branch of a
// Parallel or the processor of a Map.
type flow struct {
	parent *flow // in one of whose states it is; nil for the machine's
	start  *state
	states map[string]*state
}

// missing is a transition to a name that its flow does not have.
type missing struct {
	node        *node
	place, name string
}

// compileFlow reads StartAt and States from o, which may have other fields.
func (l *loader) compileFlow(o *object, parent *flow) *flow {
	o.text("Comment")
	fl := &flow{parent: parent, states: map[string]*state{}}
	start, named := o.text("StartAt")
	o.required("StartAt")
	if !o.required("States") {
		return fl
	}
	states := l.object(o.field("States"), o.at("States"))
	if states == nil {
		return fl
	}
	if len(states.node.members) == 0 {
		o.wrong("States", "needs at least one state")
		return fl
	}
	for _, m := range states.node.members {
		fl.states[m.name] = &state{name: m.name}
		l.machine.states[m.name] = fl.states[m.name]
		l.name(m, states.at(m.name))
	}
	if named {
		fl.start = l.target(fl, o.field("StartAt"), o.at("StartAt"), start)
	}
	for _, m := range states.node.members {
		if body := l.object(m.node, states.at(m.name)); body != nil {
			l.compileState(&stateObject{body, fl, fl.states[m.name]})
		}
	}
	l.unreachable(fl, states)
	if !fl.ends() {
		o.wrong("States", "no state ends here: one needs End, or has to be a Succeed or a Fail")
	}
	return fl
}

// ends tells whether some state does not lead on.
func (fl *flow) ends() bool {
	for _, st := range fl.states {
		if st.next == nil && (st.kind != "Choice" || len(st.targets) == 0) {
			return true
		}
	}
	return false
}

// name notes a state's name, which no other state of the machine may have.
func (l *loader) name(m member, place string) {
	if n := len([]rune(m.name)); n == 0 || n > 80 {
		l.problems = append(l.problems, l.problem(m.at, place, "a state's name has 1 to 80 characters"))
	}
	if other, taken := l.names[m.name]; taken && other != place {
		l.problems = append(l.problems, l.problem(m.at, place, "the name is taken by "+other))
		return
	}
	if l.names == nil {
		l.names = map[string]string{}
	}
	l.names[m.name] = place
}

// target is the state of fl that a transition names, or nil.
func (l *loader) target(fl *flow, n *node, place, name string) *state {
	if st, ok := fl.states[name]; ok {
		return st
	}
	l.missing = append(l.missing, missing{n, place, name})
	return nil
}

// explainMissing reports the transitions that lead nowhere, once all names are known.
func (l *loader) explainMissing() {
	for _, m := range l.missing {
		if other, ok := l.names[m.name]; ok {
			l.report(m.node, m.place, "%q is %s: a transition cannot leave or enter a branch", m.name, other)
			continue
		}
		l.report(m.node, m.place, "there is no state named %q", m.name)
	}
}

// unreachable reports the states to which nothing leads.
func (l *loader) unreachable(fl *flow, states *object) {
	if fl.start == nil {
		return
	}
	reached := map[*state]bool{fl.start: true}
	for todo := []*state{fl.start}; len(todo) > 0; {
		st := todo[0]
		todo = todo[1:]
		for _, next := range st.targets {
			if !reached[next] {
				reached[next] = true
				todo = append(todo, next)
			}
		}
	}
	for _, m := range states.node.members {
		if !reached[fl.states[m.name]] {
			l.problems = append(l.problems, l.problem(m.at, states.at(m.name), "no state leads here"))
		}
	}
}
