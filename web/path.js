// The path of an order through the workflow: a Map from the name of a state to {mark,
// retries}, in the sequence in which the states were reached. A mark is 'running',
// 'done', 'failed' or 'stopped'.
import { Walk } from './flow.js';
import statuses from './statuses.js';

// Only final statuses have a tone.
export const hasEnded = (order) => statuses[order.status]?.tone !== undefined;

// A failed step has the status FAILED or REFUND_FAILED in the timeline. In these three
// steps, it is a status of the order or the points.
export const isFailure = (entry) => entry.status.endsWith('FAILED') && !['notifyCustomer', 'submitOrder', 'recordLoyaltyFailure'].includes(entry.step);

const stateOf = (step) => step[0].toUpperCase() + step.slice(1);

// fromOrder reads the path from the order's timeline, and the states between its entries
// from the workflow's flow. The timeline does not show retries.
export function fromOrder(order, flow) {
  const way = new Walk(flow);
  for (const entry of order.timeline) {
    const state = stateOf(entry.step);
    if (!flow.has(state)) continue; // a step of the customer
    if (isFailure(entry)) {
      way.fail(state);
      if (order.deadLetters?.includes(state)) way.mark(`${state}DLQ`, 'done');
    } else if (entry.status === 'DEAD_LETTER_LOST') {
      way.mark(`${state}DLQ`, 'failed');
      for (const s of flow.get(`${state}DLQ`).catches) way.finish(s);
    } else {
      way.take(state, statuses[entry.status]?.goesOn);
    }
  }
  if (hasEnded(order)) for (const s of way.path.keys()) way.stop(s);
  return way.path;
}

// fromExecution reads the path from the events of the order's execution, which a shop may
// offer: {type, state, error} in sequence.
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

// agree corrects the path of an execution by the order's timeline, which also has steps
// that finished after the execution or were repaired later.
export function agree(path, order, flow) {
  const last = new Map(order.timeline.map((entry) => [stateOf(entry.step), entry]));
  for (const [state, entry] of last) {
    if (!flow.has(state) || isFailure(entry) || entry.status === 'DEAD_LETTER_LOST' || statuses[entry.status]?.goesOn) continue;
    path.set(state, { retries: 0, ...path.get(state), mark: 'done' });
    if (hasEnded(order) && !order.deadLetters?.includes(state)) path.delete(`${state}DLQ`);
  }
  return path;
}

export const executionEnded = (events) => /^Execution(Succeeded|Failed|TimedOut|Aborted)$/.test(events.at(-1)?.type ?? '');
