// The back office: the dead letters and the orders of this shop.
import { $, h, setText } from './dom.js';
import { deadLetters, orders, reason, redrive, repeat } from './shop.js';
import statuses from './statuses.js';
import * as words from './words.js';

const often = 3000; // milliseconds between requests

const link = (id) => h('a', { href: `#/orders/${id}` }, h('code', {}, id));

const letter = (id) => (l) => h('li', { 'aria-current': l.order?.orderId === id && 'true' }, h('p', {}, words.owed(l)), l.order ? link(l.order.orderId) : null,
  h('small', {}, `Sent ${words.date(l.sentAt)}.${l.error ? ` ${l.error}: ${l.cause}` : ''}`));

const row = (o) => h('li', {}, h('a', { href: `#/orders/${o.orderId}` }, h('span', {}, `${o.flavour} · ${words.spaced(o.status.toLowerCase().replaceAll('_', ' '))}`),
  h('small', {}, `${words.date(o.createdAt)} · `, h('code', {}, o.orderId))));

// outcome shows the result of a redrive, letter by letter.
function outcome(queues) {
  const done = queues.flatMap((q) => q.redriven.map((o) => h('li', {}, 'Redriven: ', link(o.orderId), `: the order is ${o.status}, the payment ${o.payment}, the points ${o.loyalty}.`)));
  const kept = queues.flatMap((q) => q.kept.map((k) => h('li', {}, 'Still in the queue: ', k.orderId ? link(k.orderId) : 'a letter', `: ${k.error}.`)));
  const more = queues.some((q) => q.more) ? [h('li', {}, 'Time ran out before everything was done. Redrive again.')] : [];
  const none = h('li', {}, 'Nothing was redriven. Letters that were tried less than a minute ago are skipped.');
  return done.length + kept.length > 0 ? [...done, ...kept, ...more] : [none];
}

// letters is the list of dead letters by queue, which show(all) updates. It highlights
// those of the order with an id.
function letters(id, redriven) {
  const result = h('ul', { class: 'result' });
  const list = h('div');
  const head = h('div');
  const title = h('h3', { tabindex: '-1' }, 'Dead letters');
  const root = h('div', { class: 'letters' }, title, head, h('div', { role: 'status' }, result), list);

  async function press(queue) {
    try {
      result.replaceChildren(...outcome(await redrive(queue)));
    } catch (error) {
      result.replaceChildren(h('li', {}, reason(error, 'Try again: redriving twice does no harm.')));
    }
    redriven();
    result.scrollIntoView({ block: 'nearest' });
  }
  const button = (text, queue) => h('button', { type: 'button', click: () => press(queue) }, text);

  function show(all) {
    if (document.activeElement.matches('.letters button, .queue a')) title.focus(); // it is removed
    const queues = [...Map.groupBy(all, (l) => l.queue)];
    const first = !head.firstChild;
    head.replaceChildren(all.length > 0 ? button('Redrive all') : h('p', {}, 'There are no dead letters. Nothing needs repair.'));
    list.replaceChildren(...queues.map(([queue, waiting]) => h('div', { class: 'queue' }, h('h4', {}, words.spaced(queue), ` (${waiting.length})`),
      h('ul', {}, ...waiting.map(letter(id))), button(`Redrive ${words.spaced(queue).toLowerCase()}`, queue))));
    if (first) $('[aria-current]', list)?.scrollIntoView({ block: 'center' });
  }
  return { root, show };
}

// list is the list of orders, which show({orders, total}) updates. wanted returns the
// filter.
function list(changed) {
  const status = h('select', { id: 'status', change: changed }, h('option', { value: '' }, 'Any'),
    ...Object.keys(statuses).filter((s) => statuses[s].headline).map((s) => h('option', {}, s)));
  const id = h('input', { id: 'id', type: 'search', autocomplete: 'off', spellcheck: 'false', input: changed });
  const count = h('p', { role: 'status' });
  const rows = h('ol', { class: 'list' });
  const root = h('div', {}, h('h3', {}, 'Orders'),
    h('p', { class: 'filter' }, h('label', { for: 'status' }, 'Status'), status, h('label', { for: 'id' }, 'ID begins with'), id), count, rows);

  function show({ orders, total }) {
    setText(count, total > orders.length ? `The newest ${orders.length} of ${total} orders.` : total === 0 ? 'No orders found.' : total === 1 ? '1 order.' : `${total} orders, newest first.`);
    rows.replaceChildren(...orders.map(row));
  }
  return { root, show, wanted: () => ({ status: status.value, id: id.value.trim() }) };
}

// office is the back office. follow keeps it up to date until it is stopped; it calls
// away() when the shop does not respond, back() when it does again, and seen(orders) when
// the listed orders have changed. It highlights the letters of the order with an id.
export function office(id) {
  let now = { hurry() {} };
  const mine = letters(id, () => now.hurry());
  const all = list(() => now.hurry());
  const root = h('section', { class: 'office' },
    h('div', { class: 'says' }, h('h2', { tabindex: '-1' }, 'Back office'), h('p', {}, 'The dead letters and orders of this shop. Redriving a dead letter tries its step again.')), mine.root, all.root);

  function follow({ away, back, seen }) {
    const ending = new AbortController();
    const shown = new Map(); // the current content of each part
    const draw = (part, found) => {
      const text = JSON.stringify(found);
      if (shown.get(part) === text) return;
      shown.set(part, text);
      part.show(found);
      if (found.orders) seen(found.orders);
    };
    async function round() {
      try {
        const wanted = all.wanted();
        const [waiting, found] = await Promise.all([deadLetters(), orders(wanted)]);
        if (ending.signal.aborted) return 0;
        back();
        draw(mine, waiting);
        draw(all, found);
        return JSON.stringify(wanted) === JSON.stringify(all.wanted()) ? often : 0;
      } catch {
        if (!ending.signal.aborted) away();
        return 2 * often;
      }
    }
    now = { hurry: repeat(round, ending.signal), stop: () => ending.abort() };
    return now;
  }
  return { root, title: 'Back office · Pizza Saga', follow };
}
