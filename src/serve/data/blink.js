// What the third frame of the card shows instead of the found place: that and the work in turn, or
// where they differ.

import { drawDifference } from './difference.js';
import { fill, h } from './dom.js';
import { usual } from './pane.js';
import { t } from './text.js';
import { picture } from './ui.js';

const BLINK_MS = 300; // 1.7 flashes a second: 3 are too many (WCAG 2.2, 2.3.1)

const isCalm = () => matchMedia('(prefers-reduced-motion: reduce)').matches;

/** Shows the work over the patch every now and then. With reduced motion it just stays there. */
export function makeBlink(work, patch) {
  let timer = 0;
  let isWorkUp = false;
  const show = (up) => {
    isWorkUp = up;
    fill(patch.top, up && h('img', { src: work.img.src, alt: '', decoding: 'sync', draggable: 'false' }));
    patch.caption.textContent = t(up ? 'compare.work' : 'compare.patch');
  };
  return {
    start() {
      show(true);
      timer = isCalm() ? 0 : setInterval(() => show(!isWorkUp), BLINK_MS);
    },
    stop() {
      clearInterval(timer);
      show(false);
    },
  };
}

/** The false colours over the patch: {legend, show(candidate), hide()}. */
export function makeDifference(work, patch) {
  const canvas = h('canvas', { role: 'img', hidden: true });
  const legend = h('p.legend', { hidden: true });
  let of = null; // the candidate that it is to be drawn of

  async function show(candidate) {
    hide();
    of = candidate;
    const shape = Object.assign(new Image(), { src: usual((width) => picture.candidate(of.candidate, 'shape', width)) });
    const pictures = [work.img, shape, patch.img];
    const here = await Promise.all(pictures.map((img) => img.decode())).then(() => true, () => false);
    if (!here || of !== candidate) // what is missing is said in its place
      return;
    const percent = Math.round(100 * drawDifference(canvas,
      { work: work.img, shape, patch: patch.img, inverted: candidate.inverted ?? false }));
    canvas.setAttribute('aria-label', t('compare.alt.difference', { percent }));
    fill(legend, h('span.agree', null, t('compare.legend.agree', { percent })),
      h('span.in-work', null, t('compare.legend.work')), h('span.in-listing', null, t('compare.legend.listing')));
    canvas.hidden = legend.hidden = false;
  }

  function hide() {
    of = null;
    canvas.hidden = legend.hidden = true;
  }

  patch.stage.append(canvas);
  return { legend, show, hide };
}
