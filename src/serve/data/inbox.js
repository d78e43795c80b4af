// The inbox: all candidates by work and seller, the chosen one as a card, and what is decided.
//
// The order comes at once and stays as it is while somebody looks through it, whatever is decided
// and whatever a scan finds; what is new waits until it is asked for. What a candidate is comes when
// it is in sight.

import { get } from './api.js';
import { makeCompare } from './compare.js';
import { changesAsked, changesDone, confirmGoodFaith, decide, DECISIONS, forget, keepForUndo, sayProblems, undoLast } from './decide.js';
import { fill, h, isWeb, settled } from './dom.js';
import { askAlike } from './inbox_alike.js';
import { makeDetails } from './inbox_details.js';
import { emptyWords } from './inbox_empty.js';
import { askFilter, chips, queryOf, readFilter, stateChoice } from './inbox_filter.js';
import { makeHeldLine } from './inbox_held.js';
import { confirmMany, runMany, sayLeft } from './inbox_many.js';
import { alikeOf, CANDIDATE, countIn, GROUP, isReturned, makeOrder, newIn, nextIn, placeOf, sectionOf, sellerOf, WORK } from './inbox_order.js';
import { candidateRow, groupRow, makeThumbs, sellerName, workRow } from './inbox_rows.js';
import { makeSelection } from './inbox_selection.js';
import { makeList } from './list.js';
import { scanControls } from './scan.js';
import { t } from './text.js';
import { attempt, complain, confirmThat, toast } from './ui.js';

const HEIGHTS = { [WORK]: 2.5, [GROUP]: 2.25, [CANDIDATE]: 4 }; // rem
const AROUND = 12; // rows about those in sight whose candidates are asked for, too
const AHEAD = 40; // candidates that are gone to next, which are known before somebody gets there
const NEWS_MS = 1000; // in which no more news come
const HELD_MS = 120; // a key that is held goes past cards
const LETTERS = { accept: 'a', reject: 'r', never: 'n', unsure: 'u', licensed: 'l', shop: 'L', reopen: 'p' };

async function mount(root, words, news) {
  const inbox = makeInbox(root, readFilter(words), news);
  await inbox.load();
  return inbox;
}

export default { title: 'inbox.title', mount };

function makeInbox(root, filter, firstNews) {
  let latest = firstNews;
  let order = null;
  let expected = null; // {state: number} of all candidates, by what is known here
  let at = -1; // the place whose card is shown
  let wanted = new Set(); // states that are gone to next
  let hasNew = false; // the server has another order
  let isGone = false;

  const thumbs = makeThumbs();
  const card = makeCompare(() => decideAlike());
  const held = makeHeldLine();
  const details = makeDetails(onArrived);
  const selection = makeSelection((place) => wanted.has(order.states[place]), onSelection);
  const list = makeList({ label: t('inbox.list'), draw: drawRow, isSelected, choose: onClick, settle });
  const choice = stateChoice(filter);
  const page = layOut();

  function layOut() {
    const parts = {
      news: h('p.note', { hidden: true }),
      doubts: h('p.note.warn', { hidden: true }),
      told: h('p.away', { role: 'status' }),
      empty: h('div.empty', { hidden: true }),
      place: h('p.inbox-place'),
      back: h('button.inbox-back', { type: 'button', onclick: () => history.back() }, t('inbox.back')),
      many: h('span.inbox-many', { hidden: true }),
      none: h('button.quiet', { type: 'button', hidden: true, onclick: selection.clear }, t('inbox.many.none')),
    };
    parts.body = h('div.inbox-body', null, list.element,
      h('section.inbox-card', { 'aria-label': t('inbox.card') },
        h('div.inbox-top', null, parts.back, parts.place), h('div.inbox-scroll', null, card.element)));
    parts.bar = h('div.inbox-bar', { role: 'toolbar', 'aria-label': t('inbox.decide') }, parts.many, parts.none,
      ['accept', 'reject', 'never', 'unsure', 'licensed'].map((name) => button(name, LETTERS[name], act(name), name === 'accept' ? '.primary' : '')),
      button('undo', 'z', () => undo(), '.quiet'), button('open', 'o', openListing, '.quiet'));
    fill(root,
      h('div.head', null, h('h1', null, t('inbox.title')), choice.element, chips(filter),
        h('button', { type: 'button', onclick: ask }, t('inbox.filter.more'), ' ', h('kbd', { 'aria-hidden': 'true' }, 'f')),
        scanControls()),
      h('div.inbox-lines', { role: 'status' }, parts.news, parts.doubts, held.element), parts.told, parts.empty, parts.body, parts.bar);
    choice.show(latest.candidates);
    held.show(latest.candidates.held);
    return parts;
  }

  function button(name, key, run, kind) {
    return h(`button${kind}`, { type: 'button', onclick: run }, h('kbd', { 'aria-hidden': 'true' }, key), t(`inbox.decision.${name}`));
  }

  function ask() {
    askFilter(filter, order.told);
  }

  // --- the order ---

  const fetchOrder = async () => makeOrder(await get('/api/inbox', queryOf(filter)));
  const nameOfState = (number) => order.told.state_names[number];
  const groupAt = (place) => order.groups[order.groupOf[place]];
  const sellerAt = (place) => sellerName(sellerOf(order, groupAt(place)));
  const candidateAt = (place) => details.of(order.ids[place]);

  async function load() {
    const loaded = await fetchOrder();
    if (isGone)
      return;
    const start = order ? findAgain(loaded) : placeOf(loaded, Number(filter.candidate));
    show(loaded, start);
  }

  /* Where in another order the current candidate is, or the first behind it that is there. */
  function findAgain(other) {
    for (let place = Math.max(at, 0); place < order.n; place++)
      if (placeOf(other, order.ids[place]) >= 0)
        return placeOf(other, order.ids[place]);
    return -1;
  }

  function show(loaded, start) {
    order = loaded;
    at = -1;
    hasNew = false;
    page.news.hidden = true;
    expected = { ...order.told.candidates };
    wanted = filter.state === 'all' ? new Set([order.told.state_names.indexOf('open')]) : new Set(order.states);
    details.clear();
    const rem = parseFloat(getComputedStyle(document.documentElement).fontSize);
    list.setRows(order.count, (row) => HEIGHTS[order.kinds[row]] * rem, (row) => sectionOf(order, row));
    selection.clear();
    if (order.told.total > order.n)
      toast(t('inbox.capped', { n: order.n, total: order.told.total }));
    page.body.hidden = page.bar.hidden = order.n === 0;
    page.empty.hidden = order.n > 0;
    if (order.n === 0)
      fill(page.empty, emptyWords(filter, order.told.candidates, latest));
    else
      goTo(start >= 0 ? start : Math.max(nextIn(order, 0, 1, wanted), 0));
  }

  // --- rows ---

  function headOf(part) {
    return [countIn(order, part.first, part.n, wanted), selection.isWhole(part.first, part.n),
      () => selection.toggleAll(part.first, part.n)];
  }

  function drawRow(row) {
    const number = order.numbers[row];
    if (order.kinds[row] === WORK)
      return workRow(order.works[number], ...headOf(order.works[number]));
    if (order.kinds[row] === GROUP)
      return groupRow(sellerOf(order, order.groups[number]), order.groups[number], ...headOf(order.groups[number]));
    return candidateRow(candidateAt(number), {
      thumb: thumbs.of(order.ids[number]),
      state: nameOfState(order.states[number]),
      returned: isReturned(order, number),
      alike: isOpen(number) ? alikeTo(number).length : 0,
      chosen: selection.has(number),
      choose: () => selection.toggle(number),
    });
  }

  const isOpen = (place) => nameOfState(order.states[place]) === 'open';
  /* The others that show its picture and can be decided about along with it. */
  const alikeTo = (place) => alikeOf(order, place).filter((one) => one !== place && isOpen(one));

  function isSelected(row) {
    return order.kinds[row] === CANDIDATE ? selection.has(order.numbers[row]) : null;
  }

  function onClick(row) {
    if (order.kinds[row] !== CANDIDATE)
      return;
    goTo(order.numbers[row]);
    openCard();
  }

  /* What is to be known: what is gone to next, and rows about those in sight. */
  function settle(first, last) {
    const ids = [];
    for (let place = at; place >= 0 && ids.length < AHEAD; place = nextIn(order, place + 1, 1, wanted))
      ids.push(order.ids[place]);
    for (let row = Math.max(first - AROUND, 0); row <= Math.min(last + AROUND, order.count - 1); row++)
      if (order.kinds[row] === CANDIDATE)
        ids.push(order.ids[order.numbers[row]]);
    details.want(ids);
    thumbs.fetch(list.element);
  }

  function onArrived(ids) {
    list.redraw(ids.map((id) => order.rows[placeOf(order, id)]));
    thumbs.fetch(list.element);
    if (ids.includes(order.ids[at]))
      showCard();
  }

  // --- the card ---

  function showCard() {
    const candidate = candidateAt(at);
    if (!candidate)
      return;
    const next = nextIn(order, at + 1, 1, wanted);
    card.show({ ...candidate, state: nameOfState(order.states[at]) }, { next: next < 0 ? undefined : candidateAt(next) });
    if (document.activeElement !== list.element)
      page.told.textContent = t('inbox.now', { title: candidate.listing.title, seller: sellerAt(at), n: at + 1, of: order.n });
  }
  const showCardSoon = settled(HELD_MS, showCard);

  function goTo(place, isHeld) {
    at = place;
    list.setCurrent(order.rows[place]);
    page.place.textContent = t('inbox.place', { n: place + 1, of: order.n });
    (isHeld ? showCardSoon : showCard)();
    if (!isHeld && !candidateAt(place))
      details.want([order.ids[place]]);
  }

  /* On a narrow screen the card is shown instead of the list, and going back leads to that. */
  function openCard() {
    if (page.back.checkVisibility() || matchMedia('(min-width: 60.01rem)').matches)
      return;
    root.classList.add('open');
    history.pushState({ card: true }, '');
    page.back.focus();
  }

  function closeCard() {
    if (root.classList.contains('open')) {
      root.classList.remove('open');
      list.element.focus();
      list.reveal(order.rows[at]);
    }
  }
  addEventListener('popstate', closeCard);

  // --- going about ---

  const step = (by) => (event) => {
    if (at + by >= 0 && at + by < order.n)
      goTo(at + by, event.repeat);
  };

  const stepGroup = (by) => (event) => {
    const group = order.groups[order.groupOf[at] + by];
    if (group)
      goTo(group.first, event.repeat);
  };

  /* To the next one that is wanted, at the end from the beginning. */
  function goOn() {
    const ahead = nextIn(order, at + 1, 1, wanted);
    const next = ahead < 0 ? nextIn(order, 0, 1, wanted) : ahead;
    if (next >= 0) {
      goTo(next);
      return;
    }
    showCard();
    toast(t('inbox.all_done'));
  }

  function openListing() {
    const url = candidateAt(at)?.listing.url;
    if (isWeb(url))
      open(url, '_blank', 'noopener,noreferrer');
  }

  function onSelection() {
    list.redrawAll();
    page.bar.classList.toggle('several', selection.size > 0);
    page.many.hidden = page.none.hidden = selection.size === 0;
    page.many.textContent = t('inbox.many.chosen', { n: selection.size });
  }

  // --- deciding ---

  /* Marks candidates, {id, state: its number}, with what became of them; the order may be another one
   * than when that was asked for. */
  function mark(changes) {
    const rows = new Set();
    const clusters = new Set(); // each once, as all of a large one may change
    for (const { id, state } of changes) {
      const place = placeOf(order, id);
      if (place < 0 || order.states[place] === state)
        continue;
      expected[nameOfState(order.states[place])]--;
      expected[nameOfState(state)]++;
      order.states[place] = state;
      const group = groupAt(place);
      for (const row of [order.rows[place], group.head, group.work.head])
        rows.add(row);
      clusters.add(alikeOf(order, place));
    }
    for (const cluster of clusters)
      for (const place of cluster)
        rows.add(order.rows[place]);
    list.redraw(rows);
    if (at >= 0 && rows.has(order.rows[at]))
      showCard();
  }

  const statesOf = (places) => places.map((place) => ({ id: order.ids[place], state: order.states[place] }));

  /* What the server made of a decision is what holds. */
  function take(reply, entry) {
    if (reply.act)
      entry.acts.push(reply.act);
    mark(reply.candidates.map(({ candidate, state }) => ({ id: candidate, state: order.told.state_names.indexOf(state) })));
    tellDoubts(reply.doubts);
  }

  function tellDoubts(doubts) {
    page.doubts.hidden = !doubts;
    if (doubts)
      fill(page.doubts, t('inbox.doubts', { n: doubts.listings, notice: doubts.notice }), ' ', h('a', { href: '#/notices' }, t('inbox.to_notices')));
  }

  /* Some decisions are asked about before. */
  async function mayDecide(decision, candidate) {
    if (decision.state === 'accepted')
      return confirmGoodFaith(order.told.signature);
    const host = decision.shop && (candidate.group.host || candidate.listing.platform);
    return !decision.shop || confirmThat(t('inbox.shop.title'), t('inbox.shop.text', { host }), t('inbox.shop.yes'));
  }

  /* One: it is marked, and the next one shown, before the server has answered. */
  async function decideOne(decision) {
    const candidate = candidateAt(at);
    const before = statesOf([at]);
    if (!candidate || !await mayDecide(decision, candidate))
      return;
    const entry = { acts: [], changes: before };
    keepForUndo(entry);
    mark([{ id: candidate.candidate, state: order.told.state_names.indexOf(decision.state) }]);
    goOn();
    try {
      const reply = await decide(decision, [candidate]);
      take(reply, entry);
      sayProblems(reply.problems);
      if (reply.problems.length)
        details.forget(candidate.candidate); // it is not what was looked at
    } catch (error) {
      mark(before);
      complain(error);
    }
    if (entry.acts.length === 0)
      forget(entry);
  }

  async function decideChosen(name) {
    const places = selection.sorted();
    const what = t(`inbox.decision.${name}`);
    if (!await mayDecide(DECISIONS[name]) || !await confirmMany(what, places.length, places.map(sellerAt)))
      return;
    const entry = { acts: [], changes: statesOf(places) };
    keepForUndo(entry);
    const result = await runMany(what, DECISIONS[name], entry.changes.map(({ id }) => id), (reply) => take(reply, entry));
    if (entry.acts.length === 0)
      forget(entry);
    toast(t('inbox.many.result', { what, n: result.changed, of: places.length }),
      entry.acts.length ? { action: { text: t('page.undo'), run: undo } } : {});
    sayLeft(places.length, result);
    sayProblems(result.problems);
    selection.clear();
    goOn();
  }

  /* All that show the picture of the one that is looked at, as one act. How many these are the server
   * knows: some may not be in this list. */
  const decideAlike = attempt(async () => {
    const candidate = candidateAt(at);
    if (!candidate)
      return;
    const { alike } = await get(`/api/candidates/${candidate.candidate}`);
    if (!alike.length) {
      toast(t('inbox.alike.none'));
      return;
    }
    const name = await askAlike(alike.length);
    if (!name || !await mayDecide(DECISIONS[name], candidate))
      return;
    const places = [candidate.candidate, ...alike].map((id) => placeOf(order, id)).filter((place) => place >= 0);
    const entry = { acts: [], changes: statesOf(places) };
    const reply = await decide(DECISIONS[name], [candidate], alike.length);
    take(reply, entry);
    if (entry.acts.length)
      keepForUndo(entry);
    toast(t('inbox.many.result', { what: t(`inbox.decision.${name}`), n: reply.changed, of: alike.length + 1 }), { action: { text: t('page.undo'), run: undo } });
    sayProblems(reply.problems);
    goOn();
  });

  function act(name) {
    return attempt(() => (selection.size && name !== 'shop' ? decideChosen(name) : decideOne(DECISIONS[name])));
  }

  const undo = attempt(async () => {
    const undone = await undoLast();
    if (!undone) {
      toast(t('inbox.nothing_to_undo'));
      return;
    }
    mark(undone.changes);
    tellDoubts(undone.doubts);
    const first = placeOf(order, undone.changes[0].id);
    if (first >= 0)
      goTo(first);
    toast(t('inbox.undone', { n: undone.changes.length }));
  });

  // --- what others change ---

  /* Looks whether the server has another order by now, unless what changed was decided here. */
  const check = settled(NEWS_MS, attempt(async () => {
    await changesDone();
    if (isGone || Object.entries(expected).every(([state, n]) => latest.candidates[state] === n))
      return;
    const asked = changesAsked();
    const other = await fetchOrder();
    if (isGone)
      return;
    if (asked !== changesAsked()) {
      check();
      return;
    }
    expected = { ...other.told.candidates };
    const found = newIn(order, other);
    if (found || isOutdated(other))
      offer(found);
  }));

  /* Whether a candidate is in another state by now, or is not there any more. */
  function isOutdated(other) {
    for (let place = 0; place < order.n; place++) {
      const now = placeOf(other, order.ids[place]);
      if (now < 0 ? wanted.has(order.states[place]) : order.states[place] !== other.states[now])
        return true;
    }
    return false;
  }

  function offer(found) {
    hasNew = true;
    page.news.hidden = false;
    fill(page.news, found ? t('inbox.news.found', { n: found }) : t('inbox.news.changed'), ' ',
      h('button.quiet', { type: 'button', onclick: showNew }, t('inbox.news.show'), ' ', h('kbd', { 'aria-hidden': 'true' }, '.')));
  }

  const showNew = attempt(load);

  // --- keys ---

  const bind = (keys, text, run, more) => ({ keys, text: `inbox.key.${text}`, run, when: () => at >= 0, ...more });
  const repeats = { repeats: true };
  const keys = [
    ...Object.keys(LETTERS).map((name) => bind([LETTERS[name]], name, act(name))),
    bind(['s'], 'alike', decideAlike),
    bind(['z'], 'undo', undo, { when: () => order !== null }),
    bind(['j', 'ArrowDown'], 'next', step(1), repeats),
    bind(['k', 'ArrowUp'], 'previous', step(-1), repeats),
    bind(['J', 'Shift+ArrowDown'], 'next_group', stepGroup(1), repeats),
    bind(['K', 'Shift+ArrowUp'], 'previous_group', stepGroup(-1), repeats),
    bind(['Home'], 'first', () => goTo(0)),
    bind(['End'], 'last', () => goTo(order.n - 1)),
    bind(['o'], 'open', openListing),
    bind(['x'], 'choose', () => selection.toggle(at)),
    bind(['X'], 'range', () => selection.extendTo(at)),
    bind(['G'], 'group', () => selection.toggleAll(groupAt(at).first, groupAt(at).n)),
    bind(['Escape'], 'none', selection.clear, { when: () => selection.size > 0 }),
    bind(['f'], 'filter', ask, { when: () => order !== null }),
    bind(['.'], 'new', showNew, { when: () => hasNew }),
    ...card.keys,
  ];

  return {
    load,
    keys,
    news(told) {
      latest = told;
      choice.show(latest.candidates);
      held.show(latest.candidates.held);
      if (order)
        check();
    },
    unmount() {
      isGone = true;
      details.clear();
      removeEventListener('popstate', closeCard);
    },
  };
}
