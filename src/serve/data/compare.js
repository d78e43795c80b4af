// The card: one candidate, its listing beside the work.

import { fill, h, outside, svg } from './dom.js';
import { t } from './text.js';
import { picture } from './ui.js';

const WIDTH = 800;

/** A card: {element, show(candidate, {next}), keys}. show takes a candidate as GET /api/candidates
 * gives it, or null, and loads the pictures of the next one ahead. */
export function makeCompare() {
  const element = h('article.compare');
  return {
    element,
    keys: [],
    show(candidate, { next } = {}) {
      fill(element, candidate && draw(candidate));
      if (next)
        for (const side of ['listing', 'work', 'patch'])
          new Image().src = picture.candidate(next.candidate, side, WIDTH);
    },
  };
}

function draw(candidate) {
  const { listing, image } = candidate;
  const part = (side, ...over) => h('figure', null,
    h('div.frame', null, h('img.picture', { src: picture.candidate(candidate.candidate, side, WIDTH), alt: t(`compare.${side}`) }), over),
    h('figcaption', null, t(`compare.${side}`)));
  const outline = candidate.quad && svg('svg', { viewBox: `0 0 ${image.width} ${image.height}`, preserveAspectRatio: 'none', 'aria-hidden': 'true' },
    svg('polygon', { points: candidate.quad.join(' ') }));
  return [
    h('h2', null, outside(listing.url, listing.title || listing.url)),
    h('div.sides', null, part('work'), part('listing', outline), part('patch')),
  ];
}
