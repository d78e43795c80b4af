// Lines between points that agree.

import { svg } from './dom.js';

// Neighbours in the list lie far apart in the work, so their colours may be alike.
const COLOURS = ['#e69f00', '#56b4e9', '#00c08b', '#f0e442', '#4d9de0', '#ff7a1a', '#e58fc0', '#ffffff'];

/** The nth line, light on dark to be seen on any ground, with its ends. */
export function join(n, [x1, y1], [x2, y2]) {
  const colour = COLOURS[n % COLOURS.length];
  return [
    svg('line', { x1, y1, x2, y2, class: 'under' }),
    svg('line', { x1, y1, x2, y2, stroke: colour }),
    [[x1, y1], [x2, y2]].map(([cx, cy]) => svg('circle', { cx, cy, r: 3.5, fill: colour })),
  ];
}

/** An outline that is seen on any ground; points as SVG has them. */
export const outlined = (points) => ['dark', 'light'].map((name) => svg('polygon', { class: name, points }));
