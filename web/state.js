// The details of a state in an execution, like those in the console of Step Functions.
import { $, h } from './dom.js';
import { executionEnded } from './path.js';
import { reason } from './shop.js';
import * as words from './words.js';

// visit reads the history of an execution in the format of the Step Functions API. It
// returns the details of a state's latest visit, or undefined if there was none: {type,
// input, output, error, cause, began, ended, over, attempts}, where an attempt is {began,
// ended, error, cause}. Times are in milliseconds. If over is set without ended, the
// state was stopped.
export function visit(events, name) {
  const states = new Map(); // by the id of an event
  let found;
  for (const e of events) {
    const details = Object.entries(e).find(([key]) => key.endsWith('EventDetails'))?.[1] ?? {};
    const state = details.name ?? states.get(e.previousEventId);
    states.set(e.id, state);
    if (state !== name) continue;
    const at = 1000 * e.timestamp;
    const { error, cause } = details;
    if (e.type.endsWith('StateEntered')) found = { type: e.type.replace('StateEntered', ''), input: details.input, began: at, ended: e.type.startsWith('Fail') ? at : 0, attempts: [] };
    else if (e.type.endsWith('StateExited')) Object.assign(found, { output: details.output, ended: at });
    else if (e.type.endsWith('StateAborted')) Object.assign(found, { error: 'Stopped: another branch failed, or the execution ended.', ended: at });
    else if (e.type === 'ParallelStateFailed') Object.assign(found, { error: 'One of its branches failed.', ended: at });
    else if (e.type.endsWith('Scheduled')) found.attempts.push({ began: at });
    else if (/(Succeeded|Failed|TimedOut)$/.test(e.type)) Object.assign(found.attempts.at(-1) ?? found, { ended: at, error, cause });
  }
  if (found) found.over = found.ended || executionEnded(events);
  return found;
}

const span = (ms) => (ms < 1000 ? `${Math.round(ms)} ms` : `${(ms / 1000).toFixed(1)} s`);
const lasted = ({ began, ended }, over) => (ended ? `, took ${span(ended - began)}` : over ? ', stopped' : ', still running');

// message returns the message in a cause. A function's cause is JSON.
function message(cause) {
  try {
    return JSON.parse(cause).errorMessage ?? cause;
  } catch {
    return cause;
  }
}

const failure = ({ error, cause }) => (error ? h('p', { class: 'cause' }, h('code', {}, error), cause ? ` ${message(cause)}` : '') : null);

function json(title, text) {
  return text === undefined ? [] : [h('h3', {}, title), h('pre', { tabindex: '0', 'aria-label': title }, JSON.stringify(JSON.parse(text), null, 2))];
}

function story(found) {
  if (!found) return [h('p', {}, 'The execution did not enter this state. A repair ran its step later.')];
  const attempts = found.attempts.map((a) => h('li', {}, `${words.time(a.began)}${lasted(a, found.over)}${a.ended && !a.error ? ', succeeded' : ''}`, failure(a)));
  return [h('p', {}, `${found.type} state. Began ${words.time(found.began)}${lasted(found, found.over)}.`), failure(found),
    ...(attempts.length > 0 ? [h('h3', {}, 'Attempts'), h('ol', { class: 'attempts' }, ...attempts)] : []),
    ...json('Input', found.input), ...json('Output', found.output)];
}

// open shows the details of a state, unless another dialog or page has been opened
// meanwhile. history gets the events of its execution.
export async function open(name, history) {
  const here = location.hash;
  let content;
  try {
    content = story(visit(await history(), name));
  } catch (error) {
    content = [h('p', {}, reason(error, 'Close this and try again.'))];
  }
  if ($('dialog') || location.hash !== here) return;
  const dialog = h('dialog', { 'aria-labelledby': 'state', closedby: 'any', close() { dialog.remove(); } },
    h('button', { type: 'button', click() { dialog.close(); } }, 'Close'), h('h2', { id: 'state' }, words.spaced(name)), ...content);
  document.body.append(dialog);
  dialog.showModal();
}
