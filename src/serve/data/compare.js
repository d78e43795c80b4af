// The card: a candidate's listing beside the work, and tools to look closer.

import { get } from './api.js';
import { fill, h, outside, settled, svg } from './dom.js';
import { drawDifference } from './difference.js';
import { nameOf, oddsOf, placeOf, placer, secondsOf, shownAs } from './evidence.js';
import { fitted, makeLens } from './lens.js';
import { formatDay, formatNumber, t } from './text.js';
import { attempt, picture } from './ui.js';
import { openWhy } from './why.js';

const SIDES = ['listing', 'work', 'patch'];
const WIDTH = 800; // of pictures as they come, and enlarged
const WIDTH_ENLARGED = 2000;
const BLINK_MS = 300; // 1.7 flashes a second: 3 are too many (WCAG 2.2, 2.3.1)
const COLOURS = ['#e69f00', '#56b4e9', '#00c08b', '#f0e442', '#4d9de0', '#ff7a1a', '#e58fc0', '#ffffff'];
const stateKinds = { accepted: 'bad', rejected: 'good', unsure: 'warn', licensed: 'info' };

const isCalm = () => matchMedia('(prefers-reduced-motion: reduce)').matches;

/** A card: {element, show(candidate, {next}), keys}. show takes a candidate as GET /api/candidates
 * gives it, or null, and loads the pictures of the next one ahead. */
export function makeCompare() {
  let shown = null; // the candidate
  let lines = null; // of it, once they were asked for
  let other = null; // photo of the listing that is looked at instead of the candidate's
  let isSharp = false;
  let ahead = []; // pictures of the next, kept so that the browser keeps them
  let blinking = 0;
  let isWorkUp = false; // while blinking
  const on = { outline: true, lines: false, blink: false, difference: false };

  // --- what it is made of ---

  const head = h('header');
  const panes = SIDES.map(makePane);
  const [listing, work, patch] = panes;
  const over = svg('svg', { class: 'lines', 'aria-hidden': 'true' });
  const sides = h('div.sides', null, panes.map((pane) => pane.figure), over);
  const photos = h('div.photos', { hidden: true });
  const canvas = h('canvas', { role: 'img', hidden: true });
  const legend = h('p.legend', { hidden: true });
  const zoom = h('span.zoom', null, '100%');
  const tools = {};
  const bar = h('div.tools', { role: 'toolbar', 'aria-label': t('compare.tools') },
    tool('blink', 'b'), tool('difference', 'd'), tool('lines', 'm'), tool('outline', 'v'),
    h('span.group', null,
      h('button', { type: 'button', 'aria-label': t('compare.key.smaller'), title: t('compare.key.smaller'), onclick: () => lens.enlarge(1 / 1.5) }, '−'),
      zoom,
      h('button', { type: 'button', 'aria-label': t('compare.key.larger'), title: t('compare.key.larger'), onclick: () => lens.enlarge(1.5) }, '+')),
    h('button.why', { type: 'button', onclick: why }, t('compare.why.button'), ' ', h('kbd', { 'aria-hidden': 'true' }, '↵')));
  const card = h('article.compare', { hidden: true, 'aria-labelledby': 'compare-title' }, head, sides, bar, legend, photos);

  listing.place = (u, v) => (other ? [u, v] : placer(shown)(u, v));
  listing.size = () => other ?? shown.image;
  listing.ratio = () => {
    const [width, height] = fitted(listing);
    const [a, b] = [listing.place(0, 0), listing.place(1, 1)];
    const found = Math.hypot((a[0] - b[0]) * width, (a[1] - b[1]) * height);
    return other ? 1 : Math.min(6, Math.max(1, Math.hypot(...fitted(work)) / Math.max(1, found)));
  };
  patch.stage.append(canvas);
  const lens = makeLens(panes, (scale) => {
    zoom.textContent = `${formatNumber(Math.round(100 * scale))}%`;
    if (scale > 1.2)
      sharpen();
    drawLines();
  });
  new ResizeObserver(() => shown && lens.apply()).observe(sides);

  function tool(name, key) {
    tools[name] = h('button', { type: 'button', 'aria-pressed': String(on[name]), onclick: () => toggle(name) },
      t(`compare.${name}`), ' ', h('kbd', { 'aria-hidden': 'true' }, key));
    return tools[name];
  }

  // --- pictures ---

  function load(pane, url, alt) {
    const img = h('img', { src: url, alt, draggable: 'false', decoding: 'sync' });
    img.addEventListener('load', () => shown && lens.apply());
    img.addEventListener('error', () => explain(pane, url, img));
    pane.img.replaceWith(img);
    pane.img = img;
    pane.missing.hidden = true;
  }

  /** What the server says of a picture that does not come, in its place. */
  async function explain(pane, url, img) {
    const why = await get(url).then(() => t('compare.missing'), (error) => error.message);
    if (pane.img !== img)
      return;
    img.hidden = true;
    fill(pane.missing, why).hidden = false;
  }

  function sharpen() {
    if (isSharp)
      return;
    isSharp = true;
    const of = shown;
    for (const pane of panes) {
      const fine = new Image();
      fine.addEventListener('load', () => {
        if (of === shown && isSharp)
          pane.img.src = fine.src;
      });
      fine.src = pane.url(WIDTH_ENLARGED);
    }
  }

  function drawPictures() {
    isSharp = false;
    lines = null;
    other = null;
    stopBlinking();
    SIDES.forEach((side, i) => {
      panes[i].url = (width) => picture.candidate(shown.candidate, side, width);
      load(panes[i], panes[i].url(WIDTH), t(`compare.alt.${side}`, { title: side === 'work' ? shown.title : nameOf(shown) }));
    });
    drawOutline();
    lens.reset();
    if (on.difference)
      compute();
    if (on.lines)
      askLines();
  }

  function drawOutline() {
    const { width, height } = listing.size();
    const shows = on.outline && !other && shown.quad;
    listing.outline.setAttribute('viewBox', `0 0 ${width} ${height}`);
    fill(listing.outline, shows && ['dark', 'light'].map((name) => svg('polygon', { class: name, points: shown.quad.join(' ') })));
  }

  // --- words ---

  function drawHead() {
    const c = shown;
    const { price, seller, first_seen: seen } = c.listing;
    const [how, ...more] = shownAs(c);
    fill(head,
      h('h2', { id: 'compare-title' }, outside(c.listing.url, nameOf(c)),
        c.state !== 'open' && [' ', h(`span.tag.${stateKinds[c.state] ?? 'plain'}`, null, t(`compare.state.${c.state}`))]),
      h('p.meta', null, price && h('strong', null, price), seller && h('span', null, seller),
        placeOf(c.listing) && h('span', null, placeOf(c.listing)),
        h('span', null, t('compare.seen', { day: formatDay(secondsOf(seen)) }))),
      h('p.meta.found', null, h('strong', null, t('compare.how', { how: [how, ...more].join(', '), title: c.title, work: c.work })),
        h('span', null, oddsOf(c.score)),
        c.photos_matched > 1 && h('span', null, t('compare.photos_matched', { n: c.photos_matched }))));
  }

  // --- the listing's other photos ---

  let asked = null;
  const askPhotos = settled(150, attempt(async (candidate) => {
    asked?.abort();
    asked = new AbortController();
    const about = await get(`/api/candidates/${candidate.candidate}`, undefined, asked.signal);
    if (candidate !== shown || about.photos.length < 2)
      return;
    fill(photos, about.photos.map((photo, i) => h('button', {
      type: 'button', 'aria-pressed': String(photo.id === candidate.image.id), dataset: { photo: photo.id },
      'aria-label': t(photo.id === candidate.image.id ? 'compare.photo_found' : 'compare.photo', { n: i + 1, of: about.photos.length }),
      onclick: () => look(photo),
    }, h('img', { src: picture.photo(photo.id, 160), alt: '', loading: 'lazy' })))).hidden = false;
  }));

  /** Shows a photo of the listing where the candidate's is. */
  function look(photo) {
    other = photo.id === shown.image.id ? null : photo;
    isSharp = false;
    listing.url = (width) => picture.photo(photo.id, width);
    load(listing, listing.url(WIDTH), t('compare.alt.photo', { title: nameOf(shown) }));
    for (const button of photos.children)
      button.setAttribute('aria-pressed', String(button.dataset.photo === String(photo.id)));
    drawOutline();
    lens.apply();
  }

  // --- tools ---

  function toggle(name) {
    on[name] = !on[name];
    if (on.blink && on.difference)
      on[name === 'blink' ? 'difference' : 'blink'] = false;
    for (const one of Object.keys(tools))
      tools[one].setAttribute('aria-pressed', String(on[one]));
    if (name === 'outline')
      drawOutline();
    else if (name === 'lines')
      return on.lines ? askLines() : drawLines();
    else
      drawPatch();
    return undefined;
  }

  function drawPatch() {
    stopBlinking(on.blink);
    canvas.hidden = legend.hidden = !on.difference;
    if (on.difference)
      compute();
    else if (on.blink) {
      swap();
      if (!isCalm())
        blinking = setInterval(swap, BLINK_MS);
    }
  }

  function stopBlinking(stays = false) {
    clearInterval(blinking);
    on.blink = stays;
    tools.blink.setAttribute('aria-pressed', String(stays));
    isWorkUp = true;
    swap();
  }

  /** The other one of patch and work, in the patch's frame. */
  function swap() {
    isWorkUp = !isWorkUp;
    fill(patch.top, isWorkUp && h('img', { src: work.img.currentSrc || work.img.src, alt: '', decoding: 'sync', draggable: 'false' }));
    patch.caption.textContent = t(isWorkUp ? 'compare.work' : 'compare.patch');
  }

  /** The false colours, once both pictures are here. */
  async function compute() {
    const of = shown;
    const shape = Object.assign(new Image(), { src: picture.candidate(of.candidate, 'shape', WIDTH) });
    canvas.hidden = true;
    try {
      await Promise.all([work.img, shape, patch.img].map((img) => img.decode()));
    } catch {
      return; // one is missing, which is said in its place
    }
    if (of !== shown || !on.difference)
      return;
    const share = drawDifference(canvas, { work: work.img, shape, patch: patch.img, inverted: of.inverted ?? false });
    canvas.setAttribute('aria-label', t('compare.alt.difference', { percent: Math.round(100 * share) }));
    canvas.hidden = false;
    fill(legend, h('span.agree', null, t('compare.legend.agree', { percent: Math.round(100 * share) })),
      h('span.in-work', null, t('compare.legend.work')), h('span.in-listing', null, t('compare.legend.listing')));
  }

  const askLines = attempt(async () => {
    const of = shown;
    lines ??= await get(`/api/candidates/${of.candidate}/lines`);
    if (of !== shown) {
      lines = null;
      return;
    }
    drawLines();
  });

  function drawLines() {
    const shows = on.lines && lines && !other;
    const origin = sides.getBoundingClientRect();
    const at = (pane, x, y) => {
      const box = pane.frame.getBoundingClientRect();
      const point = lens.seenAt(pane, [x, y]);
      const isIn = point[0] >= 0 && point[1] >= 0 && point[0] <= pane.frame.clientWidth && point[1] <= pane.frame.clientHeight;
      return isIn && [box.left - origin.left + pane.frame.clientLeft + point[0], box.top - origin.top + pane.frame.clientTop + point[1]];
    };
    fill(over, shows && lines.lines.map(([wx, wy, px, py], i) => {
      const from = at(work, wx / lines.work.width, wy / lines.work.height);
      const to = at(listing, px / lines.photo.width, py / lines.photo.height);
      return from && to && join(from, to, COLOURS[i % COLOURS.length]);
    }));
  }

  function why() {
    openWhy(shown.candidate);
  }

  // --- what others see of it ---

  const whenShown = (keys, text, run, more) => ({ keys, text: `compare.key.${text}`, run, when: () => Boolean(shown), ...more });
  return {
    element: card,
    show(candidate, { next } = {}) {
      const isSame = candidate && shown && candidate.candidate === shown.candidate && candidate.seen === shown.seen;
      shown = candidate;
      card.hidden = !candidate;
      if (!candidate) {
        stopBlinking();
        return;
      }
      drawHead();
      if (!isSame) {
        fill(photos).hidden = true;
        drawPictures();
        askPhotos(candidate);
      }
      ahead = next ? SIDES.map((side) => Object.assign(new Image(), { src: picture.candidate(next.candidate, side, WIDTH) })) : [];
    },
    keys: [
      whenShown(['Enter'], 'why', why),
      whenShown(['b'], 'blink', () => toggle('blink')),
      whenShown(['d'], 'difference', () => toggle('difference')),
      whenShown(['m'], 'lines', () => toggle('lines')),
      whenShown(['v'], 'outline', () => toggle('outline')),
      whenShown(['+', '='], 'larger', () => lens.enlarge(1.5), { repeats: true }),
      whenShown(['-'], 'smaller', () => lens.enlarge(1 / 1.5), { repeats: true }),
      whenShown(['0'], 'reset', () => lens.reset()),
    ],
  };
}

function makePane(side) {
  const img = h('img', { alt: '' });
  const outline = svg('svg', { class: 'outline', viewBox: '0 0 1 1', 'aria-hidden': 'true' });
  const top = h('div.top');
  const missing = h('p.missing', { hidden: true });
  const stage = h('div.stage', null, img, outline, top);
  const frame = h('div.frame', null, stage, missing);
  const caption = h('figcaption', null, t(`compare.${side}`));
  const pane = { img, outline, top, missing, stage, frame, caption, figure: h(`figure.${side}`, null, frame, caption) };
  pane.size = () => ({ width: pane.img.naturalWidth || 1, height: pane.img.naturalHeight || 1 });
  pane.place = (u, v) => [u, v];
  pane.ratio = () => 1;
  return pane;
}

/** A line on whatever ground, with its ends. */
const join = ([x1, y1], [x2, y2], colour) => [
  svg('line', { x1, y1, x2, y2, class: 'under' }),
  svg('line', { x1, y1, x2, y2, stroke: colour }),
  [[x1, y1], [x2, y2]].map(([cx, cy]) => svg('circle', { cx, cy, r: 3.5, fill: colour })),
];
