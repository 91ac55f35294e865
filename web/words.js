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

// Of an order whose execution ended before it did: somebody stopped it, or its
// definition does not take an order to its end.
export const stopped = {
  headline: 'The workflow was stopped.',
  story: 'Its execution ended before the order did, so nothing will be carried on or undone by itself. Its record tells what was done until then.',
};

const has = (order, status) => order.timeline.some((e) => e.status === status);
const unfinished = (order) => !hasEnded(order);

// headline is where the order stands, in one line. The path may know of a way
// back before the record does, while a first refund is tried over and over.
export function headline(order, path) {
  const { status, payment, loyalty } = order;
  if (unfinished(order) && payment === 'REFUNDED') return 'Something went wrong. Your money is back.';
  if (unfinished(order) && path.has('RefundPayment')) return 'Something went wrong. The refund is under way.';
  const { headline = status, headlineWith = {} } = statuses[status] ?? {};
  return Object.entries(headlineWith).find(([s]) => s === payment || s === loyalty)?.[1] ?? headline;
}

// tone is how the order has ended: good, undone or bad.
export const tone = (order) => statuses[order.status]?.tone ?? '';

// Where a task that failed lies now.
function waits(order, queue, task) {
  if (order.deadLetters?.includes(queue)) return `${task} waits in the ${queue} dead letter queue`;
  return `${task} is lost: not even its dead letter could be sent, only this record tells of it`;
}

const failures = {
  prepareOrder: 'The kitchen could not prepare the pizza.',
  processOrder: 'The pizza could not be sent out.',
};

// story is how it came to that, sentence by sentence: what failed, what was
// undone, what is left to do and where it waits.
export function story(order) {
  const { status, payment, loyalty, timeline } = order;
  const begin = timeline.map((e) => e.error && failures[e.step]).find(Boolean);
  const cause = begin ?? (payment.startsWith('REFUND') ? 'A step after the order was accepted failed.' : '');
  const points = loyalty === 'NONE' ? 'no points had been added' : 'the points stay as they were';
  if (tone(order) === 'good') {
    return loyalty !== 'ADD_FAILED' ? ['It is paid for, and the points are yours.']
      : ['A failure of the loyalty programme never holds up a pizza.', `The points have not come yet: ${waits(order, 'AddLoyaltyPoints', 'adding them')}.`];
  }
  switch (status) {
    case 'FAILED':
      return ['Nothing was charged and nothing was cooked, so there was nothing to undo.'];
    case 'PAYMENT_FAILED':
      return payment === 'DECLINED' ? ['No money moved and nothing was cooked, so there was nothing to undo.']
        : ['Whether it had gone through was unknown, so it was taken back. You have your money.'];
    case 'CANCELLED':
      return [cause, `You have your money back${loyalty === 'RECLAIMED' ? ', and the points were taken back' : '; no points had been added'}.`];
    case 'ROLLBACK_FAILED':
      if (payment === 'REFUND_FAILED') return [cause, `Your money has not come back yet: ${waits(order, 'RefundPayment', 'the refund')}, and ${points}.`];
      if (loyalty === 'RECLAIM_FAILED') return [cause, `You have your money back. Taking back the points failed: ${waits(order, 'ReclaimLoyaltyPoints', 'it')}.`];
      return [cause, 'A step of the way back was reported as failed, and yet it took effect: money and points stand as shown here.'];
    default:
      return payment.startsWith('REFUND') ? [cause, 'What was done is being undone, one step after the other.'] : [];
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
    case 'ADD_FAILED': return `Not added yet: ${waits(order, 'AddLoyaltyPoints', 'adding them')}`;
    case 'RECLAIMED': return 'Taken back';
    case 'RECLAIM_FAILED': return `Unsettled: ${waits(order, 'ReclaimLoyaltyPoints', 'taking them back')}`;
    default: return unfinished(order) ? 'None yet' : 'None were added';
  }
}

// spaced writes a state or a step as words: "Refund payment".
export function spaced(name) {
  const words = name.replace(/([a-z])([A-Z])/g, '$1 $2').split(' ').map((w) => (w === w.toUpperCase() ? w : w.toLowerCase())).join(' ');
  return words[0].toUpperCase() + words.slice(1);
}
