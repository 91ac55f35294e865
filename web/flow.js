// The transitions of the workflow, and a walk through them.

// flow reads a drawing and returns a Map from the name of each state, in sequence, to
//   next     the states that it leads to
//   catches  the states that its failures lead to
//   starts   the first states of its branches
//   within   the state that contains its branch, if any
//   line     an object that all states of one branch share
//   fails    whether it is a Fail state
export function flow(drawing) {
  const all = (selector) => Array.from(drawing.querySelectorAll(selector));
  const states = new Map(all('[data-state]').map((g) => [g.dataset.state, {
    next: [], catches: [], starts: [], within: g.parentNode.dataset.branchOf, line: g.parentNode, fails: g.classList.contains('Fail') }]));
  for (const e of all('[data-from]')) states.get(e.dataset.from)[e.classList.contains('catch') ? 'catches' : 'next'].push(e.dataset.to);
  for (const b of all('[data-branch-of]')) states.get(b.dataset.branchOf).starts.push(b.querySelector('[data-state]').dataset.state);
  return states;
}

// way returns the states from one to another, or to the end of its branch, or undefined
// if only a failure leads there.
function way(states, from, to, passed = []) {
  if (passed.includes(from)) return undefined;
  const { next } = states.get(from);
  passed = [...passed, from];
  return from === to || (!to && next.length === 0) ? passed : next.map((s) => way(states, s, to, passed)).find(Boolean);
}

// Walk goes through a flow: it marks the states that lie on the path of the given steps.
export class Walk {
  path = new Map();

  constructor(states) {
    this.states = states;
    this.enter(states.keys().next().value);
  }

  mark(state, m) { this.path.set(state, { mark: m, retries: 0 }); }

  has(state, ...marks) { return marks.includes(this.path.get(state)?.mark); }

  enter(state) {
    if (this.path.has(state)) return;
    const { fails, starts } = this.states.get(state);
    this.mark(state, fails ? 'failed' : 'running');
    for (const s of starts) this.enter(s);
  }

  // finish marks a state and its branches as done.
  finish(state) {
    const { starts } = this.states.get(state);
    for (const s of starts.flatMap((s) => way(this.states, s))) this.finish(s);
    if (!this.has(state, 'failed')) this.mark(state, 'done');
  }

  stop(state) {
    this.stopInside(state);
    if (this.has(state, 'running')) this.mark(state, 'stopped');
  }

  stopInside(state) {
    for (const s of [...this.path.keys()]) if (this.states.get(s).within === state) this.stop(s);
  }

  // reach finishes the running states of a state's branch that lead to it. The others
  // were stopped by a failure.
  reach(state) {
    for (const s of [...this.path.keys()]) {
      if (s === state || this.states.get(s).line !== this.states.get(state).line || !this.has(s, 'running', 'stopped')) continue;
      const passed = way(this.states, s, state);
      if (passed) for (const p of passed.slice(0, -1)) this.finish(p);
      else this.stop(s);
    }
  }

  // take reaches a step that has succeeded or is still running.
  take(state, goesOn) {
    this.reach(state);
    this.mark(state, goesOn ? 'running' : 'done');
    if (!goesOn) for (const s of this.states.get(state).next) this.enter(s);
  }

  // fail reaches a step that has failed. If nothing catches the failure, or only to fail
  // the branch, the state that contains the branch fails, too.
  fail(state) {
    this.reach(state);
    this.mark(state, 'failed');
    const { catches, within } = this.states.get(state);
    const end = catches.find((s) => this.states.get(s).fails);
    if (!within || (catches.length > 0 && !end)) return;
    if (!end) this.stopInside(within);
    this.fail(end ?? within);
  }
}
