// The way of an order through the workflow: a Map from the name of a state to
// {mark, retries}, in the order in which the states were reached. A mark is
// 'running', 'done', 'failed' or 'stopped'.
import statuses from './statuses.js';

// Only the statuses that the workflow is done with have a tone.
export const hasEnded = (order) => statuses[order.status]?.tone !== undefined;

// A step that failed is written down as FAILED; from these two it is the status
// of the order.
export const isFailure = (entry) => entry.status === 'FAILED' && !['notifyCustomer', 'submitOrder'].includes(entry.step);

const stateOf = (step) => step[0].toUpperCase() + step.slice(1);

// fromOrder reads the way from the order's own record. The record says nothing
// of retries, and of a failure only once a later step has written it down.
export function fromOrder(order) {
  const path = new Map();
  const mark = (state, m) => path.set(state, { mark: m, retries: 0 });
  const marked = (state) => path.get(state)?.mark;

  // The kitchen's branch has failed, at the state that it stood at.
  const failKitchen = () => {
    if (marked('CookPizza') === 'running') {
      mark('CookPizza', 'done');
      mark('ProcessOrder', 'failed');
    }
    for (const s of ['ProcessPayment', 'PrepareOrder', 'ProcessOrder', 'FulfilOrder']) {
      if (marked(s) === 'running') mark(s, 'failed');
    }
    for (const s of ['AddLoyaltyPoints', 'DeliverPizza']) {
      if (marked(s) === 'running') mark(s, 'stopped');
    }
  };

  for (const entry of order.timeline) {
    const state = stateOf(entry.step);
    if (isFailure(entry)) {
      if (['prepareOrder', 'processOrder'].includes(entry.step)) failKitchen();
      mark(state, 'failed');
      if (order.deadLetters?.includes(state)) mark(`${state}DLQ`, 'done');
      continue;
    }
    if (entry.status === 'DEAD_LETTER_LOST') {
      mark(`${state}DLQ`, 'failed');
      if (entry.step === 'addLoyaltyPoints') mark('LoyaltyDeadLetterLost', 'done');
      continue;
    }
    if (entry.status === 'REFUNDING') failKitchen();
    if (entry.step === 'submitOrder' && entry.status === 'FAILED') continue; // it was not even started
    for (const [s, m] of Object.entries(statuses[entry.status]?.lights ?? {})) mark(s, m);
  }
  if (hasEnded(order)) {
    for (const [s, { mark: m }] of path) if (m === 'running') mark(s, 'stopped');
  }
  return path;
}

// fromExecution reads the way from the events of the order's execution, which
// a shop may offer: {type, state, error} as they happened.
export function fromExecution(events) {
  const path = new Map();
  for (const { type, state } of events) {
    const at = path.get(state);
    if (type.endsWith('StateEntered')) {
      const fails = type.startsWith('Fail');
      path.set(state, { mark: fails ? 'failed' : 'running', retries: 0, trouble: fails, within: type.startsWith('Parallel') });
    } else if (type === 'ParallelStateFailed') {
      for (const s of path.values()) {
        if (s.mark === 'running') s.mark = s.trouble || s.within ? 'failed' : 'stopped';
      }
    } else if (type.endsWith('StateExited') && at?.mark === 'running') {
      at.mark = at.trouble ? 'failed' : 'done';
    } else if (type.endsWith('StateAborted') && at?.mark === 'running') {
      at.mark = at.trouble ? 'failed' : 'stopped';
    } else if (/^(Task|LambdaFunction)(Failed|TimedOut)$/.test(type) && at) {
      at.trouble = true;
    } else if (/^(Task|LambdaFunction)Scheduled$/.test(type) && at?.trouble) {
      at.trouble = false;
      at.retries++;
    } else if (/^Execution(Failed|TimedOut|Aborted)$/.test(type)) {
      for (const s of path.values()) if (s.mark === 'running') s.mark = 'failed';
    }
  }
  return path;
}

export const executionEnded = (events) => /^Execution(Succeeded|Failed|TimedOut|Aborted)$/.test(events.at(-1)?.type ?? '');
