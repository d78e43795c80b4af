// The inbox: all candidates by work and seller, the chosen one as a card, and what is decided.
//
// The order comes at once and stays as it is while somebody looks through it, whatever is decided
// and whatever a scan finds; what is new waits until it is asked for. What a candidate is comes when
// it is in sight.

import { get } from './api.js';
import { makeCompare } from './compare.js';
import { confirmGoodFaith, decide, decideMany, DECISIONS, forget, keepForUndo, sayProblems, undoLast } from './decide.js';
import { fill, h, isWeb, settled } from './dom.js';
import { askFilter, apply, chips, queryOf, readFilter, stateChoice } from './inbox_filter.js';
import { candidateRow, groupRow, makeThumbs, sellerName, workRow } from './inbox_rows.js';
import { addListings } from './intake.js';
import { makeList } from './list.js';
import { CANDIDATE, countIn, GROUP, makeOrder, newIn, nextIn, placeOf, sectionOf, sellerOf, WORK } from './order.js';
import { scanButton, scanControls } from './scan.js';
import { t } from './text.js';
import { attempt, complain, confirmThat, openDialog, toast } from './ui.js';

const HEIGHTS = { [WORK]: 2.5, [GROUP]: 2.25, [CANDIDATE]: 4 }; // rem
const MOST_IDS = 100; // that GET /api/candidates takes
const AROUND = 12; // rows about those in sight that are asked for, too
const KEPT = 3000; // candidates that are known
const NEWS_MS = 1000; // in which no more news come

async function mount(root, words, news) {
  const inbox = makeInbox(root, readFilter(words), news);
  await inbox.load();
  return inbox;
}

export default { title: 'inbox.title', mount };

function makeInbox(root, filter, firstNews) {
  const wide = matchMedia('(min-width: 60.01rem)');
  const known = new Map(); // candidates by number, the one known longest first
  const chosen = new Set(); // places
  const thumbs = makeThumbs();
  const card = makeCompare();
  let latest = firstNews;
  let order = null;
  let fresh = null; // another order, to be shown when that is asked for
  let expected = null; // {state: number} of all candidates, by what is known here
  let at = -1; // the place that is shown
  let anchor = -1; // where a range begins
  let wanted = new Set(); // states of what is gone to next
  let asking = null; // {ids, controller} of what is under way
  let gone = false;

  // --- what there is ---

  const list = makeList({ label: t('inbox.list'), draw: drawRow, isSelected, choose: onChoose, settle });
  const choice = stateChoice(filter);
  const lines = h('div.inbox-lines', { role: 'status' });
  const newsLine = h('p.note', { hidden: true });
  const doubtLine = h('p.note.warn', { hidden: true });
  const told = h('p.away', { role: 'status' });
  const place = h('p.inbox-place');
  const bar = h('div.inbox-bar', { role: 'toolbar', 'aria-label': t('inbox.decide') });
  const body = h('div.inbox-body');
  const empty = h('div.empty', { hidden: true });
  fill(root,
    h('div.head', null, h('h1', null, t('inbox.title')), choice.element, chips(filter),
      h('button', { type: 'button', onclick: () => ask() }, t('inbox.filter.more'), ' ', h('kbd', { 'aria-hidden': 'true' }, 'f')),
      scanControls()),
    fill(lines, newsLine, doubtLine), told, empty,
    fill(body, list.element,
      h('section.inbox-card', { 'aria-label': t('inbox.card') },
        h('div.inbox-top', null,
          h('button.inbox-back', { type: 'button', onclick: () => history.back() }, t('inbox.back')), place),
        h('div.inbox-scroll', null, card.element))),
    bar);
  choice.show(latest.candidates);

  const ask = () => askFilter(filter, order.told);
  const stateName = (number) => order.told.state_names[number];
  const stateNumber = (name) => order.told.state_names.indexOf(name);
  const rem = () => parseFloat(getComputedStyle(document.documentElement).fontSize);
  const candidateAt = (one) => known.get(order.ids[one]);

  // --- the order ---

  const fetchOrder = async () => makeOrder(await get('/api/inbox', queryOf(filter)));

  async function load() {
    const loaded = await fetchOrder();
    if (gone)
      return;
    const id = at >= 0 ? order.ids[at] : Number(filter.candidate);
    show(loaded, id);
  }

  /* Shows an order; of its candidates that with this number if it is there, else the first. */
  function show(one, id) {
    order = one;
    fresh = null;
    newsLine.hidden = true;
    expected = { ...order.told.candidates };
    known.clear();
    chosen.clear();
    anchor = at = -1;
    wanted = new Set((filter.state === 'all' ? ['open'] : order.told.state_names).map(stateNumber));
    if (filter.state !== 'all')
      wanted = new Set([...order.states]);
    const size = rem();
    list.setRows(order.count, (row) => HEIGHTS[order.kinds[row]] * size, (row) => sectionOf(order, row));
    body.hidden = bar.hidden = order.n === 0;
    empty.hidden = order.n > 0;
    if (order.n === 0)
      fill(empty, emptyWords());
    const from = placeOf(order, id);
    choose(from >= 0 ? from : Math.max(nextIn(order, 0, 1, wanted), order.n ? 0 : -1));
  }

  // --- rows ---

  const picker = (first, n) => [countIn(order, first, n, wanted), isWhole(first, n), () => toggleSome(first, n)];

  function drawRow(row) {
    const number = order.numbers[row];
    if (order.kinds[row] === WORK) {
      const work = order.works[number];
      return workRow(work, ...picker(work.first, work.n));
    }
    if (order.kinds[row] === GROUP) {
      const group = order.groups[number];
      return groupRow(sellerOf(order, group), group, ...picker(group.first, group.n));
    }
    return candidateRow(candidateAt(number), {
      thumb: thumbs.of(order.ids[number]),
      state: stateName(order.states[number]),
      chosen: chosen.has(number),
      choose: () => toggle(number),
    });
  }

  function isSelected(row) {
    return order.kinds[row] === CANDIDATE ? chosen.has(order.numbers[row]) : null;
  }

  function onChoose(row) {
    if (order.kinds[row] !== CANDIDATE)
      return;
    choose(order.numbers[row]);
    openCard();
  }

  // --- what candidates are ---

  function keep(candidates) {
    for (const one of candidates)
      known.set(one.candidate, one);
    while (known.size > KEPT)
      known.delete(known.keys().next().value);
  }

  /* Places that are in sight soon: rows about those shown, and what is gone to next. */
  function placesNear(first, last) {
    const places = [];
    for (let row = Math.max(first - AROUND, 0); row <= Math.min(last + AROUND, order.count - 1); row++)
      if (order.kinds[row] === CANDIDATE)
        places.push(order.numbers[row]);
    for (let one = at, n = 0; one >= 0 && n < AROUND; n++, one = nextIn(order, one + 1, 1, wanted))
      places.unshift(one);
    return places;
  }

  async function settle(first, last) {
    thumbs.fetch(list.element);
    const ids = [...new Set(placesNear(first, last).map((one) => order.ids[one]))]
      .filter((id) => !known.has(id)).slice(0, MOST_IDS);
    if (asking && ids.every((id) => asking.ids.has(id)))
      return;
    asking?.controller.abort();
    asking = null;
    if (ids.length)
      await fetchCandidates(ids, new AbortController()).then(() => settle(first, last), complain);
  }

  async function fetchCandidates(ids, controller) {
    const mine = { ids: new Set(ids), controller };
    const of = order;
    asking = mine;
    try {
      const { candidates } = await get('/api/candidates', { ids: ids.join() }, controller.signal);
      if (of !== order || gone)
        return;
      keep(candidates);
      const rows = ids.map((id) => order.rows[placeOf(order, id)]);
      list.redraw(rows);
      if (at >= 0 && mine.ids.has(order.ids[at]))
        showCard();
      thumbs.fetch(list.element);
    } finally {
      if (asking === mine)
        asking = null;
    }
  }

  // --- the card ---

  function showCard() {
    const candidate = at < 0 ? null : candidateAt(at);
    if (at >= 0 && !candidate)
      return;
    const after = nextIn(order, at + 1, 1, wanted);
    card.show(candidate ?? null, { next: after < 0 ? undefined : candidateAt(after) });
  }
  const showCardSoon = settled(120, showCard);

  function choose(one, { soon } = {}) {
    at = one;
    if (at < 0) {
      card.show(null);
      return;
    }
    list.setCurrent(order.rows[at]);
    showPlace();
    (soon ? showCardSoon : showCard)();
    showBar();
  }

  function showPlace() {
    const group = order.groups[order.groupOf[at]];
    fill(place, t('inbox.place', { n: at + 1, of: order.n }), ' ',
      h(`span.tag${order.states[at] ? '' : '.away'}`, null, t(`inbox.state.${stateName(order.states[at])}`)));
    const candidate = candidateAt(at);
    if (document.activeElement !== list.element && candidate)
      told.textContent = t('inbox.now', { title: candidate.listing.title, seller: sellerName(sellerOf(order, group)), n: at + 1, of: order.n });
  }

  /* On a narrow screen the card lies over the list, and going back leads to that. */
  function openCard() {
    if (wide.matches || root.classList.contains('open'))
      return;
    root.classList.add('open');
    history.pushState({ card: true }, '');
  }
  const closeCard = () => root.classList.remove('open');
  addEventListener('popstate', closeCard);

  // --- going about ---

  const go = (step) => (event) => {
    const one = at + step;
    if (one >= 0 && one < order.n)
      choose(one, { soon: event?.repeat });
  };

  const goGroup = (step) => () => {
    const group = order.groups[order.groupOf[at] + step];
    if (group)
      choose(group.first);
  };

  const openListing = () => {
    const url = candidateAt(at)?.listing.url;
    if (isWeb(url))
      open(url, '_blank', 'noopener,noreferrer');
  };

  // --- choosing several ---

  function redrawChosen() {
    list.redrawAll();
    showBar();
  }

  function toggle(one) {
    if (!chosen.delete(one))
      chosen.add(one);
    anchor = one;
    redrawChosen();
  }

  /* Whether all that is to be looked at among these is chosen. */
  function isWhole(first, n) {
    let some = false;
    for (let one = first; one < first + n; one++) {
      if (wanted.has(order.states[one]) && !chosen.has(one))
        return false;
      some ||= chosen.has(one);
    }
    return some;
  }

  function toggleSome(first, n) {
    const whole = isWhole(first, n);
    for (let one = first; one < first + n; one++) {
      if (whole)
        chosen.delete(one);
      else if (wanted.has(order.states[one]))
        chosen.add(one);
    }
    redrawChosen();
  }

  const toggleGroup = () => {
    const group = order.groups[order.groupOf[at]];
    toggleSome(group.first, group.n);
  };

  const chooseRange = () => {
    const from = anchor < 0 ? at : anchor;
    for (let one = Math.min(from, at); one <= Math.max(from, at); one++)
      chosen.add(one);
    redrawChosen();
  };

  const chooseNone = () => {
    chosen.clear();
    anchor = -1;
    redrawChosen();
  };

  // --- deciding ---

  /* Marks places with what became of them. */
  function mark(places, state) {
    for (const one of places) {
      expected[stateName(order.states[one])]--;
      expected[stateName(state)]++;
      order.states[one] = state;
    }
    const heads = places.flatMap((one) => {
      const group = order.groups[order.groupOf[one]];
      return [order.rows[one], group.head, group.work.head];
    });
    list.redraw(new Set(heads));
    if (at >= 0)
      showPlace();
  }

  /* By numbers, as the order may be another one by now. */
  function markIds(changes) {
    for (const { id, state } of changes) {
      const one = placeOf(order, id);
      if (one >= 0 && order.states[one] !== state)
        mark([one], state);
    }
  }

  function tellDoubts(doubts) {
    doubtLine.hidden = !doubts;
    if (doubts)
      fill(doubtLine, t('inbox.doubts', { n: doubts.listings, notice: doubts.notice }), ' ', h('a', { href: '#/notices' }, t('inbox.to_notices')));
  }

  function goOn() {
    let next = nextIn(order, at + 1, 1, wanted);
    if (next < 0)
      next = nextIn(order, 0, 1, wanted);
    if (next >= 0 && next !== at) {
      choose(next);
      return;
    }
    showCard();
    if (next < 0)
      toast(t('inbox.all_done'));
  }

  const mayAccept = async (decision) => decision.state !== 'accepted' || confirmGoodFaith(order.told.signature);

  const mayBeShop = async (decision, candidate) => !decision.shop ||
    confirmThat(t('inbox.shop.title'), t('inbox.shop.text', { host: hostOf(candidate) }), t('inbox.shop.yes'));
  const hostOf = ({ listing, group }) => group.host || listing.platform;

  /* One: it is marked and the next one shown before the server has answered. */
  async function decideOne(decision) {
    const candidate = candidateAt(at);
    if (!candidate || !await mayAccept(decision) || !await mayBeShop(decision, candidate))
      return;
    const one = at;
    const was = order.states[one];
    const entry = { acts: [], changes: [{ id: candidate.candidate, state: was }] };
    keepForUndo(entry);
    mark([one], stateNumber(decision.state));
    goOn();
    try {
      const reply = await decide(decision, [candidate]);
      take(reply, entry);
      sayProblems(reply.problems);
      if (reply.problems.length && !reply.changed)
        known.delete(candidate.candidate); // it is another one than was looked at
    } catch (error) {
      forget(entry);
      markIds(entry.changes);
      complain(error);
    }
  }

  /* What the server made of a decision is what holds. */
  function take(reply, entry) {
    if (reply.act)
      entry.acts.push(reply.act);
    else if (entry.acts.length === 0)
      forget(entry);
    markIds(reply.candidates.map(({ candidate, state }) => ({ id: candidate, state: stateNumber(state) })));
    tellDoubts(reply.doubts);
  }

  function sellersOf(places) {
    const names = [...new Set(places.map((one) => sellerName(sellerOf(order, order.groups[order.groupOf[one]]))))];
    return names.length > 3 ? t('inbox.many.sellers', { n: names.length, some: names.slice(0, 3).join(', ') }) :
      t('inbox.many.of', { n: names.length, some: names.join(', ') });
  }

  async function decideChosen(name, decision) {
    const places = [...chosen].sort((a, b) => a - b);
    const what = t(`inbox.decision.${name}`);
    const lines = [t('inbox.many.text', { n: places.length }), sellersOf(places)];
    if (!await mayAccept(decision) || !await confirmThat(t('inbox.many.title', { what, n: places.length }), lines, what))
      return;
    const entry = { acts: [], changes: places.map((one) => ({ id: order.ids[one], state: order.states[one] })) };
    keepForUndo(entry);
    const result = await runMany(decision, entry, what);
    tellResult(what, places.length, result);
    chooseNone();
    goOn();
  }

  /* Decides with a dialog that shows how far it is, and lets it be stopped. */
  async function runMany(decision, entry, what) {
    const result = { done: 0, changed: 0, same: 0, lost: 0, problems: [], stopped: false, error: null };
    const ids = entry.changes.map(({ id }) => id);
    const progress = h('progress', { max: ids.length, value: 0, 'aria-label': what });
    const line = h('p', { role: 'status' }, t('inbox.many.progress', { done: 0, of: ids.length }));
    let close;
    const shown = openDialog(what, (dialog, closeIt) => {
      close = closeIt;
      return [progress, line, h('div.actions', null,
        h('button', { type: 'button', autofocus: true, onclick: () => closeIt() }, t('inbox.many.stop')))];
    }).then(() => { result.stopped = true; });
    const step = (done, reply, lost) => {
      progress.value = done;
      fill(line, t('inbox.many.progress', { done, of: ids.length }));
      Object.assign(result, { done, changed: result.changed + reply.changed, same: result.same + reply.same,
        lost: result.lost + lost, problems: result.problems.concat(reply.problems) });
      take(reply, entry);
      return !result.stopped;
    };
    await decideMany(decision, ids, step).catch((error) => { result.error = error; });
    result.stopped &&= result.done < ids.length;
    close();
    await shown;
    if (entry.acts.length === 0)
      forget(entry);
    return result;
  }

  function tellResult(what, n, result) {
    toast(t('inbox.many.result', { what, n: result.changed, of: n }),
      { action: { text: t('page.undo'), run: () => undo() } });
    if (result.done < n)
      complain(result.error ?? new Error(t('inbox.many.stopped', { n: n - result.done })));
    if (result.lost)
      complain(new Error(t('inbox.many.lost', { n: result.lost })));
    sayProblems(result.problems);
  }

  const act = (name) => attempt(async () => {
    if (chosen.size && name !== 'shop')
      await decideChosen(name, DECISIONS[name]);
    else if (at >= 0)
      await decideOne(DECISIONS[name]);
  });

  const undo = attempt(async () => {
    const undone = await undoLast();
    if (!undone) {
      toast(t('inbox.nothing_to_undo'));
      return;
    }
    markIds(undone.changes);
    tellDoubts(undone.doubts);
    const first = placeOf(order, undone.changes[0].id);
    if (first >= 0)
      choose(first);
    toast(t('inbox.undone', { n: undone.changes.length }));
  });

  // --- the bar of decisions ---

  const button = (name, key, run, kind = '') => h(`button${kind}`, { type: 'button', onclick: run },
    h('kbd', { 'aria-hidden': 'true' }, key), t(`inbox.decision.${name}`));

  const single = [
    button('accept', 'a', act('accept'), '.primary'), button('reject', 'r', act('reject')),
    button('never', 'n', act('never')), button('unsure', 'u', act('unsure')),
    button('licensed', 'l', act('licensed')), button('undo', 'z', undo, '.quiet'),
    button('open', 'o', openListing, '.quiet'),
  ];
  const many = h('span.inbox-many');
  const none = h('button.quiet', { type: 'button', onclick: chooseNone }, t('inbox.many.none'));
  fill(bar, many, none, single);

  function showBar() {
    bar.classList.toggle('several', chosen.size > 0);
    many.hidden = none.hidden = chosen.size === 0;
    fill(many, t('inbox.many.chosen', { n: chosen.size }));
  }

  // --- what others change ---

  /* Looks whether the order is another one now, unless all that changed was decided here. */
  const check = settled(NEWS_MS, attempt(async () => {
    const changed = expected && Object.entries(expected).some(([state, n]) => latest.candidates[state] !== n);
    if (gone || !changed)
      return;
    const other = await fetchOrder();
    if (gone)
      return;
    expected = { ...other.told.candidates };
    const found = newIn(order, other);
    if (found || differs(other))
      offer(other, found);
  }));

  /* Whether what is there already is decided otherwise by now, or went away. */
  function differs(other) {
    for (let one = 0; one < order.n; one++) {
      const now = placeOf(other, order.ids[one]);
      const listed = filter.state === 'all' || wanted.has(order.states[one]);
      if (now < 0 ? listed : order.states[one] !== other.states[now])
        return true;
    }
    return false;
  }

  function offer(other, found) {
    fresh = other;
    newsLine.hidden = false;
    fill(newsLine, found ? t('inbox.news.found', { n: found }) : t('inbox.news.changed'), ' ',
      h('button.quiet', { type: 'button', onclick: showFresh }, t('inbox.news.show'), ' ', h('kbd', { 'aria-hidden': 'true' }, '.')));
  }

  const showFresh = attempt(async () => {
    if (fresh)
      await load();
  });

  // --- nothing to show ---

  function emptyWords() {
    const all = Object.values(order.told.candidates).reduce((sum, n) => sum + n, 0);
    const words = (name, ...more) => [h('h2', null, t(`inbox.empty.${name}`)), h('p', null, t(`inbox.empty.${name}_help`)),
      h('div.actions', null, more)];
    const link = (href, name, kind = '') => h(`a.button${kind}`, { href }, t(`inbox.empty.${name}`));
    if (filter.work || filter.seller || filter.title)
      return words('filtered', h('button.primary', { type: 'button', onclick: () => apply({ state: filter.state }) }, t('inbox.filter.clear')));
    if (all > 0)
      return filter.state === 'open' ? words('done', link('#/notices', 'notices', '.primary'), link('#/inbox/state/all', 'all')) :
        words('state', link('#/inbox', 'open', '.primary'));
    if (latest.works === 0)
      return words('no_works', link('#/works', 'works', '.primary'));
    if (latest.listings === 0)
      return words('no_listings', h('button.primary', { type: 'button', onclick: addListings }, t('scan.add')));
    return words('nothing', scanButton(), link('#/search', 'search'));
  }

  // --- keys ---

  const has = () => at >= 0;
  const bind = (keys, text, run, more) => ({ keys, text: `inbox.key.${text}`, run, when: has, ...more });
  const keys = () => [
    ...['accept', 'reject', 'never', 'unsure', 'licensed', 'shop', 'reopen']
      .map((name) => bind([KEYS[name]], name, act(name))),
    bind(['z'], 'undo', undo, { when: undefined }),
    bind(['j', 'ArrowDown'], 'next', go(1), { repeats: true }),
    bind(['k', 'ArrowUp'], 'previous', go(-1), { repeats: true }),
    bind(['J', 'Shift+ArrowDown'], 'next_group', goGroup(1), { repeats: true }),
    bind(['K', 'Shift+ArrowUp'], 'previous_group', goGroup(-1), { repeats: true }),
    bind(['Home'], 'first', () => choose(0)),
    bind(['End'], 'last', () => choose(order.n - 1)),
    bind(['o'], 'open', openListing),
    bind(['x'], 'choose', () => toggle(at)),
    bind(['X'], 'range', chooseRange),
    bind(['G'], 'group', toggleGroup),
    bind(['Escape'], 'none', chooseNone, { when: () => chosen.size > 0 }),
    bind(['f'], 'filter', ask, { when: () => order !== null }),
    bind(['.'], 'fresh', showFresh, { when: () => fresh !== null }),
    ...card.keys,
  ];

  return {
    load,
    get keys() { return keys(); },
    news(told) {
      latest = told;
      choice.show(latest.candidates);
      check();
    },
    unmount() {
      gone = true;
      asking?.controller.abort();
      removeEventListener('popstate', closeCard);
    },
  };
}

const KEYS = { accept: 'a', reject: 'r', never: 'n', unsure: 'u', licensed: 'l', shop: 'L', reopen: 'b' };
