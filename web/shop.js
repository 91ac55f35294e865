// The shop's API.
import { executionEnded, hasEnded } from './path.js';

const quickest = 700; // milliseconds between two looks at an order that moves
const slowest = 10_000;

// Away is thrown when the shop cannot answer now, and may later.
export class Away extends Error {
  constructor(retryAfter) {
    super('the shop does not answer');
    this.retryAfter = retryAfter; // seconds, 0 if not told
  }
}

// Refused is thrown when the shop has answered that it will not: kind is the
// last part of the problem's type.
export class Refused extends Error {
  constructor(status, problem) {
    super(problem.detail || problem.title || `The shop answered with status ${status}.`);
    this.status = status;
    this.kind = (problem.type ?? '').split(':').at(-1);
  }
}

async function ask(url, options = {}) {
  let response;
  try {
    response = await fetch(url, { signal: AbortSignal.timeout(10_000), ...options });
    if (response.ok) return { response, body: await response.json() };
  } catch {
    throw new Away(0); // no connection, cut off, or no answer in time
  }
  if (response.status === 429 || response.status >= 500) throw new Away(Number(response.headers.get('Retry-After')) || 0);
  throw new Refused(response.status, await response.json().catch(() => ({})));
}

export function newKey() {
  return Array.from(crypto.getRandomValues(new Uint8Array(16)), (b) => b.toString(16).padStart(2, '0')).join('');
}

// place orders, and returns the ids. The same body with the same key is the
// same order, however often it is sent.
export async function place(body, key) {
  const headers = { 'Content-Type': 'application/json', 'Idempotency-Key': key };
  const { body: answer } = await ask('orders', { method: 'POST', headers, body });
  return (answer.orders ?? [answer]).map((o) => o.orderId);
}

// look returns the order and, where the shop offers them, the events of its
// execution.
async function look(id) {
  const { response, body: order } = await ask(`orders/${encodeURIComponent(id)}`);
  const offered = /<([^>]+)>;\s*rel="describedby"/.exec(response.headers.get('Link') ?? '')?.[1];
  if (!offered) return { order };
  const { body } = await ask(new URL(offered, response.url)).catch((e) => {
    if (e instanceof Away) throw e;
    return {};
  });
  return { order, events: body?.events };
}

const finished = ({ order, events, missing }) => missing || (hasEnded(order) && (!events?.length || executionEnded(events)));

// watch looks at the orders until each has ended, and calls
//   seen(id, {order, events} or {missing: true}) after each look that found something new,
//   away(milliseconds) when the shop does not answer, with the time to the next try,
//   back() when it answers again.
// It looks often while something moves, rarely when nothing has for long, and
// not at all while nobody sees the page. It returns {stop, hurry}.
export function watch(ids, { seen, away, back }) {
  let open = [...ids];
  let failures = 0;
  let moved = Date.now();
  const last = new Map();
  const ending = new AbortController();
  const { signal } = ending;

  async function visit(id) {
    const found = await look(id).catch((e) => {
      if (e instanceof Refused && e.status === 404) return { missing: true };
      throw e;
    });
    if (signal.aborted) return;
    const text = JSON.stringify(found);
    if (last.get(id) !== text) {
      last.set(id, text);
      moved = Date.now();
      seen(id, found);
    }
    if (finished(found)) open = open.filter((o) => o !== id);
  }

  async function round() {
    const outcomes = await Promise.allSettled(open.map(visit));
    if (signal.aborted) return 0;
    const lost = outcomes.find((o) => o.status === 'rejected')?.reason;
    if (lost && !(lost instanceof Away || lost instanceof Refused)) throw lost;
    if (lost) {
      const patience = Math.min(30_000, 1000 * 2 ** failures++) * (0.5 + Math.random() / 2);
      const pause = Math.max(patience, 1000 * (lost.retryAfter ?? 0));
      away(pause);
      return pause;
    }
    if (failures > 0) {
      failures = 0;
      back();
    }
    if (open.length === 0) ending.abort();
    return Math.min(slowest, Math.max(quickest, (Date.now() - moved) / 20));
  }

  return { hurry: repeat(round, signal), stop: () => ending.abort() };
}

// repeat calls round, waits as many milliseconds as it returns, and calls it
// again, until the signal aborts. It does not call it while nobody sees the page.
// The function that it returns ends the wait.
function repeat(round, signal) {
  let timer = 0; // of the next round; 0 if none is due

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
