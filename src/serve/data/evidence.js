// What is known of a candidate, in words of the page.

import { formatNumber, t } from './text.js';

const percent = (share) => Math.floor(100 * share); // nothing is said to be all there that is not

/** How many unrelated photos it takes until one matches so well by chance, as a sentence. Beyond a
 * million is more than was ever looked at. */
export function oddsOf(score) {
  if (score >= 6)
    return t('compare.odds.rare');
  if (score < 0.5)
    return t('compare.odds.common');
  const photos = score < 3 ? Math.round(10 ** score) : 1000 * Math.round(10 ** (score - 3));
  return t('compare.odds.one_in', { photos });
}

/** How the photo shows the work, beginning with how much of it: ["93 % of your work", "mirrored"]. */
export function shownAs(c) {
  if (c.method !== 'part')
    return [t('compare.shown.whole'), c.orientation !== 'none' && t(`compare.turned.${c.orientation}`)].filter(Boolean);
  const degrees = Math.round(Math.abs(c.turn));
  return [
    t('compare.shown.part', { percent: percent(c.share) }),
    c.mirrored && t('compare.shown.mirrored'),
    c.inverted && t('compare.shown.inverted'),
    degrees > 0 && t(c.turn > 0 ? 'compare.shown.clockwise' : 'compare.shown.counter_clockwise', { degrees }),
  ].filter(Boolean);
}

/** What the listing is called where it has no title. */
export const nameOf = ({ listing, image }) => listing.title || listing.url || image.path.split('/').pop();

/** Where it is offered: a marketplace, or the host of the shop. */
export function placeOf(listing) {
  if (listing.platform)
    return listing.platform;
  return URL.canParse(listing.url) ? new URL(listing.url).host : '';
}

/** A moment of the server's ("2026-11-22T08:45:01Z") in seconds since 1970. */
export const secondsOf = (moment) => Date.parse(moment) / 1000;

/** "551 × 600 pixels" */
export const sizeOf = ({ width, height }) => t('compare.pixels', { width: formatNumber(width), height: formatNumber(height) });

// Where the corners of a work lie in a photo that shows it as a whole, as shares of the photo.
const turns = {
  none: (u, v) => [u, v],
  rot90: (u, v) => [1 - v, u],
  rot180: (u, v) => [1 - u, 1 - v],
  rot270: (u, v) => [v, 1 - u],
  mirror: (u, v) => [1 - u, v],
  flip: (u, v) => [u, 1 - v],
  transpose: (u, v) => [v, u],
  transverse: (u, v) => [1 - v, 1 - u],
};

/** Where in the photo a place of the work lies, both as shares of width and height. Between the
 * corners it is only about right, which is enough to look at it. */
export function placer(c) {
  if (!c.quad)
    return turns[c.orientation] ?? turns.none;
  const at = (corner, axis) => c.quad[2 * corner + axis] / (axis ? c.image.height : c.image.width);
  const between = (u, v, axis) => (1 - v) * ((1 - u) * at(0, axis) + u * at(1, axis)) +
    v * ((1 - u) * at(3, axis) + u * at(2, axis));
  return (u, v) => [between(u, v, 0), between(u, v, 1)];
}
