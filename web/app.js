// The page: a form for placing orders, a list of placed orders, and the order in the
// address.
import { $, h, setText } from './dom.js';
import { learn, remember, remembered } from './memory.js';
import { office } from './office.js';
import { hasEnded } from './path.js';
import { Away, cancel, history, newKey, place, reason, watch } from './shop.js';
import * as view from './view.js';
import * as words from './words.js';

const form = $('#form');
const main = $('#main');
const all = 100; // the errorOnStep that places all eight orders

// The form.

function drawForm() {
  $('#faults').append(...words.faults.map(([title, hint], fault) => h('label', {},
    h('input', { type: 'radio', name: 'fault', value: fault, checked: fault === 0 }),
    h('span', {}, title, h('small', {}, hint)))));
  const delay = $('#delay');
  const tell = () => {
    setText($('#delay-words'), words.seconds(Number(delay.value)));
    delay.setAttribute('aria-valuetext', words.seconds(Number(delay.value)));
  };
  delay.addEventListener('input', tell);
  tell();
}

// One intended order has one key. It survives attempts without an answer, so that a retry
// cannot order twice, and the second click of a double click.
let intention;
let again = false; // whether the latest click is the second of a double click
let sending = false;

form.addEventListener('input', () => refuse(''));
form.addEventListener('click', (e) => { again = e.detail > 1; });

form.addEventListener('submit', async (e) => {
  e.preventDefault();
  if (sending) return;
  const data = new FormData(form);
  const fault = e.submitter?.value === 'all' ? all : Number(data.get('fault') ?? 0);
  const flavour = data.get('flavour').trim();
  if (!flavour) return refuse('Choose a flavour first, such as Margherita.');
  const body = JSON.stringify({ flavour, perStepDelaySeconds: Number(data.get('delay') ?? 0), errorOnStep: fault });
  if (intention?.body !== body || (intention.answered && !again)) intention = { key: newKey(), body, answered: false };
  sending = true;
  refuse('');
  try {
    const ids = await place(body, intention.key);
    if (!intention.answered) remember({ ids, flavour, fault, at: new Date().toISOString() });
    intention.answered = true;
    location.hash = address(ids);
  } catch (error) {
    if (!(error instanceof Away)) intention = undefined;
    refuse(refusal(error));
  } finally {
    sending = false;
  }
});

function refusal(error) {
  if (error.kind === 'invalid-field') return 'The shop cannot read that flavour. Use up to 64 letters, digits and simple signs, without combined emoji or hidden characters.';
  if (error.kind !== 'fault-injection-off') return reason(error, 'Your order may or may not have arrived. Press the same button again without changing anything: it will not be placed twice.');
  form.elements.fault.value = 0;
  form.elements.delay.value = 0;
  form.elements.delay.dispatchEvent(new Event('input'));
  for (const input of [...form.elements.fault, form.elements.delay]) input.disabled = true;
  $('[value=all]', form).disabled = true;
  return 'Nothing was ordered: in this shop, nothing can be made to fail or slow down. Press Order for a normal pizza.';
}

function refuse(text) {
  $('#refusal').hidden = !text;
  setText($('#refusal'), text);
}

// The orders placed in this browser.

const address = (ids) => `#/orders/${ids.join(',')}`;

function drawList() {
  const orders = remembered();
  $('#mine').hidden = orders.length === 0;
  $('#mine ol').replaceChildren(...orders.map((o) => h('li', {},
    h('a', { href: address(o.ids), 'aria-current': location.hash === address(o.ids) ? 'page' : null },
      h('span', {}, `${o.flavour} · ${words.wish(o.fault)}`),
      h('small', {}, `${words.date(o.at)}${o.outcome ? ` · ${o.outcome}` : ''}`)))));
}

// The order in the address.

let watching;
let told = ''; // the last announcement

function announce(text) {
  if (text !== told) setText($('#announcer'), told = text);
}

function open() {
  const [, page, list = ''] = /^#\/(back-office|orders)\/?([\w,-]*)$/.exec(location.hash) ?? [];
  watching?.stop();
  watching = undefined;
  answering();
  const ids = page === 'orders' ? list.split(',').filter(Boolean) : [];
  const backstage = page === 'back-office';
  const home = !backstage && ids.length === 0; // also for unknown addresses
  const shown = home ? view.welcome() : backstage ? office(list) : ids.length === 1 ? view.order(ids[0], { cancel: () => call(ids[0]), history: () => history(ids[0]) }) : view.several(ids);
  $('section', main)?.remove();
  main.append(shown.root);
  $('.columns')[home ? 'prepend' : 'append']($('aside')); // on a narrow screen, the more important part comes first
  drawList();
  catchUp(ids);
  if (ids.length === 0) {
    document.title = shown.title;
    watching = shown.follow?.({ away: silent, back: answering, seen(orders) {
      for (const o of orders.filter(hasEnded)) learn([o.orderId], words.headline(o));
      drawList();
    } });
    return;
  }
  watching = watch(ids, {
    seen(id, look) {
      const { text, ended } = shown.show(id, look);
      document.title = `${text} · Pizza Saga`;
      announce(text);
      if (ended) {
        learn(ids, text);
        drawList();
      }
    },
    away: silent,
    back: () => { answering(); announce(`The shop is back. ${$('h2', main).textContent}`); },
  });
}

// call cancels an order, and returns why it was refused, or ''.
async function call(id) {
  try {
    await cancel(id);
    toTheOrder();
    return '';
  } catch (error) {
    if (error.kind === 'order-not-cancellable') return 'It is too late to cancel: the pizza is already on its way, or the order is already over or being undone.';
    return reason(error, 'Try again: cancelling twice does no harm.');
  } finally {
    watching?.hurry();
  }
}

// catchUp gets the outcomes of the listed orders that had not ended when they were last
// shown, except those shown now.
let catching;

function catchUp(shown) {
  catching?.stop();
  const left = remembered().filter((o) => !o.outcome && o.ids.join() !== shown.join());
  const ends = new Map(); // outcomes by order id
  catching = left.length > 0 ? watch(left.flatMap((o) => o.ids), {
    seen(id, look) {
      if (!look.missing && !hasEnded(look.order)) return;
      ends.set(id, look.missing ? words.unknown : words.headline(look.order));
      const { ids } = left.find((o) => o.ids.includes(id));
      if (!ids.every((i) => ends.has(i))) return;
      learn(ids, ids.length === 1 ? ends.get(id) : words.ended(ids.length, ids.length));
      drawList();
    },
    away() {},
    back() {},
  }) : undefined;
}

// What the page shows while the shop is not responding.

function silent() {
  announce('The shop is not responding.');
  $('#away').hidden = false;
}

function answering() {
  $('#away').hidden = true;
}

$('#away button').addEventListener('click', () => watching?.hurry());
const toTheOrder = () => ($('h2', main) ?? main).focus();

$('#skip').addEventListener('click', toTheOrder);

addEventListener('hashchange', () => {
  $('dialog')?.close();
  open();
  scrollTo(0, 0);
  toTheOrder();
});

drawForm();
open();
if (watching) toTheOrder();
