// What follows what in the workflow, as its drawing has it, and a walk through it.

// flow reads a drawing. It is a Map from the name of each state, the first one
// first, to
//   next     the states that it leads to
//   catches  the states that its failures lead to
//   starts   the states that its branches start with
//   within   the state that it stands in a branch of, if it does
//   line     what the states of one branch have in common
//   fails    whether it does nothing but fail
export function flow(drawing) {
  const all = (selector) => Array.from(drawing.querySelectorAll(selector));
  const states = new Map(all('[data-state]').map((g) => [g.dataset.state, {
    next: [], catches: [], starts: [], within: g.parentNode.dataset.branchOf, line: g.parentNode, fails: g.classList.contains('Fail') }]));
  for (const e of all('[data-from]')) states.get(e.dataset.from)[e.classList.contains('catch') ? 'catches' : 'next'].push(e.dataset.to);
  for (const b of all('[data-branch-of]')) states.get(b.dataset.branchOf).starts.push(b.querySelector('[data-state]').dataset.state);
  return states;
}

// way lists the states of a flow from one to another, or to the end of its branch.
// It is undefined if only a failure leads there.
function way(states, from, to, passed = []) {
  if (passed.includes(from)) return undefined;
  const { next } = states.get(from);
  passed = [...passed, from];
  return from === to || (!to && next.length === 0) ? passed : next.map((s) => way(states, s, to, passed)).find(Boolean);
}

// walk goes through a flow: it marks the states as steps are reached, done or
// failed, and those in between. Its path is a Map from the name of a state to
// {mark, retries}, in the order in which the states were reached.
export function walk(states) {
  const path = new Map();
  const mark = (state, m) => path.set(state, { mark: m, retries: 0 });
  const has = (state, ...marks) => marks.includes(path.get(state)?.mark);
  const inside = (state) => [...path.keys()].filter((s) => states.get(s).within === state);

  function enter(state) {
    if (path.has(state)) return;
    const { fails, starts } = states.get(state);
    mark(state, fails ? 'failed' : 'running');
    starts.forEach(enter);
  }

  // finish has a state done, and its branches to their ends.
  function finish(state) {
    for (const start of states.get(state).starts) way(states, start).forEach(finish);
    if (!has(state, 'failed')) mark(state, 'done');
  }

  function stop(state) {
    inside(state).forEach(stop);
    if (has(state, 'running')) mark(state, 'stopped');
  }

  // reach finishes what was under way in the branch of a state and leads to it. What
  // does not was stopped by a failure.
  function reach(state) {
    for (const s of [...path.keys()]) {
      if (s === state || states.get(s).line !== states.get(state).line || !has(s, 'running', 'stopped')) continue;
      const passed = way(states, s, state);
      if (passed) passed.slice(0, -1).forEach(finish);
      else stop(s);
    }
  }

  // take reaches a step that has succeeded, or goes on.
  function take(state, goesOn) {
    reach(state);
    mark(state, goesOn ? 'running' : 'done');
    if (!goesOn) states.get(state).next.forEach(enter);
  }

  // fail reaches a step that has failed. A failure that nothing catches is that of
  // the state around the branch.
  function fail(state) {
    reach(state);
    mark(state, 'failed');
    const { catches, within } = states.get(state);
    if (!within || catches.length > 0) return;
    inside(within).forEach(stop);
    fail(within);
  }

  enter(states.keys().next().value);
  return { path, mark, finish, stop, take, fail };
}
