// The open candidates one by one, best first, each decided by a key or a button. Whatever a listing
// says is put in as text.

const PAGE = 50; // candidates asked for at once
const AHEAD = 10; // so many before the end of those the next are asked for

const $ = (id) => document.getElementById(id);
const queue = []; // of candidates, as the list has them
let at = 0; // the one that is shown
let next = null; // where the list goes on; null: nowhere
let token = '';
let confirmed = false; // good faith, until the page is closed
let busy = false; // a decision is under way
const decided = []; // {at, act}: to go back to

const say = (text) => { $('message').textContent = text; };

// --- the server ---

async function ask(path, body) {
  const options = body === undefined ? {} : {
    method: 'POST',
    headers: { 'Content-Type': 'application/json', 'X-Knockoff-Token': token },
    body: JSON.stringify(body),
  };
  const answer = await fetch(path, options);
  const told = await answer.json();
  if (!answer.ok)
    throw new Error(told.error);
  return told;
}

async function fetchMore() {
  const after = next === null ? '' : `&after=${next}`;
  const page = await ask(`/api/candidates?state=open&limit=${PAGE}${after}`);
  queue.push(...page.candidates);
  next = page.next;
}

function showCounts(counts) {
  const c = counts.candidates;
  $('counts').textContent = `${c.open} open, ${c.accepted} accepted, ${c.rejected} rejected, ` +
    `${c.unsure} unsure, ${c.licensed} licensed; ${counts.works} works, ${counts.listings} listings`;
}

// --- the card ---

const picture = (c, side, width) =>
  `/api/candidates/${c.candidate}/picture?side=${side}&width=${width}`;

function facts(c) {
  const odds = c.score < 15 ? `one in ${Math.round(10 ** c.score).toLocaleString()}` :
    'one in more than a thousand trillion';
  return [
    ['title', c.listing.title],
    ['seller', c.listing.seller],
    ['price', [c.listing.price, c.listing.currency].filter(Boolean).join(' ')],
    ['score', `${c.score.toFixed(2)}: of unrelated photos ${odds} would match by chance`],
    ['how', c.method === 'part' ? `a part of the picture shows ${Math.floor(100 * c.share)} % of the work` :
      'the whole picture shows the work'],
    ['same seller', `${c.group.open} open of this work`],
    ['address', c.listing.url],
  ].filter(([, value]) => value);
}

function show() {
  const c = queue[at];
  $('card').hidden = !c;
  $('keys').hidden = !c && decided.length === 0;
  if (!c) {
    say('Nothing is left to decide.');
    return;
  }
  $('work').textContent = `${c.work} ${c.title}`;
  $('listing').src = picture(c, 'listing', 1000);
  $('patch').src = picture(c, 'patch', 600);
  $('original').src = picture(c, 'work', 600);
  $('facts').replaceChildren(...facts(c).flatMap(([name, value]) => {
    const [dt, dd] = [document.createElement('dt'), document.createElement('dd')];
    dt.textContent = name;
    dd.textContent = value;
    return [dt, dd];
  }));
  const web = /^https?:\/\//.test(c.listing.url);
  $('open').hidden = !web;
  if (web)
    $('open').href = c.listing.url;
  const after = queue[at + 1];
  if (after) // is there when it is wanted
    for (const [side, width] of [['listing', 1000], ['patch', 600], ['work', 600]])
      new Image().src = picture(after, side, width);
}

async function advance() {
  at++;
  if (next !== null && at + AHEAD >= queue.length)
    await fetchMore();
  show();
}

// --- deciding ---

function confirmGoodFaith() {
  const dialog = $('confirm');
  return new Promise((done) => {
    dialog.addEventListener('close', () => done(dialog.returnValue === 'yes'), { once: true });
    dialog.returnValue = '';
    dialog.showModal();
  });
}

async function decide(verb) {
  const c = queue[at];
  if (!c)
    return;
  if (verb === 'accept' && !confirmed && !(confirmed = await confirmGoodFaith())) {
    say('Not confirmed: not accepted.');
    return;
  }
  const told = await ask('/api/decisions', {
    verb: verb === 'never' ? 'reject' : verb,
    candidates: [{ candidate: c.candidate, seen: c.seen }],
    good_faith: verb === 'accept',
    always: verb === 'never',
  });
  say(told.problems.join(' '));
  if (told.changed)
    decided.push({ at, act: told.act });
  if (told.changed || told.same)
    await advance();
}

async function undo() {
  if (decided.length === 0) {
    say('Nothing was decided on this page yet.');
    return;
  }
  const last = decided.at(-1);
  const told = await ask('/api/undo', { act: last.act });
  decided.pop();
  at = last.at;
  show();
  say(`Taken back: ${told.verb}.`);
}

async function act(verb) {
  if (busy)
    return;
  busy = true;
  try {
    if (verb === 'skip')
      await advance();
    else if (verb === 'undo')
      await undo();
    else
      await decide(verb);
  } catch (error) {
    say(error.message);
  }
  busy = false;
}

const keys = { a: 'accept', r: 'reject', n: 'never', u: 'unsure', l: 'licensed', o: 'skip', z: 'undo' };

document.addEventListener('keydown', (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || event.repeat || $('confirm').open)
    return;
  if (keys[event.key])
    act(keys[event.key]);
});
$('keys').addEventListener('click', (event) => {
  const button = event.target.closest('button');
  if (button)
    act(button.dataset.verb);
});
$('confirm').addEventListener('click', (event) => {
  if (event.target instanceof HTMLButtonElement)
    $('confirm').close(event.target.value);
});

// --- beginning ---

try {
  const session = await ask('/api/session');
  token = session.token;
  showCounts(session.counts);
  new EventSource('/api/events').addEventListener('counts',
    (event) => showCounts(JSON.parse(event.data)));
  await fetchMore();
  show();
} catch (error) {
  say(error.message);
}
