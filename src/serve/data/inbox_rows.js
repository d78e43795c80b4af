// What is in a row of the inbox.

import { h } from './dom.js';
import { nameOf, shownAs } from './evidence.js';
import { formatNumber, t } from './text.js';
import { picture } from './ui.js';

const THUMB_PX = 112; // sharp on a dense screen
const AT_ONCE = 2; // pictures that are fetched at once: the card's and decisions come first
const KEPT = 400; // pictures

/** Small pictures of listings, fetched one after the other while they are in the page. */
export function makeThumbs() {
  const images = new Map(); // by candidate, the one used last at the end
  let waiting = [];
  let under = 0;

  const done = (image) => () => {
    under--;
    image.classList.toggle('missing', !image.naturalWidth);
    next();
  };

  /* What is in sight now comes before what was. */
  function next() {
    waiting = waiting.filter((image) => image.isConnected);
    while (under < AT_ONCE && waiting.length) {
      const image = waiting.shift();
      under++;
      image.addEventListener('load', done(image), { once: true });
      image.addEventListener('error', done(image), { once: true });
      image.src = picture.candidate(image.dataset.candidate, 'listing', THUMB_PX);
    }
  }

  return {
    /** The element of a candidate's picture. */
    of(id) {
      const image = images.get(id) ?? h('img.thumb', { alt: '', width: 48, height: 48, dataset: { candidate: id } });
      images.delete(id);
      images.set(id, image);
      if (images.size > KEPT)
        images.delete(images.keys().next().value);
      return image;
    },
    /** Fetches those in the page that are not there yet. */
    fetch(root) {
      waiting = [...root.querySelectorAll('img.thumb:not([src])')];
      next();
    },
  };
}

/* How sure it is, in short: how much of the work is there, and when that is not much to go by, how
 * many photos would look so by chance. */
const worth = (candidate) => [shownAs(candidate)[0],
  candidate.score < 6 && t('inbox.row.odds', { n: Math.round(10 ** Math.max(candidate.score, 0)) })];

/** What a listing asks, as it says it; a bare number gets its currency. */
const price = ({ price: said, currency }) => (/^[\d.,\s]+$/.test(said) ? `${said} ${currency ?? ''}`.trim() : said);

/** A state, unless it is open, which goes without saying. */
export const stateTag = (state) => (state === 'open' ? null : h(`span.tag.${TONES[state] ?? 'plain'}`, null, t(`inbox.state.${state}`)));
const TONES = { accepted: 'good', unsure: 'warn', licensed: 'info' };

/** A seller as people call them. */
export const sellerName = ({ name, id, host, platform }) => name || id || host || platform || t('inbox.row.no_seller');

const chooser = (label, checked, onchange) => h('label.pick', null,
  h('input', { type: 'checkbox', tabindex: -1, checked, 'aria-label': label, onchange }));

const count = (left, of) => (left === of ? formatNumber(of) : t('inbox.row.left', { left, of }));

/** The head of a work: left of all are still to be looked at. */
export const workRow = (work, left, chosen, choose) => [
  chooser(t('inbox.row.choose_work', { title: work.title || work.serial }), chosen, choose),
  h('span.row-title', null, work.title || work.serial),
  h('span.row-note', null, count(left, work.n)),
];

/** The head of what one seller has of it. */
export const groupRow = (seller, group, left, chosen, choose) => [
  chooser(t('inbox.row.choose_seller', { name: sellerName(seller) }), chosen, choose),
  h('span.row-title', null, sellerName(seller)),
  h('span.row-note', null, seller.platform || seller.host, ' · ', count(left, group.n)),
];

/** A candidate; candidate is undefined while it is not known yet. alike: so many more show its
 * picture and are to be decided about. */
export function candidateRow(candidate, { thumb, state, returned, alike, chosen, choose }) {
  const title = candidate && nameOf(candidate);
  const facts = candidate && [price(candidate.listing), ...worth(candidate)].filter(Boolean).join(' · ');
  return [
    chooser(t('inbox.row.choose', { title: title ?? '' }), chosen, choose),
    h('span.thumb-frame', null, candidate && thumb),
    h('span.row-text', null,
      h('span.row-title', null, title ?? t('inbox.row.loading')),
      h('span.row-note', null, h('span', null, facts ?? ''), h('span.row-tags', null,
        returned && h('span.tag.warn', null, t('inbox.row.returned')),
        alike > 0 && h('span.tag.info', null, t('inbox.row.alike', { n: alike })), stateTag(state)))),
  ];
}
