// The views of orders.
import { diagram, labels, legend, wayOf } from './diagram.js';
import { $, h, setText } from './dom.js';
import { hasEnded, isFailure } from './path.js';
import { open } from './state.js';
import * as words from './words.js';

const fact = (name) => {
  const says = h('span');
  const code = h('code');
  const row = h('div', {}, h('dt', {}, name), h('dd', {}, says, code));
  return { row, show(text, status) { setText(says, text); setText(code, status); } };
};

const after = (from, to) => `${((new Date(to) - new Date(from)) / 1000).toFixed(1)} s`;

function milestone(entry, began) {
  return h('li', { class: isFailure(entry) || entry.error ? 'failed' : null },
    h('time', { datetime: entry.at, title: entry.at }, words.time(entry.at), h('small', {}, ` +${after(began, entry.at)}`)),
    h('span', {}, words.spaced(entry.step), ' ', h('code', {}, entry.status)),
    entry.error ? h('p', {}, h('code', {}, entry.error), entry.cause ? ` ${entry.cause}` : '') : null);
}

// welcome is shown before an order is chosen.
export function welcome() {
  const root = h('section', { class: 'order' }, h('div', { class: 'says' }, h('h2', { tabindex: '-1' }, 'What happens to your pizza'),
    h('p', {}, 'Payment, loyalty points and kitchen are separate systems, so no single transaction can cover an order. ' +
      'Instead, a saga has steps that undo earlier ones: if the kitchen fails after you have paid, you get your money back.'),
    h('p', {}, 'The left of the diagram shows the normal path, the right what happens after a failure. ' +
      'A step that keeps failing leaves a message in a dead letter queue (DLQ, drawn as an envelope). ' +
      ($('#office') ? 'In the back office it can be redriven: the step is tried again.' : 'There it waits until the shop tries the step again.'))), diagram().figure);
  return { root, title: 'Pizza Saga' };
}

// cancelling returns a button that cancels, and a place for the reason if that is
// refused.
function cancelling(cancel) {
  const refusal = h('p', { class: 'refusal', role: 'alert', hidden: true });
  const button = h('button', { type: 'button', hidden: true, async click() {
    const text = await cancel();
    refusal.hidden = !text;
    setText(refusal, text);
  } }, 'Cancel this order');
  return { button, refusal };
}

// order is the view of one order. show(id, found) updates it, and returns its headline
// and whether it has ended. cancel is called to cancel it and returns why that was
// refused; history is called for the events of its execution.
export function order(id, { cancel, history }) {
  const { figure, show: light } = diagram((state) => open(state, history));
  const eyebrow = h('p', { class: 'eyebrow' }, 'Order ', h('code', {}, id));
  const title = h('h2', { tabindex: '-1' }, 'Loading the order…');
  const story = h('p', { class: 'story' });
  const facts = { order: fact('Order'), money: fact('Money'), points: fact('Points') };
  const timeline = h('ol', { class: 'timeline' });
  const { button, refusal } = cancelling(cancel);
  const repair = h('a', { href: `#/back-office/${id}`, hidden: true }, 'Retry the failed step in the back office');
  const where = h('dl', { class: 'facts' }, ...Object.values(facts).map((f) => f.row));
  const details = h('div', { class: 'details' }, h('h3', {}, 'What happened'), timeline);
  const root = h('section', { class: 'order' }, h('div', { class: 'says' }, eyebrow, title, story, button, repair, refusal, where), figure, details);
  const parts = [where, figure, details];
  for (const part of parts) part.hidden = true;

  function show(_, found) {
    for (const part of parts) part.hidden = Boolean(found.missing);
    button.hidden = found.missing || !words.canCancel(found.order);
    if (button.hidden) refusal.hidden = true;
    if (found.missing) {
      setText(title, words.unknown);
      setText(story, 'Check that the link is complete. If the shop was restarted since, the order may be gone: the local shop keeps orders only in memory, unless it is told otherwise. You can place a new one.');
      return { text: words.unknown, ended: true };
    }
    const { order: o } = found;
    const path = wayOf(found);
    eyebrow.replaceChildren(`${o.flavour} · ${words.wish(o.errorOnStep)} · `, h('code', {}, id));
    setText(title, words.headline(o));
    setText(story, words.story(o).filter(Boolean).join(' '));
    root.dataset.tone = words.tone(o);
    const took = after(o.createdAt, o.timeline.at(-1).at);
    facts.order.show(hasEnded(o) ? (took === '0.0 s' ? 'Ended at once' : `Ended after ${took}`) : o.cancelRequestedAt || words.goingBack(o) ? 'Being undone' : 'In progress', o.status);
    facts.money.show(words.money(o, path), o.payment);
    facts.points.show(words.points(o, path), o.loyalty);
    repair.hidden = !hasEnded(o) || !o.deadLetters || !$('#office');
    for (const entry of o.timeline.slice(timeline.children.length)) timeline.append(milestone(entry, o.createdAt));
    light(path, Boolean(found.events));
    return { text: title.textContent, ended: hasEnded(o) };
  }
  return { root, show };
}

// card is the small view of one of several orders.
export function card(id) {
  const title = h('h3', {}, h('a', { href: `#/orders/${id}` }, '…'));
  const outcome = h('p', { class: 'outcome' });
  const path = h('ol', { class: 'legend path', 'aria-label': 'Path through the workflow' });
  const root = h('li', { class: 'card' }, title, outcome, path);

  function show(found) {
    if (found.missing) {
      setText($('a', title), id);
      setText(outcome, words.unknown);
      return true;
    }
    const { order: o } = found;
    setText($('a', title), words.wish(o.errorOnStep));
    setText(outcome, words.headline(o));
    root.dataset.tone = words.tone(o);
    path.replaceChildren(...labels(wayOf(found)));
    return hasEnded(o);
  }
  return { root, show };
}

// several is the view of orders side by side. Its show works like that of order.
export function several(ids) {
  const cards = new Map(ids.map((id) => [id, card(id)]));
  const title = h('h2', { tabindex: '-1' }, ids.length === 8 ? 'All eight, side by side' : 'Side by side');
  const count = h('p', { class: 'story' });
  const root = h('section', { class: 'several' }, h('div', { class: 'says' }, title, count), legend(),
    h('ol', { class: 'cards' }, ...[...cards.values()].map((c) => c.root)));
  const ended = new Set();

  function show(id, found) {
    if (cards.get(id).show(found)) ended.add(id);
    setText(count, words.ended(ended.size, ids.length));
    return { text: count.textContent, ended: ended.size === ids.length };
  }
  return { root, show };
}
