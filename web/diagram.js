// The drawing of the workflow, and the path of an order through it.
import { $, h, setText } from './dom.js';
import { flow } from './flow.js';
import { agree, fromExecution, fromOrder } from './path.js';
import * as words from './words.js';

const clone = (id) => document.getElementById(id).content.firstElementChild.cloneNode(true);

const drawn = document.getElementById('workflow').content;
const workflow = flow(drawn);

// Each state gets a mark at its upper left corner and a badge at its upper right corner.
for (const g of drawn.querySelectorAll('[data-state]')) {
  const corners = clone('corners');
  corners.lastElementChild.setAttribute('transform', `translate(${$('rect', g).getAttribute('width')})`);
  g.append(...corners.children);
}

export const legend = () => clone('legend');

// wayOf returns the path of an order, as described in path.js.
export const wayOf = ({ order, events }) => (events?.length ? agree(fromExecution(events), order, workflow) : fromOrder(order, workflow));

// sign returns the symbol for a state's mark, and the class for its colour.
function sign(name, mark) {
  const { classList } = $(`[data-state="${name}"]`, drawn);
  if (mark !== 'done') return [{ failed: '!', stopped: '–' }[mark] ?? '', mark];
  return classList.contains('sqs') ? ['✉\uFE0E', 'sqs'] : classList.contains('caught') ? ['↺', 'caught'] : ['✓', 'done'];
}

const told = (name, { mark, retries }) => `${words.spaced(name)}${mark && `: ${mark}`}${retries ? `, tried ${retries + 1} times` : ''}`;

// diagram returns a drawing of the workflow. show(path) highlights a path on it. After
// show(path, true), each state that was reached can be chosen, which calls open with its
// name.
export function diagram(open) {
  const svg = clone('workflow');
  const states = new Map(Array.from(svg.querySelectorAll('[data-state]'), (g) => [g.dataset.state, g]));
  const edges = Array.from(svg.querySelectorAll('[data-from]'));
  const scroll = h('div', { class: 'scroll', role: 'group', tabindex: '0', 'aria-label': 'Diagram of the workflow' }, svg);
  const hint = h('p', { class: 'hint', hidden: true }, 'Select a marked box to see its input, output and attempts.');
  let latest; // the state that was reached last
  svg.setAttribute('aria-label', 'The workflow: no state has been reached yet.');

  function choose(e) {
    const g = e.target.closest('[role=button]');
    if (!g || (e.type === 'keydown' && e.key !== 'Enter' && e.key !== ' ')) return;
    e.preventDefault();
    open(g.dataset.state);
  }
  svg.addEventListener('click', choose);
  svg.addEventListener('keydown', choose);

  function show(path, choice) {
    hint.hidden = !choice;
    svg.setAttribute('role', choice ? 'group' : 'img');
    for (const [name, g] of states) {
      const { mark = '', retries = 0 } = path.get(name) ?? {};
      g.classList.remove('running', 'done', 'failed', 'stopped');
      if (mark) g.classList.add(mark);
      setText($('.mark text', g), mark ? sign(name, mark)[0] : '');
      setText($('.badge text', g), retries ? `×${retries + 1}` : '');
      setText($('title', g), told(name, { mark, retries }));
      if (!choice || !mark) continue;
      g.setAttribute('role', 'button'); // its title is its name
      g.setAttribute('tabindex', 0);
    }
    for (const e of edges) e.classList.toggle('taken', takes(e, path));
    const reached = states.get([...path.keys()].at(-1));
    if (latest !== reached) scroll.scrollLeft += reached.getBoundingClientRect().x - scroll.getBoundingClientRect().x - scroll.clientWidth / 3;
    latest = reached;
    svg.setAttribute('aria-label', `The workflow. ${[...path].map(([name, s]) => told(name, s)).join('. ')}.`);
  }
  return { figure: h('figure', {}, scroll, hint, legend()), show };
}

// takes reports whether the path follows an edge: from a state that is done, or from a
// failed one to the first state that caught the failure.
function takes(edge, path) {
  const { from, to } = edge.dataset;
  if (!path.has(to)) return false;
  const { mark } = path.get(from) ?? {};
  const { catches } = workflow.get(from);
  const caught = [...path.keys()].find((state) => catches.includes(state));
  if (!edge.classList.contains('catch')) return mark === 'done' || (mark === 'failed' && !caught);
  return mark === 'failed' && caught === to;
}

// labels lists the states of a path with their symbols.
export const labels = (path) => [...path].map(([name, s]) => {
  const [text, tone] = sign(name, s.mark);
  return h('li', { class: tone }, h('b', { 'aria-hidden': 'true' }, text), words.spaced(name), s.retries ? ` ×${s.retries + 1}` : null,
    h('span', { class: 'unseen' }, `: ${s.mark}`));
});
