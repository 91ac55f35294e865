// What an order looks like.
import { $, h, setText } from './dom.js';
import { flow } from './flow.js';
import { fromExecution, fromOrder, hasEnded, isFailure } from './path.js';
import * as words from './words.js';

const clone = (id) => document.getElementById(id).content.firstElementChild.cloneNode(true);

const drawn = document.getElementById('workflow').content;
const workflow = flow(drawn);

// Each state gets a mark on its left upper corner, and a badge on its right one.
for (const g of drawn.querySelectorAll('[data-state]')) {
  const corners = clone('corners');
  corners.lastElementChild.setAttribute('transform', `translate(${$('rect', g).getAttribute('width')})`);
  g.append(...corners.children);
}

const glyphs = { done: '✓', failed: '!', stopped: '–', running: '' };

// diagram is a drawing of the workflow, on which show(path) lights up a path.
function diagram() {
  const svg = clone('workflow');
  const states = new Map(Array.from(svg.querySelectorAll('[data-state]'), (g) => [g.dataset.state, g]));
  const edges = Array.from(svg.querySelectorAll('[data-from]'));
  svg.setAttribute('aria-label', 'The workflow: no state has been reached yet.');

  function show(path) {
    for (const [name, g] of states) {
      const { mark = '', retries = 0 } = path.get(name) ?? {};
      g.classList.remove('running', 'done', 'failed', 'stopped');
      if (mark) g.classList.add(mark);
      const glyph = mark !== 'done' ? glyphs[mark] ?? '' : g.classList.contains('sqs') ? '✉\uFE0E' : g.classList.contains('caught') ? '↺' : '✓';
      setText($('.mark text', g), glyph);
      setText($('.badge text', g), retries ? `×${retries + 1}` : '');
      setText($('title', g), name + (mark && `: ${mark}`) + (retries ? `, tried ${retries + 1} times` : ''));
    }
    for (const e of edges) e.classList.toggle('taken', takes(e, path));
    svg.setAttribute('aria-label', `The workflow. ${told(path)}`);
  }
  return { svg, show };
}

// takes tells whether the path leads along an edge: from a state that is done,
// or to where its failure was caught, the first that was reached.
function takes(edge, path) {
  const { from, to } = edge.dataset;
  if (!path.has(to)) return false;
  const { mark } = path.get(from) ?? {};
  const { catches } = workflow.get(from);
  const caught = [...path.keys()].find((state) => catches.includes(state));
  if (!edge.classList.contains('catch')) return mark === 'done' || (mark === 'failed' && !caught);
  return mark === 'failed' && caught === to;
}

function told(path) {
  const by = (mark) => [...path].filter(([, s]) => s.mark === mark).map(([name, s]) => words.spaced(name) + (s.retries ? ` (tried ${s.retries + 1} times)` : ''));
  return ['done', 'failed', 'stopped', 'running'].map((m) => [m, by(m)]).filter(([, list]) => list.length)
    .map(([m, list]) => `${words.spaced(m)}: ${list.join(', ')}.`).join(' ');
}

const pathOf = ({ order, events }) => (events?.length ? fromExecution(events) : fromOrder(order, workflow));

// retried says which states were tried more than once.
function retried(path) {
  const again = [...path].filter(([, s]) => s.retries).map(([name, s]) => `${words.spaced(name)} was tried ${s.retries + 1} times.`);
  return again.join(' ');
}

const fact = (name) => {
  const says = h('span');
  const code = h('code');
  const row = h('div', {}, h('dt', {}, name), h('dd', {}, says, code));
  return { row, show(text, status) { setText(says, text); setText(code, status); } };
};

const clock = new Intl.DateTimeFormat(undefined, { hour: '2-digit', minute: '2-digit', second: '2-digit', hourCycle: 'h23' });

const after = (from, to) => `${((new Date(to) - new Date(from)) / 1000).toFixed(1)} s`;

function milestone(entry, began) {
  return h('li', { class: isFailure(entry) || entry.error ? 'failed' : null },
    h('time', { datetime: entry.at, title: entry.at }, clock.format(new Date(entry.at)), h('small', {}, ` +${after(began, entry.at)}`)),
    h('span', {}, words.spaced(entry.step), ' ', h('code', {}, entry.status)),
    entry.error ? h('p', {}, h('code', {}, entry.error), entry.cause ? ` ${entry.cause}` : '') : null);
}

function figure(svg) {
  return h('figure', {}, h('div', { class: 'scroll', role: 'group', tabindex: '0', 'aria-label': 'Diagram of the workflow' }, svg), clone('legend'));
}

const guide = [
  ['Down the left', 'the way forward. Inside Fulfil Order two branches run at the same time: the loyalty points, and the kitchen.'],
  ['Dashed lines', 'are taken only when something fails.'],
  ['To the right', 'the way back: what was done is undone, in turn.'],
  ['Envelopes', 'are dead letter queues. What could not be done after several tries waits there.'],
];

// welcome is what stands there before an order is chosen.
export function welcome() {
  const { svg } = diagram();
  const root = h('section', { class: 'order' },
    h('div', { class: 'says' }, h('h2', { tabindex: '-1' }, 'Watch an order, and its undoing.'),
      h('p', {}, 'An order is a row of steps at different services: no single transaction can hold them together. ' +
        'A saga gives a step that matters another that undoes it. If the kitchen fails after the payment, the payment is refunded and the points are taken back.')),
    figure(svg),
    h('div', { class: 'details guide' }, h('h3', {}, 'How to read the diagram'), h('dl', {}, ...guide.map(([term, meaning]) => h('div', {}, h('dt', {}, term), h('dd', {}, meaning))))));
  return { root, title: 'Pizza Saga' };
}

// order is one order: show(found) brings it up to date and returns its headline.
export function order(id) {
  const { svg, show: light } = diagram();
  const eyebrow = h('p', { class: 'eyebrow' }, 'Order ', h('code', {}, id));
  const title = h('h2', { tabindex: '-1' }, 'Looking for the order …');
  const story = h('p', { class: 'story' });
  const facts = { order: fact('Order'), money: fact('Money'), points: fact('Points') };
  const retries = h('p', { class: 'retries' });
  const timeline = h('ol', { class: 'timeline' });
  const details = h('div', { class: 'details' }, h('h3', {}, 'Where things are'),
    h('dl', {}, ...Object.values(facts).map((f) => f.row)), retries, h('h3', {}, 'What happened'), timeline);
  const drawing = figure(svg);
  const root = h('section', { class: 'order' }, h('div', { class: 'says' }, eyebrow, title, story), drawing, details);
  details.hidden = true;

  function show(found) {
    details.hidden = drawing.hidden = Boolean(found.missing);
    if (found.missing) {
      setText(title, 'There is no such order here.');
      setText(story, 'The link may be incomplete, or the shop was restarted: run on a laptop it keeps its orders in memory.');
      return title.textContent;
    }
    const { order: o } = found;
    const path = pathOf(found);
    eyebrow.replaceChildren(`${o.flavour} · ${words.wish(o.errorOnStep)} · `, h('code', {}, id));
    setText(title, words.headline(o));
    setText(story, words.story(o).filter(Boolean).join(' '));
    root.dataset.tone = words.tone(o);
    facts.order.show(hasEnded(o) ? `Ended after ${after(o.createdAt, o.timeline.at(-1).at)}` : 'Under way', o.status);
    facts.money.show(words.money(o), o.payment);
    facts.points.show(words.points(o), o.loyalty);
    setText(retries, retried(path));
    for (const entry of o.timeline.slice(timeline.children.length)) timeline.append(milestone(entry, o.createdAt));
    light(path);
    return title.textContent;
  }
  return { root, show };
}

// card is one order of several, small.
export function card(id) {
  const { svg, show: light } = diagram();
  const title = h('h3', {}, h('a', { href: `#/orders/${id}` }, '…'));
  const outcome = h('p', { class: 'outcome' });
  const facts = { money: fact('Money'), points: fact('Points') };
  const retries = h('p', { class: 'retries' });
  const root = h('li', { class: 'card' }, title, svg, outcome, h('dl', {}, ...Object.values(facts).map((f) => f.row)), retries);
  svg.classList.add('mini');

  function show(found) {
    if (found.missing) {
      setText($('a', title), id);
      setText(outcome, 'There is no such order here.');
      return;
    }
    const { order: o } = found;
    const path = pathOf(found);
    setText($('a', title), words.wish(o.errorOnStep));
    setText(outcome, words.headline(o));
    root.dataset.tone = words.tone(o);
    facts.money.show(words.money(o), o.payment);
    facts.points.show(words.points(o), o.loyalty);
    setText(retries, retried(path));
    light(path);
  }
  return { root, show };
}

// several is a group of orders side by side.
export function several(ids) {
  const cards = new Map(ids.map((id) => [id, card(id)]));
  const title = h('h2', { tabindex: '-1' }, ids.length === 8 ? 'All eight, side by side' : 'Side by side');
  const count = h('p', { class: 'story' });
  const root = h('section', { class: 'several' }, h('div', { class: 'says' }, title, count), clone('legend'),
    h('ol', { class: 'cards' }, ...[...cards.values()].map((c) => c.root)));
  const ended = new Set();

  function show(id, found, hasEnded) {
    cards.get(id).show(found);
    if (hasEnded) ended.add(id);
    const text = ended.size === ids.length ? `All ${ids.length} have ended.` : `${ended.size} of ${ids.length} have ended.`;
    setText(count, text);
    return text;
  }
  return { root, show };
}
