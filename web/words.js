// What the page says, in plain words.
import { hasEnded } from './path.js';
import statuses from './statuses.js';

// What can go wrong, by the API's errorOnStep: a title, and what it leads to.
export const faults = [
  ['Nothing', 'paid, cooked, delivered'],
  ['The order is not accepted', 'before any money moves'],
  ['The payment is declined', 'no money moves'],
  ['Adding loyalty points fails', 'the pizza comes all the same'],
  ['The kitchen fails', 'paid already, so it is undone'],
  ['Sending it out fails', 'paid and cooked, so it is undone'],
  ['The refund fails', 'first the kitchen, then the way back'],
  ['Taking back the points fails', 'first the kitchen, then the way back'],
];

export const wish = (fault) => (fault === 0 ? 'Nothing goes wrong' : fault === 100 ? 'All eight at once' : faults[fault]?.[0] ?? '');

export const seconds = (n) => (n === 0 ? 'no time' : n === 1 ? '1 second' : `${n} seconds`);

const has = (order, status) => order.timeline.some((e) => e.status === status);
const unfinished = (order) => !hasEnded(order);
const goingBack = (order) => order.payment.startsWith('REFUND');

// headline is where the order stands, in one line.
export function headline(order) {
  const { status, payment, loyalty } = order;
  if (unfinished(order) && order.cancelRequestedAt) return `Your order is being cancelled.${payment === 'REFUNDED' ? ' Your money is back.' : ''}`;
  const { headline = status, headlineWith = {} } = statuses[unfinished(order) && goingBack(order) ? 'ROLLING_BACK' : status] ?? {};
  return Object.entries(headlineWith).find(([s]) => s === payment || s === loyalty)?.[1] ?? headline;
}

// tone is how the order has ended: good, undone or bad.
export const tone = (order) => statuses[order.status]?.tone ?? '';

// Where a task that failed lies now.
function waits(order, queue, task) {
  if (order.deadLetters?.includes(queue)) return `${task} waits in the ${queue} dead letter queue`;
  return `${task} is lost: not even its dead letter could be sent, only this record tells of it`;
}

// cause says why an order is undone.
function cause(order) {
  if (order.cancelRequestedAt) return 'You asked to cancel it.';
  if (order.failure) return `The step “${spaced(order.failure.step)}” failed.`;
  return goingBack(order) ? 'A step after the order was accepted failed.' : '';
}

const uncharged = 'Nothing was charged and nothing was cooked, so there was nothing to undo.';

// story is how it came to that, sentence by sentence: what failed, what was
// undone, what is left to do and where it waits.
export function story(order) {
  const { status, payment, loyalty } = order;
  const begin = [cause(order), order.handedOver ? 'The pizza had left the kitchen before.' : ''];
  const points = loyalty === 'NONE' ? 'no points had been added' : 'the points stay as they were';
  if (tone(order) === 'good') {
    return loyalty !== 'ADD_FAILED' ? ['It is paid for, and the points are yours.']
      : ['A failure of the loyalty programme never holds up a pizza.', `The points have not come yet: ${waits(order, 'AddLoyaltyPoints', 'adding them')}.`];
  }
  switch (status) {
    case 'FAILED':
      return [uncharged];
    case 'PAYMENT_FAILED':
      return [payment === 'DECLINED' ? uncharged : 'Whether it had gone through was unknown, so it was taken back. You have your money.'];
    case 'CANCELLED':
      return [...begin, payment === 'NONE' ? uncharged : `You have your money back${loyalty === 'RECLAIMED' ? ', and the points were taken back' : '; no points had been added'}.`];
    case 'ROLLBACK_FAILED':
      if (payment === 'REFUND_FAILED') return [...begin, `Your money has not come back yet: ${waits(order, 'RefundPayment', 'the refund')}, and ${points}.`];
      if (loyalty === 'RECLAIM_FAILED') return [...begin, `You have your money back. Taking back the points failed: ${waits(order, 'ReclaimLoyaltyPoints', 'it')}.`];
      return [...begin, 'A step of the way back was reported as failed, and yet it took effect: money and points stand as shown here.'];
    default:
      if (goingBack(order)) return [...begin, 'What was done is being undone, one step after the other.'];
      return order.cancelRequestedAt ? [...begin, 'The next step finds that, and what was done until then is undone.'] : [];
  }
}

// money and points say where each is, whatever the order's status.
export function money(order) {
  switch (order.payment) {
    case 'PROCESSING': return 'Being charged';
    case 'COMPLETE': return 'With the shop: paid';
    case 'DECLINED': return 'With you: not charged';
    case 'REFUNDING': return 'On its way back to you: the refund has begun';
    case 'REFUNDED': return has(order, 'PAYMENT_COMPLETE') ? 'With you: refunded' : 'With you';
    case 'REFUND_FAILED': return `${has(order, 'PAYMENT_COMPLETE') ? 'Still' : 'Perhaps'} with the shop: ${waits(order, 'RefundPayment', 'the refund')}`;
    default: return unfinished(order) ? 'With you: not charged yet' : 'With you: not charged';
  }
}

export function points(order) {
  switch (order.loyalty) {
    case 'ADDED': return order.status === 'ROLLBACK_FAILED' ? 'Added, and not taken back' : 'Added';
    case 'ADD_FAILED': return goingBack(order) ? 'None were added' : `Not added yet: ${waits(order, 'AddLoyaltyPoints', 'adding them')}`;
    case 'RECLAIMED': return 'Taken back';
    case 'RECLAIM_FAILED': return `Unsettled: ${waits(order, 'ReclaimLoyaltyPoints', 'taking them back')}`;
    default: return unfinished(order) && !goingBack(order) ? 'None yet' : 'None were added';
  }
}

// spaced writes a state or a step as words: "Refund payment".
export function spaced(name) {
  const words = name.replace(/([a-z])([A-Z])/g, '$1 $2').split(' ').map((w) => (w === w.toUpperCase() ? w : w.toLowerCase())).join(' ');
  return words[0].toUpperCase() + words.slice(1);
}
