// The window behind the button: pairs the browser, then looks at the page and tells what is on it.
// Whatever the page or a seller wrote goes in as text.

import { isWeb, look, lookAtAll } from './clip.js';
import * as server from './server.js';

const main = document.querySelector('main');
let words;

function t(name, places) {
  return words[name].replace(/\{(\w+)\}/g, (whole, place) => places?.[place] ?? whole);
}

const given = (children) => children.flat().filter((child) => child !== null && child !== undefined && child !== false && child !== '');

/* As in the page of Knockoff: h('p.quiet', {}, 'text'). */
function h(what, properties, ...children) {
  const [name, ...classes] = what.split('.');
  const element = document.createElement(name);
  element.className = classes.join(' ');
  for (const [key, value] of Object.entries(properties ?? {})) {
    if (key.startsWith('on'))
      element.addEventListener(key.slice(2), value);
    else if (value !== false && value !== undefined && value !== null)
      element.setAttribute(key, value === true ? '' : value);
  }
  element.append(...given(children));
  return element;
}

const show = (...children) => main.replaceChildren(h('h1', null, 'Knockoff'), ...given(children));
const button = (text, run, kind = '') => h(`button${kind}`, { type: 'button', onclick: run }, text);
const open = (url) => chrome.tabs.create({ url }).then(() => window.close());

// --- pairing ---

async function pair(code, problem) {
  const paired = server.readCode(code);
  if (!paired) {
    problem.textContent = t('code_wrong');
    return;
  }
  try {
    const { name } = await server.hello(paired);
    await server.keepPairing({ ...paired, name });
    await start();
  } catch (error) {
    problem.textContent = error.status ? error.message : t('gone', paired);
  }
}

function askForCode(why) {
  const problem = h('p.note.bad', { role: 'alert', hidden: true });
  const code = h('input', { id: 'code', autocomplete: 'off', spellcheck: 'false', 'aria-describedby': 'code-help', required: true });
  const form = h('form', { onsubmit: (event) => {
    event.preventDefault();
    problem.hidden = false;
    pair(code.value, problem);
  } }, h('label', { for: 'code' }, t('code')), code, h('p.quiet', { id: 'code-help' }, t('code_help')), problem,
  h('div.actions', null, h('button.primary', null, t('pair'))));
  show(h('p', null, why), form);
  code.focus();
}

/* The server may be started on another port than that of the code. */
function askForPort(paired) {
  const port = h('input', { id: 'port', type: 'number', min: 1, max: 65535, value: paired.port, required: true });
  const form = h('form', { onsubmit: async (event) => {
    event.preventDefault();
    await server.keepPairing({ ...paired, port: Number(port.value) });
    await start();
  } }, h('label', { for: 'port' }, t('port')), port,
  h('div.actions', null, h('button.primary', null, t('again'))));
  show(h('p.note.bad', { role: 'alert' }, t('gone', paired)), form, about(paired));
}

const about = (paired) => h('details', null, h('summary', null, t('paired', paired)),
  h('div.actions', null, button(t('forget'), async () => {
    await server.forgetPairing();
    await start();
  })));

// --- what is found ---

/* What is told of one listing, and grows while its pictures are looked at. */
function listingCard(listing) {
  const found = h('ul');
  const works = new Map();
  const price = /^[\d.,\s]+$/.test(listing.price) ? `${listing.price} ${listing.currency}` : listing.price;
  const facts = [listing.seller, price].filter(Boolean).join(' · ');
  return {
    element: h('section.listing', null, h('p.title', null, listing.title || listing.url), facts && h('p.quiet', null, facts), found),
    /* The best score of a work is told. */
    add(work) {
      if ((works.get(work.id)?.score ?? -Infinity) >= work.score)
        return;
      works.set(work.id, work);
      found.replaceChildren(...[...works.values()].sort((a, b) => b.score - a.score).map((one) => h('li.found', null,
        h('strong', null, t('shows', { title: one.title || one.serial })),
        h('span.quiet', null, t('shows_how', { work: one.serial, odds: one.odds })))));
    },
    works,
  };
}

/* Has everything looked at and tells of it as it comes. */
async function tell(paired, tab, answer) {
  const total = answer.listings.reduce((sum, listing) => sum + listing.wanted.length, 0);
  const cards = new Map(answer.listings.map((listing) => [listing, listingCard(listing)]));
  const many = answer.listings.length > 1;
  const verdict = h('p', { role: 'status' }, t(total ? 'none_yet' : 'nothing_to_see'));
  const bar = h('progress', { max: total, value: 0, 'aria-label': t('pictures', { done: 0, total }), hidden: !total });
  const notes = h('div');
  const count = { done: 0, lost: 0, screen: 0 };
  for (const { element } of cards.values())
    element.hidden = many; // of a list those are shown on which something is
  show(many && h('p.title', null, t('listings', { n: answer.listings.length })), ...[...cards.values()].map((card) => card.element),
    verdict, bar, h('p.quiet', { hidden: !total }, t('working')), notes, about(paired));
  await lookAtAll(paired, tab, answer.listings, (listing, seen) => {
    count.done++;
    count.lost += !seen;
    count.screen += Boolean(seen?.screen);
    bar.value = count.done;
    for (const work of seen?.works ?? []) {
      cards.get(listing).add(work);
      cards.get(listing).element.hidden = false;
      verdict.hidden = true;
    }
  });
  const showing = answer.listings.filter((listing) => cards.get(listing).works.size);
  if (total && !showing.length)
    verdict.textContent = t(!count.lost ? 'none' : count.lost < total ? 'none_of_those' : 'none_had');
  bar.hidden = true;
  bar.nextElementSibling.hidden = true;
  notes.append(...[
    total > 0 && h('p.quiet', null, t('pictures', { done: total - count.lost, total })),
    count.screen > 0 && h('p.quiet', null, t('screen', { n: count.screen })),
    count.lost > 0 && h('p.note', null, t('lost', { n: count.lost })),
    answer.left_out > 0 && h('p.note', null, t('left_out', { n: answer.left_out }))].filter(Boolean));
  if (showing.length)
    await lead(paired, showing, notes);
}

// --- what comes of it ---

const rest = (ms) => new Promise((done) => { setTimeout(done, ms); });

/* The candidate that a scan makes of a listing; null when it takes too long. */
async function awaitCandidate(paired, listing) {
  for (let tries = 0; tries < 40; tries++) {
    const [candidate] = await server.candidates(paired, listing.listing);
    if (candidate)
      return candidate.candidate;
    await rest(500);
  }
  return null;
}

/* Leads to the inbox, and to the candidate as soon as there is one. */
async function lead(paired, showing, notes) {
  const inbox = `${server.place(paired)}/#/inbox`;
  const actions = h('div.actions', null, button(t('open'), () => open(inbox), '.primary'));
  const waits = h('p.quiet', { role: 'status' }, t('is_new'));
  notes.append(actions, waits);
  const { scan } = await server.end(paired);
  if (!scan) {
    waits.textContent = t('busy');
    return;
  }
  const candidate = await awaitCandidate(paired, showing[0]);
  waits.remove();
  if (candidate)
    actions.replaceChildren(button(t('open_candidate'), () => open(`${inbox}/state/all/candidate/${candidate}`), '.primary'));
}

// --- beginning ---

async function lookAtTab(paired, insist) {
  const [tab] = await chrome.tabs.query({ active: true, currentWindow: true });
  if (!isWeb(tab?.url)) {
    show(h('p', null, t('not_web')), about(paired));
    return;
  }
  show(h('p', { role: 'status' }, t('looking')), about(paired));
  const answer = await look(paired, tab, insist);
  const again = h('div.actions', null, button(t('again'), () => start(), '.primary'));
  if (answer.blocked)
    show(h('p.note', { role: 'status' }, t('blocked', { what: answer.blocked })), again, about(paired));
  else if (!answer.listings.length)
    show(h('p', { role: 'status' }, t('no_listing')), answer.note && h('p.quiet', null, answer.note),
      h('div.actions', null, button(t('insist'), () => start(true), '.primary')), about(paired));
  else
    await tell(paired, tab, answer);
}

async function start(insist) {
  const paired = await server.pairing();
  if (!paired) {
    askForCode(t('pair_intro'));
    return;
  }
  try {
    await lookAtTab(paired, insist);
  } catch (error) {
    if (error.status === 0)
      askForPort(paired);
    else if (error.status === 401)
      askForCode(t('revoked'));
    else
      show(h('p.note.bad', { role: 'alert' }, error.status ? error.message : t('unreadable')), about(paired));
  }
}

words = await (await fetch('words.en.json')).json();
await start();
