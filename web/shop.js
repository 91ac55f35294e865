// The shop's API.
import { executionEnded, hasEnded } from './path.js';

const slowest = 10_000; // milliseconds between requests

// Away is thrown when the shop does not respond now, but may later.
export class Away extends Error {
  constructor(retryAfter) {
    super('the shop is not responding');
    this.retryAfter = retryAfter; // seconds, 0 if unknown
  }
}

// Refused is thrown when the shop has refused a request. kind is the last part of the
// problem's type.
export class Refused extends Error {
  constructor(status, problem) {
    super(problem.detail || problem.title || `The shop answered with status ${status}.`);
    this.status = status;
    this.kind = (problem.type ?? '').split(':').at(-1);
  }
}

// reason returns why the shop did not do something, with advice if it did not respond. It
// rethrows any other error.
export function reason(error, again) {
  if (error instanceof Away) return `The shop did not respond. ${again}`;
  if (!(error instanceof Refused)) throw error;
  return error.status === 401 ? 'This shop requires a token, which this page does not have. Use the API instead. You can still follow orders here.' : error.message;
}

async function ask(url, options = {}) {
  let response;
  try {
    response = await fetch(url, { signal: AbortSignal.timeout(10_000), ...options });
    if (response.ok) return { response, body: await response.json() };
  } catch {
    throw new Away(0); // no connection, a broken one, or no answer in time
  }
  if (response.status === 429 || response.status >= 500) throw new Away(Number(response.headers.get('Retry-After')) || 0);
  throw new Refused(response.status, await response.json().catch(() => ({})));
}

export function newKey() {
  return crypto.getRandomValues(new Uint32Array(4)).join('-');
}

// place places orders and returns their ids. The same body with the same key is placed
// only once.
export async function place(body, key) {
  const headers = { 'Content-Type': 'application/json', 'Idempotency-Key': key };
  const { body: answer } = await ask('orders', { method: 'POST', headers, body });
  return (answer.orders ?? [answer]).map((o) => o.orderId);
}

// cancel requests the cancellation of an order.
export const cancel = (id) => ask(`orders/${encodeURIComponent(id)}/cancel`, { method: 'POST' });

// The back office of the local program: the newest orders with a status and with ids that
// begin with a text, the dead letters, and the results of redriving one queue or all.
export const orders = async (wanted) => (await ask(`orders?${new URLSearchParams(Object.entries(wanted).filter(([, v]) => v))}`)).body;
export const deadLetters = async () => (await ask('dead-letters')).body.deadLetters;
export const redrive = async (queue) => (await ask(`dead-letters/redrive${queue ? `?queue=${queue}` : ''}`, { method: 'POST', signal: null })).body.queues;

// stepFunctions calls the API of Step Functions, which the local program has.
async function stepFunctions(operation, input) {
  const headers = { 'Content-Type': 'application/x-amz-json-1.0', 'X-Amz-Target': `AWSStepFunctions.${operation}` };
  return (await ask('./', { method: 'POST', headers, body: JSON.stringify(input) })).body;
}

// history returns the events of an order's execution, the first 1,000.
export async function history(id) {
  const { stateMachines: [{ stateMachineArn }] } = await stepFunctions('ListStateMachines', {});
  const executionArn = `${stateMachineArn.replace(':stateMachine:', ':execution:')}:${id}`;
  return (await stepFunctions('GetExecutionHistory', { executionArn, maxResults: 1000 })).events;
}

// look returns an order and the milliseconds until the next request. known has the
// addresses of executions, once they are known; such an address returns the order, too.
async function look(id, known) {
  const { response: { headers }, body } = await ask(known.get(id) ?? `orders/${id}`);
  const offered = /<(.+)>; rel="describedby"/.exec(headers.get('Link'))?.[1];
  if (!offered) return { found: known.has(id) ? body : { order: body }, again: 1000 * (headers.get('Retry-After') ?? 1) };
  known.set(id, offered);
  return look(id, known);
}

const finished = ({ order, events, missing }) => missing || (hasEnded(order) && (!events || executionEnded(events)));

// watch reads the orders until each has ended and has no dead letter, and calls
//   seen(id, {order, events} or {missing: true}) whenever something has changed,
//   away() when the shop does not respond,
//   back() when it responds again.
// It reads as often as the shop says, rarely when nothing changes, and not at all while
// the page is hidden. It returns {stop, hurry}.
export function watch(ids, { seen, away, back }) {
  let open = [...ids];
  let failures = 0;
  let moved = Date.now();
  const last = new Map();
  const known = new Map();
  const ending = new AbortController();
  const { signal } = ending;

  async function visit(id) {
    const { found, again } = await look(id, known).catch((e) => {
      if (e instanceof Refused && e.status === 404) return { found: { missing: true }, again: slowest };
      throw e;
    });
    if (signal.aborted) return 0;
    const text = JSON.stringify(found);
    if (last.get(id) !== text) {
      last.set(id, text);
      moved = Date.now();
      seen(id, found);
    }
    if (!finished(found)) return again;
    if (!found.order?.deadLetters) open = open.filter((o) => o !== id);
    return slowest; // a repair may happen at any time
  }

  async function round() {
    const outcomes = await Promise.allSettled(open.map(visit));
    if (signal.aborted) return 0;
    const lost = outcomes.find((o) => o.status === 'rejected')?.reason;
    if (lost && !(lost instanceof Away || lost instanceof Refused)) throw lost;
    if (lost) {
      const patience = Math.min(30_000, 1000 * 2 ** failures++) * (0.5 + Math.random() / 2);
      const pause = Math.max(patience, 1000 * (lost.retryAfter ?? 0));
      away();
      return pause;
    }
    if (failures > 0) {
      failures = 0;
      back();
    }
    if (open.length === 0) ending.abort();
    return Math.max(Math.min(...outcomes.map((o) => o.value)), Math.min(slowest, (Date.now() - moved) / 20));
  }

  return { hurry: repeat(round, signal), stop: () => ending.abort() };
}

// repeat calls round, waits the milliseconds that it returns, and repeats this until the
// signal aborts. It pauses while the page is hidden. It returns a function that ends the
// wait.
export function repeat(round, signal) {
  let timer = 0; // of the next round; 0 if none is scheduled

  async function run() {
    timer = 0;
    next(await round());
  }

  function next(pause) {
    if (!signal.aborted && !document.hidden) timer = setTimeout(run, pause);
  }

  function cancel() {
    clearTimeout(timer);
    timer = 0;
  }

  document.addEventListener('visibilitychange', () => {
    if (document.hidden) cancel();
    else if (!timer) next(0);
  }, { signal });
  signal.addEventListener('abort', cancel);
  run();
  return () => {
    if (!timer) return;
    cancel();
    run();
  };
}
