// The texts of the page.
import { hasEnded } from './path.js';
import statuses from './statuses.js';

// What can go wrong, by the API's errorOnStep: a title and a hint.
export const faults = [
  ['Nothing goes wrong', 'paid, cooked, delivered'],
  ['The order is not accepted', 'before any money moves'],
  ['The payment is declined', 'no money moves'],
  ['Adding loyalty points fails', 'the pizza still arrives'],
  ['The kitchen fails', 'after payment, so you get a refund'],
  ['The delivery fails', 'after payment and cooking, so you get a refund'],
  ['The refund fails', 'after the kitchen fails'],
  ['Taking back the points fails', 'after the kitchen fails'],
];

export const wish = (fault) => (fault === 100 ? 'All eight at once' : faults[fault]?.[0] ?? '');

export const seconds = (n) => (n === 0 ? 'no time' : n === 1 ? '1 second' : `${n} seconds`);

const clock = new Intl.DateTimeFormat(undefined, { hour: '2-digit', minute: '2-digit', second: '2-digit', hourCycle: 'h23' });

export const time = (at) => clock.format(new Date(at));

export const date = (at) => new Date(at).toLocaleString(undefined, { dateStyle: 'short', timeStyle: 'short', hourCycle: 'h23' });

export const unknown = 'Order not found.';

// ended says how many of several orders have ended.
export const ended = (n, all) => (n === all ? `All ${all === 8 ? 'eight' : all} have ended.` : `${n} of ${all} have ended.`);

const has = (order, status) => order.timeline.some((e) => e.status === status);
const unfinished = (order) => !hasEnded(order);

// goingBack reports whether the order's refund has begun.
export const goingBack = (order) => order.payment.startsWith('REFUND');

// canCancel reports whether a cancellation would be accepted.
export const canCancel = (order) => Boolean(statuses[order.status]?.cancel) && !order.cancelRequestedAt && !goingBack(order);

// headline describes the order's current state in one line.
export function headline(order) {
  const { status, payment, loyalty } = order;
  if (unfinished(order) && order.cancelRequestedAt) return `Your order is being cancelled.${payment === 'REFUNDED' ? ' You have your money back.' : ''}`;
  if (status === 'CANCELLED' && payment === 'REFUNDED' && order.cancelRequestedAt) return 'Cancelled. You have your money back.';
  const { headline = status, headlineWith = {} } = statuses[unfinished(order) && goingBack(order) ? 'ROLLING_BACK' : status] ?? {};
  return Object.entries(headlineWith).find(([s]) => s === payment || s === loyalty)?.[1] ?? headline;
}

// tone says how the order has ended: good, undone or bad.
export const tone = (order) => statuses[order.status]?.tone ?? '';

// What happens to a failed task.
function waits(order, queue, task) {
  if (order.deadLetters?.includes(queue)) return `${task} has to be retried`;
  return `${task} failed and will not be retried; ask the shop`;
}

const whatFailed = {
  submitOrder: 'The shop could not start the order',
  createOrder: 'The shop could not accept the order',
  processPayment: 'The payment failed',
  prepareOrder: 'The kitchen failed',
  processOrder: 'The delivery failed',
};

// cause says why an order is rolled back.
function cause(order) {
  if (order.cancelRequestedAt) return 'You cancelled it.';
  const { step, at } = order.failure ?? {};
  if (step) return `${whatFailed[step] ?? `The step “${spaced(step)}” failed`} at ${time(at)}.`;
  return goingBack(order) ? 'A step after the order was accepted failed.' : '';
}

const uncharged = 'Nothing was charged and nothing was cooked, so there was nothing to undo.';

// story explains in sentences what failed, and what is or was undone. money and points
// describe the result for the customer.
export function story(order) {
  const { status, payment, loyalty } = order;
  const begin = [cause(order), order.handedOver ? 'The pizza had already left the kitchen.' : ''];
  if (unfinished(order)) {
    if (!goingBack(order)) return order.cancelRequestedAt ? [...begin, 'The next step will stop, and the earlier steps will be undone.'] : [];
    const refund = payment === 'REFUNDED' ? 'The payment was refunded.' : 'The payment is being refunded now.';
    return [...begin, refund, loyalty === 'ADDED' ? 'Next, the points will be taken back.' : ''];
  }
  if (tone(order) === 'good') return loyalty === 'ADD_FAILED' ? ['The pizza arrives even if the points cannot be added. The shop still owes you the points.'] : [];
  if (status === 'PAYMENT_FAILED' && payment !== 'DECLINED') return ['It was unclear whether you had been charged, so the payment was refunded.'];
  if (['NONE', 'DECLINED'].includes(payment)) return [...begin, uncharged];
  if (status === 'CANCELLED') return [...begin, `The payment was refunded${loyalty === 'RECLAIMED' ? ', and the points were taken back' : '; no points had been added'}.`];
  if (!order.deadLetters) return begin;
  if (payment === 'REFUND_FAILED') return [...begin, 'The refund was tried several times and failed. The shop has to try again before you get your money.'];
  return loyalty === 'RECLAIM_FAILED' ? [...begin, 'You have your money. The shop has to try again to take back the points; you need not do anything.'] : begin;
}

// money and points say where each is, whatever the order's status. For a failure, the
// path of the order is more up to date than its record.
export function money(order, way) {
  const shop = has(order, 'PAYMENT_COMPLETE') ? 'Still with the shop' : 'Possibly with the shop';
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
      if (failed(way, 'ReclaimLoyaltyPoints')) return 'Added; taking them back failed';
      return order.status === 'ROLLBACK_FAILED' ? 'Added, and not taken back' : 'Added';
    case 'ADD_FAILED': return goingBack(order) ? 'None were added' : `Not added yet: ${waits(order, 'AddLoyaltyPoints', 'adding them')}`;
    case 'RECLAIMED': return 'Taken back';
    case 'RECLAIM_FAILED': return `Not settled yet: ${waits(order, 'ReclaimLoyaltyPoints', 'taking them back')}`;
    default:
      if (unfinished(order) && failed(way, 'AddLoyaltyPoints')) return 'Not added: the step failed';
      if (order.status === 'ROLLBACK_FAILED') return 'None recorded';
      return unfinished(order) ? (goingBack(order) ? 'Being checked' : 'None yet') : 'None were added';
  }
}

const failed = (way, state) => way?.get(state)?.mark === 'failed';

// owed says what a dead letter means.
export function owed({ queue, order }) {
  if (!order) return 'The order of this letter was not found, so the letter cannot be redriven.';
  if (unfinished(order)) return 'The order is still in progress. Redrive this letter after the order has ended.';
  if (queue === 'RefundPayment' && order.payment === 'REFUND_FAILED') return 'The refund failed: the shop owes the customer the money.';
  if (queue === 'AddLoyaltyPoints' && order.loyalty === 'ADD_FAILED') return 'The pizza was delivered, but the shop owes the customer the points.';
  if (queue === 'ReclaimLoyaltyPoints' && order.loyalty === 'RECLAIM_FAILED') return 'The customer was refunded, but may still have the points.';
  return 'Nothing is owed any more. Redriving deletes the letter.';
}

// spaced writes a state or a step as words: "Refund payment".
export function spaced(name) {
  const words = name.replace(/([a-z])([A-Z])/g, '$1 $2').split(' ').map((w) => (w === w.toUpperCase() ? w : w.toLowerCase())).join(' ');
  return words[0].toUpperCase() + words.slice(1);
}
