// Deciding about candidates: what is sent, in which order, and how it is taken back.
//
// Decisions go to the server one after the other, as each is an act that can be taken back only
// while it is the last. Whoever decides does not wait for that.

import { get, post } from './api.js';
import { h } from './dom.js';
import { t } from './text.js';
import { complain, openDialog } from './ui.js';

const AT_ONCE = 100; // candidates that are asked for, and decided about, in one request

/** What each decision sends, and the state that it leads to. */
export const DECISIONS = {
  accept: { verb: 'accept', state: 'accepted' },
  reject: { verb: 'reject', state: 'rejected' },
  never: { verb: 'reject', state: 'rejected', always: true },
  unsure: { verb: 'unsure', state: 'unsure' },
  licensed: { verb: 'licensed', state: 'licensed' },
  shop: { verb: 'licensed', state: 'licensed', shop: true },
  reopen: { verb: 'reopen', state: 'open' },
};

// --- one after the other ---

let tail = Promise.resolve();
let waiting = 0;
let asked = 0;

/** How many changes were asked for on this page. */
export const changesAsked = () => asked;
/** Waits until the server has answered all of them. */
export const changesDone = () => tail;

/* Runs fn when all before it are done. */
function inTurn(fn) {
  waiting++;
  asked++;
  const mine = tail.then(fn).finally(() => { waiting--; });
  tail = mine.catch(() => {});
  return mine;
}

// What was decided is not lost by closing the page at that moment.
addEventListener('beforeunload', (event) => {
  if (waiting)
    event.preventDefault();
});

// --- good faith ---

let confirmed = false; // until the page is closed

/** Asks for what accepting states (17 USC 512(f)), once; true when it is stated. */
export async function confirmGoodFaith(signature) {
  if (!signature) {
    await openDialog(t('inbox.faith.who'), (dialog, close) => [
      h('p', null, t('inbox.faith.no_name')),
      h('div.actions', null,
        h('a.button.primary', { href: '#/settings', autofocus: true, onclick: () => close() }, t('inbox.faith.settings')),
        h('button', { type: 'button', onclick: () => close() }, t('inbox.faith.not_now'))),
    ]);
    return false;
  }
  confirmed ||= Boolean(await openDialog(t('inbox.faith.title'), (dialog, close) => [
    h('p', null, t('inbox.faith.text')),
    h('p', null, t('inbox.faith.as', { name: signature })),
    h('div.actions', null,
      h('button.primary', { type: 'button', autofocus: true, onclick: () => close(true) }, t('inbox.faith.yes')),
      h('button', { type: 'button', onclick: () => close(false) }, t('inbox.faith.not_now'))),
  ]));
  return confirmed;
}

// --- sending ---

const send = ({ verb, always, shop }, candidates, alike) => post('/api/decisions', {
  verb,
  candidates: candidates.map(({ candidate, seen }) => ({ candidate, seen })),
  alike,
  good_faith: verb === 'accept' && confirmed,
  always: Boolean(always),
  shop: Boolean(shop),
});

/** Decides about candidates as they were shown, and about so many more that show the same pictures.
 * Resolves with the reply of POST /api/decisions. */
export const decide = (decision, candidates, alike = 0) => inTurn(() => send(decision, candidates, alike));

/** Decides about many by their numbers, bit by bit: as many as they are, that takes a while. onstep
 * is called with how many are done, and with what the server said; when it returns false, no more
 * are decided about. */
export const decideMany = (decision, ids, onstep) => inTurn(async () => {
  for (let done = 0; done < ids.length;) {
    const some = ids.slice(done, done + AT_ONCE);
    const { candidates } = await get('/api/candidates', { ids: some.join() });
    const reply = candidates.length ? await send(decision, candidates) :
      { act: null, changed: 0, same: 0, candidates: [], problems: [], doubts: null };
    done += some.length;
    if (onstep(done, reply, some.length - candidates.length) === false)
      return;
  }
});

// --- taking back ---

const undoable = []; // {acts, changes: [{id, was}]}, the last decision last

/** Keeps what can be taken back: the acts of one decision, and the states before it. */
export const keepForUndo = (entry) => { undoable.push(entry); };
/** Forgets it, as nothing came of it. */
export const forget = (entry) => {
  const at = undoable.indexOf(entry);
  if (at >= 0)
    undoable.splice(at, 1);
};

/** Takes back what was decided last on this page: {changes, doubts}, or null when there is nothing. */
export const undoLast = () => inTurn(async () => {
  const entry = undoable.at(-1);
  let reply = null;
  while (entry?.acts.length) {
    reply = await post('/api/undo', { act: entry.acts.at(-1) });
    entry.acts.pop();
  }
  if (!entry)
    return null;
  forget(entry);
  return { changes: entry.changes, doubts: reply?.doubts ?? null };
});

/** Says what the server could not do. */
export const sayProblems = (lines) => {
  if (lines.length)
    complain(new Error(lines.length === 1 ? lines[0] : t('inbox.problems', { n: lines.length, first: lines[0] })));
};
