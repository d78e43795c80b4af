// The card: a candidate's listing beside the work, and tools to look closer.

import { get } from './api.js';
import { makeBlink, makeDifference } from './blink.js';
import { fill, h, outside, settled, svg } from './dom.js';
import { nameOf, oddsOf, placeOf, placer, secondsOf, shownAs } from './evidence.js';
import { fitted, makeLens } from './lens.js';
import { join, outlined } from './lines.js';
import { giveUp, makePane, usual } from './pane.js';
import { makeStory } from './story.js';
import { formatDay, formatNumber, t } from './text.js';
import { attempt, picture } from './ui.js';
import { openWhy } from './why.js';

const STEP = 1.5; // of enlarging
const SHARPEN_FROM = 1.2;
const stateKinds = { accepted: 'good', unsure: 'warn', licensed: 'info' };

const pictureOf = (candidate, side) => (width) => picture.candidate(candidate.candidate, side, width);

/** A card: {element, show(candidate, {next}), keys}. show takes a candidate as GET /api/candidates
 * gives it, or null, and loads the pictures of the next one ahead.
 * decideAlike decides about all that show the same picture. */
export function makeCompare(decideAlike) {
  let shown = null; // the candidate
  let other = null; // photo of the listing that is looked at instead of the candidate's
  let ahead = []; // pictures of the next, kept so that the browser keeps them

  const panes = ['listing', 'work', 'patch'].map((side) => makePane(side, () => shown && lens.apply()));
  const [listing, work, patch] = panes;
  const blink = makeBlink(work, patch);
  const difference = makeDifference(work, patch);
  const lines = makeLines(work, listing);
  const head = h('header');
  const sides = h('div.sides', null, panes.map((pane) => pane.figure), lines.element);
  const photos = h('div.photos', { hidden: true });
  const story = makeStory(decideAlike);
  const zoom = h('span.zoom', null, '100%');
  const lens = makeLens(panes, (scale) => {
    zoom.textContent = `${formatNumber(Math.round(100 * scale))}%`;
    if (scale > SHARPEN_FROM)
      panes.forEach((pane) => pane.sharpen());
    lines.draw(lens);
  });
  new ResizeObserver(() => shown && lens.apply()).observe(sides);

  listing.place = (u, v) => (other ? [u, v] : placer(shown)(u, v));
  listing.size = () => other ?? shown.image;
  listing.ratio = () => {
    const [width, height] = fitted(listing);
    const [a, b] = [listing.place(0, 0), listing.place(1, 1)];
    const found = Math.hypot((a[0] - b[0]) * width, (a[1] - b[1]) * height);
    return other ? 1 : Math.min(6, Math.max(1, Math.hypot(...fitted(work)) / Math.max(1, found)));
  };

  // --- tools ---

  /* Each is on or off, and stays so from card to card, but for what moves. */
  const tools = {
    blink: { key: 'b', set: (on) => (on ? blink.start() : blink.stop()) },
    difference: { key: 'd', set: (on) => (on ? difference.show(shown) : difference.hide()) },
    lines: { key: 'm', set: (on) => lines.show(on && !other ? shown : null, lens) },
    outline: { key: 'v', on: true, set: drawOutline },
  };

  function set(name, on) {
    const tool = tools[name];
    tool.on = on;
    tool.button.setAttribute('aria-pressed', String(on));
    return tool.set(on);
  }

  function toggle(name) {
    const rival = { blink: 'difference', difference: 'blink' }[name]; // there is one frame for both
    if (rival && tools[rival].on)
      set(rival, false);
    set(name, !tools[name].on);
  }

  function drawOutline(on) {
    const { width, height } = listing.size();
    listing.outline.setAttribute('viewBox', `0 0 ${width} ${height}`);
    fill(listing.outline, on && !other && shown.quad && outlined(shown.quad.join(' ')));
  }

  function makeBar() {
    const small = (text, sign, run) => h('button', { type: 'button', 'aria-label': t(text), title: t(text), onclick: run }, sign);
    for (const [name, tool] of Object.entries(tools))
      tool.button = h('button', { type: 'button', 'aria-pressed': String(Boolean(tool.on)), onclick: () => toggle(name) },
        t(`compare.${name}`), ' ', h('kbd', { 'aria-hidden': 'true' }, tool.key));
    return h('div.tools', { role: 'group', 'aria-label': t('compare.tools') }, Object.values(tools).map((tool) => tool.button),
      h('span.group', null, small('compare.key.smaller', '−', () => lens.enlarge(1 / STEP)), zoom,
        small('compare.key.larger', '+', () => lens.enlarge(STEP))),
      h('button.why', { type: 'button', onclick: why }, t('compare.why.button'), ' ', h('kbd', { 'aria-hidden': 'true' }, '↵')));
  }

  const why = () => openWhy(shown.candidate);

  // --- what is told besides, and the listing's other photos ---

  let asked = null;
  const askMore = settled(150, attempt(async (candidate) => {
    asked?.abort();
    asked = new AbortController();
    const about = await get(`/api/candidates/${candidate.candidate}`, undefined, asked.signal);
    if (candidate.candidate !== shown?.candidate)
      return;
    story.show(about);
    if (about.photos.length < 2)
      return;
    const button = (photo, i) => h('button', {
      type: 'button', 'aria-pressed': String(photo.id === candidate.image.id), dataset: { photo: photo.id },
      'aria-label': t(photo.id === candidate.image.id ? 'compare.photo_found' : 'compare.photo', { n: i + 1, of: about.photos.length }),
      onclick: () => look(photo),
    }, h('img', { src: picture.photo(photo.id, 160), alt: '', loading: 'lazy' }));
    fill(photos, about.photos.map(button)).hidden = false;
  }));

  /** Shows a photo of the listing where the candidate's is. */
  function look(photo) {
    other = photo.id === shown.image.id ? null : photo;
    listing.show((width) => picture.photo(photo.id, width), t('compare.alt.photo', { title: nameOf(shown) }));
    for (const button of photos.children)
      button.setAttribute('aria-pressed', String(button.dataset.photo === String(photo.id)));
    drawOutline(tools.outline.on);
    lines.show(tools.lines.on && !other ? shown : null, lens);
    lens.apply();
  }

  // --- the whole card ---

  function drawPictures() {
    other = null;
    for (const pane of panes)
      pane.show(pictureOf(shown, pane.side), t(`compare.alt.${pane.side}`, { title: pane === work ? shown.title : nameOf(shown) }));
    set('blink', false);
    for (const name of ['outline', 'difference', 'lines'])
      set(name, Boolean(tools[name].on));
    lens.reset();
    fill(photos).hidden = true;
    story.begin(shown);
    askMore(shown);
  }

  function show(candidate, { next } = {}) {
    const isSame = candidate && shown && candidate.candidate === shown.candidate && candidate.seen === shown.seen;
    shown = candidate;
    element.hidden = !candidate;
    if (!candidate) {
      set('blink', false);
      return;
    }
    drawHead(head, candidate);
    if (!isSame)
      drawPictures();
    const before = ahead;
    ahead = next ? panes.map((pane) => Object.assign(new Image(), { src: usual(pictureOf(next, pane.side)) })) : [];
    before.forEach(giveUp);
  }

  const element = h('article.compare', { hidden: true, 'aria-labelledby': 'compare-title' },
    head, story.line, sides, makeBar(), difference.legend, story.element, photos);
  const key = (keys, text, run, more) => ({ keys, text: `compare.key.${text}`, run, when: () => Boolean(shown), ...more });
  return {
    element,
    show,
    keys: [
      key(['Enter'], 'why', why),
      ...Object.entries(tools).map(([name, tool]) => key([tool.key], name, () => toggle(name))),
      key(['+', '='], 'larger', () => lens.enlarge(STEP), { repeats: true }),
      key(['-'], 'smaller', () => lens.enlarge(1 / STEP), { repeats: true }),
      key(['0'], 'reset', () => lens.reset()),
    ],
  };
}

function drawHead(head, c) {
  const { price, seller, first_seen: seen } = c.listing;
  fill(head,
    h('h2', { id: 'compare-title' }, outside(c.listing.url, nameOf(c)),
      c.returned && [' ', h('span.tag.warn', null, t('inbox.row.returned'))],
      c.state !== 'open' && [' ', h(`span.tag.${stateKinds[c.state] ?? 'plain'}`, null, t(`compare.state.${c.state}`))]),
    h('p.meta', null, price && h('strong', null, price), seller && h('span', null, seller),
      placeOf(c.listing) && h('span', null, placeOf(c.listing)),
      h('span', null, t('compare.seen', { day: formatDay(secondsOf(seen)) }))),
    h('p.meta', null, h('strong', null, t('compare.how', { how: shownAs(c).join(', '), title: c.title, work: c.work })),
      h('span', null, oddsOf(c.score)),
      c.photos_matched > 1 && h('span', null, t('compare.photos_matched', { n: c.photos_matched }))));
}

/** Lines across the card, from the work to the listing: {element, show(candidate or null, lens),
 * draw(lens)}. Ends that are out of sight have none. */
function makeLines(work, listing) {
  const element = svg('svg', { class: 'lines', 'aria-hidden': 'true' });
  const told = { of: null, lines: null }; // of a candidate, once it was asked

  /* Where a place of a picture lies on the card; null when that is out of its frame. */
  function seen(lens, pane, share) {
    const { frame } = pane;
    const [x, y] = lens.seenAt(pane, share);
    const [box, all] = [frame, element].map((one) => one.getBoundingClientRect());
    const isIn = x >= 0 && y >= 0 && x <= frame.clientWidth && y <= frame.clientHeight;
    return isIn ? [box.left - all.left + frame.clientLeft + x, box.top - all.top + frame.clientTop + y] : null;
  }

  function draw(lens) {
    const { lines, work: original, photo } = told.lines ?? { lines: [] };
    fill(element, lines.map(([wx, wy, px, py], i) => {
      const from = seen(lens, work, [wx / original.width, wy / original.height]);
      const to = seen(lens, listing, [px / photo.width, py / photo.height]);
      return from && to && join(i, from, to);
    }));
  }

  const show = attempt(async (candidate, lens) => {
    told.of = candidate;
    told.lines = null;
    draw(lens);
    const lines = candidate && await get(`/api/candidates/${candidate.candidate}/lines`);
    if (told.of !== candidate)
      return;
    told.lines = lines;
    draw(lens);
  });

  return { element, show, draw };
}
