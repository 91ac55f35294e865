// What the page says, in plain words.
import { hasEnded } from './path.js';
import statuses from './statuses.js';

// What can go wrong, by the API's errorOnStep: a title, and what it leads to.
export const faults = [
  ['Nothing', 'paid, cooked, delivered'],
  ['The order is not accepted', 'before any money moves'],
  ['The payment is declined', 'no money moves'],
  ['Adding loyalty points fails', 'the pizza comes all the same'],
  ['The kitchen fails', 'paid already, so it is refunded'],
  ['Sending it out fails', 'paid and cooked, so it is refunded'],
  ['The refund fails', 'after the kitchen has failed'],
  ['Taking back the points fails', 'after the kitchen has failed'],
];

export const wish = (fault) => (fault === 0 ? 'No failure chosen' : fault === 100 ? 'All eight at once' : faults[fault]?.[0] ?? '');

export const seconds = (n) => (n === 0 ? 'no time' : n === 1 ? '1 second' : `${n} seconds`);

const clock = new Intl.DateTimeFormat(undefined, { hour: '2-digit', minute: '2-digit', second: '2-digit', hourCycle: 'h23' });

export const time = (at) => clock.format(new Date(at));

export const date = (at) => new Date(at).toLocaleString(undefined, { dateStyle: 'short', timeStyle: 'short', hourCycle: 'h23' });

export const unknown = 'There is no such order here.';

// ended tells how many of several orders have ended.
export const ended = (n, all) => (n === all ? `All ${all} have ended.` : `${n} of ${all} have ended.`);

const has = (order, status) => order.timeline.some((e) => e.status === status);
const unfinished = (order) => !hasEnded(order);
const goingBack = (order) => order.payment.startsWith('REFUND');

// canCancel tells whether a cancellation would be accepted.
export const canCancel = (order) => Boolean(statuses[order.status]?.cancel) && !order.cancelRequestedAt && !goingBack(order);

// headline is where the order stands, in one line.
export function headline(order) {
  const { status, payment, loyalty } = order;
  if (unfinished(order) && order.cancelRequestedAt) return `Your order is being cancelled.${payment === 'REFUNDED' ? ' Your money is back.' : ''}`;
  if (status === 'CANCELLED' && payment === 'REFUNDED' && order.cancelRequestedAt) return 'Cancelled. You have your money back.';
  const { headline = status, headlineWith = {} } = statuses[unfinished(order) && goingBack(order) ? 'ROLLING_BACK' : status] ?? {};
  return Object.entries(headlineWith).find(([s]) => s === payment || s === loyalty)?.[1] ?? headline;
}

// tone is how the order has ended: good, undone or bad.
export const tone = (order) => statuses[order.status]?.tone ?? '';

// Where a task that failed lies now.
function waits(order, queue, task) {
  if (order.deadLetters?.includes(queue)) return `${task} waits to be tried again`;
  return `${task} is lost: not even its dead letter could be sent, only this record tells of it`;
}

// cause says why an order is undone.
function cause(order) {
  if (order.cancelRequestedAt) return 'You asked to cancel it.';
  if (order.failure) return `The step “${spaced(order.failure.step)}” failed at ${time(order.failure.at)}.`;
  return goingBack(order) ? 'A step after the order was accepted failed.' : '';
}

const uncharged = 'Nothing was charged and nothing was cooked, so there was nothing to undo.';

// story is how it came to that, sentence by sentence: what failed, and what is or was
// undone. Where that leaves the customer, money and points say.
export function story(order) {
  const { status, payment, loyalty } = order;
  const begin = [cause(order), order.handedOver ? 'The pizza had already left the kitchen.' : ''];
  if (unfinished(order)) {
    if (!goingBack(order)) return order.cancelRequestedAt ? [...begin, 'The next step stops. Then what was done is undone.'] : [];
    const refund = payment === 'REFUNDED' ? 'The payment was refunded.' : 'The payment is being refunded now.';
    return [...begin, refund, loyalty === 'ADDED' ? 'The points are taken back next.' : ''];
  }
  if (tone(order) === 'good') return loyalty === 'ADD_FAILED' ? ['A pizza is delivered even if the loyalty programme fails.'] : [];
  if (status === 'PAYMENT_FAILED' && payment !== 'DECLINED') return ['Nobody could tell whether it had gone through, so it was taken back.'];
  if (['NONE', 'DECLINED'].includes(payment)) return [...begin, uncharged];
  if (status === 'CANCELLED') return [...begin, `The payment was refunded${loyalty === 'RECLAIMED' ? ', and the points were taken back' : '; no points had been added'}.`];
  return begin;
}

// money and points say where each is, whatever the order's status. Of a failure the
// way of the order tells before the record does.
export function money(order, way) {
  const shop = has(order, 'PAYMENT_COMPLETE') ? 'Still with the shop' : 'Perhaps with the shop';
  switch (order.payment) {
    case 'PROCESSING': return 'Being charged';
    case 'COMPLETE': return 'With the shop: paid';
    case 'DECLINED': return 'With you: not charged';
    case 'REFUNDING': return `${shop}: the refund ${failed(way, 'RefundPayment') ? 'failed' : 'is under way'}`;
    case 'REFUNDED': return has(order, 'PAYMENT_COMPLETE') ? 'With you: refunded' : 'With you';
    case 'REFUND_FAILED': return `${shop}: ${waits(order, 'RefundPayment', 'the refund')}`;
    default: return unfinished(order) ? 'With you: not charged yet' : 'With you: not charged';
  }
}

export function points(order, way) {
  switch (order.loyalty) {
    case 'ADDED':
      if (failed(way, 'ReclaimLoyaltyPoints')) return 'Added, and taking them back failed';
      return order.status === 'ROLLBACK_FAILED' ? 'Added, and not taken back' : 'Added';
    case 'ADD_FAILED': return goingBack(order) ? 'None were added' : `Not added yet: ${waits(order, 'AddLoyaltyPoints', 'adding them')}`;
    case 'RECLAIMED': return 'Taken back';
    case 'RECLAIM_FAILED': return `Not settled yet: ${waits(order, 'ReclaimLoyaltyPoints', 'taking them back')}`;
    default:
      if (unfinished(order) && failed(way, 'AddLoyaltyPoints')) return 'Not added: that failed';
      return unfinished(order) && !goingBack(order) ? 'None yet' : 'None were added';
  }
}

const failed = (way, state) => way?.get(state)?.mark === 'failed';

// owed says what a dead letter means.
export function owed({ queue, order }) {
  if (!order) return 'Its order cannot be found.';
  if (unfinished(order)) return 'Its order is still under way. Redrive it once the order has ended.';
  if (queue === 'RefundPayment' && order.payment === 'REFUND_FAILED') return 'The refund failed: the customer is owed the money.';
  if (queue === 'AddLoyaltyPoints' && order.loyalty === 'ADD_FAILED') return 'The pizza was delivered, and the customer is owed the points.';
  if (queue === 'ReclaimLoyaltyPoints' && order.loyalty === 'RECLAIM_FAILED') return 'The customer has the money back, and perhaps still the points.';
  return 'Nothing is owed any more. Redriving it deletes the letter.';
}

// spaced writes a state or a step as words: "Refund payment".
export function spaced(name) {
  const words = name.replace(/([a-z])([A-Z])/g, '$1 $2').split(' ').map((w) => (w === w.toUpperCase() ? w : w.toLowerCase())).join(' ');
  return words[0].toUpperCase() + words.slice(1);
}
