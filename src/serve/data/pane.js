// One picture of the card in its frame, with what lies over it.

import { get } from './api.js';
import { fill, h, svg } from './dom.js';
import { t } from './text.js';

const WIDTH = 800; // of a picture as it comes, and enlarged
const WIDTH_ENLARGED = 2000;

/** The address of a picture as it comes, of those that ui.js names by a width. */
export const usual = (url) => url(WIDTH);

/** Stops loading a picture that nobody waits for: the browser asks for few at a time. One that
 * another element waits for, too, goes on. */
export function giveUp(img) {
  if (!img.complete)
    img.removeAttribute('src');
}

/** A pane, which is one of lens.js, too: {figure, frame, stage, top, outline, caption, img, show(url,
 * alt), sharpen()}. url gives the picture's address for a width; onLoad is called when it is here. */
export function makePane(side, onLoad) {
  const outline = svg('svg', { class: 'outline', viewBox: '0 0 1 1', 'aria-hidden': 'true' });
  const top = h('div.top');
  const missing = h('p.missing', { hidden: true });
  const img = h('img', { alt: '' });
  const stage = h('div.stage', null, img, outline, top);
  const frame = h('div.frame', null, stage, missing);
  const caption = h('figcaption', null, t(`compare.${side}`));
  let fine = null; // its address in detail, until that was asked for

  const pane = {
    side, img, outline, top, stage, frame, caption,
    figure: h(`figure.${side}`, null, frame, caption),
    size: () => ({ width: pane.img.naturalWidth || 1, height: pane.img.naturalHeight || 1 }),
    place: (u, v) => [u, v],
    ratio: () => 1,
    show(url, alt) {
      const next = h('img', { src: usual(url), alt, draggable: 'false', decoding: 'sync' });
      next.addEventListener('load', onLoad);
      next.addEventListener('error', () => explain(usual(url), next));
      pane.img.replaceWith(next);
      giveUp(pane.img);
      pane.img = next;
      missing.hidden = true;
      fine = url(WIDTH_ENLARGED);
    },
    /** Shows more detail once that is here. */
    sharpen() {
      if (!fine)
        return;
      const { img: shown } = pane;
      const detailed = Object.assign(new Image(), { src: fine });
      detailed.addEventListener('load', () => { shown.src = detailed.src; }, { once: true });
      fine = null;
    },
  };

  /* What the server says of a picture that does not come, in its place. */
  async function explain(address, failed) {
    const why = await get(address).then(() => t('compare.missing'), (error) => error.message);
    if (pane.img !== failed)
      return;
    failed.hidden = true;
    fill(missing, why).hidden = false;
  }

  return pane;
}
