// Charts as inline SVG. What tells series apart is their pattern and the legend, not colour alone;
// behind each chart lies a table of the same numbers.
//
// A chart is {title, unit, series: [{key, name}], rows: [{name, title, ...numbers by key}]}; there
// are up to three series. It is drawn to the width that it has, and again when that changes.

import { fill, h, svg } from './dom.js';
import { formatNumber, t } from './text.js';

let charts = 0; // so that each has patterns of its own

// --- patterns ---

const styles = ['solid', 'hatched', 'dotted'];

const patterns = (id) => svg('defs', null,
  svg('pattern', { id: `${id}-hatched`, width: 5, height: 5, patternUnits: 'userSpaceOnUse', patternTransform: 'rotate(45)' },
    svg('rect', { width: 5, height: 5, class: 'ground' }), svg('rect', { width: 2.5, height: 5, class: 'series hatched' })),
  svg('pattern', { id: `${id}-dotted`, width: 5, height: 5, patternUnits: 'userSpaceOnUse' },
    svg('rect', { width: 5, height: 5, class: 'ground' }), svg('circle', { cx: 2.5, cy: 2.5, r: 1.5, class: 'series dotted' })));

/* A rectangle in the pattern of the n-th series. */
const bar = (id, n, place) => svg('rect', { ...place, class: `mark series ${styles[n]}`,
  ...(n ? { fill: `url(#${id}-${styles[n]})` } : {}) });

function legend(series) {
  const id = `chart-${++charts}`;
  return h('ul.legend', null, series.map(({ name }, n) => h('li', null,
    svg('svg', { width: 18, height: 14, 'aria-hidden': 'true' }, patterns(`${id}-${n}`),
      bar(`${id}-${n}`, n, { x: 1, y: 1, width: 16, height: 12 })), name)));
}

// --- axes ---

/** Steps of 1, 2 or 5 times a power of ten, so that the axis has about so many of them. */
export function stepFor(most, about) {
  const raw = Math.max(most, 1) / about;
  const power = 10 ** Math.floor(Math.log10(raw));
  return Math.max(1, [1, 2, 5, 10].map((digit) => digit * power).find((step) => step >= raw));
}

const mostOf = ({ series, rows }) => Math.max(1, ...rows.flatMap((row) => series.map(({ key }) => row[key])));

const text = (x, y, anchor, what, kind) => svg('text', { x, y, 'text-anchor': anchor, class: kind }, what);

// --- two kinds of charts ---

const TOP = 22, BOTTOM = 26, HEIGHT = 240;

/* Groups of upright bars side by side. */
function drawColumns(chart, id, width) {
  const { series, rows } = chart;
  const step = stepFor(mostOf(chart), 4);
  const top = Math.ceil(mostOf(chart) / step) * step;
  const left = 12 + 8 * formatNumber(top).length;
  const each = (width - left) / rows.length;
  const high = HEIGHT - TOP - BOTTOM;
  const y = (value) => TOP + high * (1 - value / top);
  const thick = Math.max(1, Math.min(18, (each * 0.8) / series.length));
  const every = Math.ceil(64 / each); // so that names do not touch
  const lines = [];
  for (let value = 0; value <= top; value += step)
    lines.push(svg('line', { x1: left, x2: width, y1: y(value), y2: y(value), class: value ? 'grid' : 'axis' }),
      text(left - 6, y(value) + 4, 'end', formatNumber(value)));
  const groups = rows.map((row, at) => {
    const middle = left + each * (at + 0.5);
    const begin = middle - (thick * series.length) / 2;
    return svg('g', null, svg('title', null, row.title),
      svg('rect', { x: left + each * at, y: TOP, width: each, height: high, class: 'nothing' }),
      series.map(({ key }, n) => row[key] > 0 && bar(id, n, { x: begin + thick * n, y: y(row[key]),
        width: Math.max(0.5, thick - 1), height: y(0) - y(row[key]) })),
      (rows.length - 1 - at) % every === 0 && middle > left + 20 && middle < width - 4 &&
        text(Math.min(middle, width - 24), HEIGHT - 8, 'middle', row.name));
  });
  return { height: HEIGHT, parts: [text(0, 12, 'start', chart.unit, 'unit'), lines, groups] };
}

const ROW = 66, BAR = 13;

/* For each row its name, and below that a bar for each series with its number. */
function drawRows(chart, id, width) {
  const { series, rows } = chart;
  const most = mostOf(chart);
  const room = width - 12 - 9 * formatNumber(most).length;
  const parts = rows.map((row, at) => svg('g', null, svg('title', null, row.title),
    text(0, at * ROW + 14, 'start', row.name, 'name'),
    series.map(({ key }, n) => {
      const y = at * ROW + 20 + n * BAR;
      const long = (room * row[key]) / most;
      return [row[key] > 0 && bar(id, n, { x: 0.5, y, width: long, height: BAR - 2 }),
        text(long + 6, y + BAR - 3, 'start', formatNumber(row[key]), 'count')];
    })));
  return { height: rows.length * ROW, parts };
}

// --- a figure ---

const table = ({ title, series, rows, what }) => h('table', null, h('caption.away', null, title),
  h('thead', null, h('tr', null, h('th', { scope: 'col' }, what), series.map(({ name }) => h('th.number', { scope: 'col' }, name)))),
  h('tbody', null, rows.map((row) => h('tr', null, h('th', { scope: 'row' }, row.long ?? row.name),
    series.map(({ key }) => h('td.number', null, formatNumber(row[key])))))));

function makeFigure(chart, draw) {
  const id = `chart-${++charts}`;
  const picture = svg('svg', { role: 'img', 'aria-label': t('overview.chart', { title: chart.title }), class: 'chart' });
  const place = h('div.chart-place', null, picture);
  const redraw = () => {
    const width = Math.max(240, Math.round(place.clientWidth));
    const { height, parts } = draw(chart, id, width);
    picture.setAttribute('viewBox', `0 0 ${width} ${height}`);
    fill(picture, patterns(id), parts);
  };
  new ResizeObserver(redraw).observe(place);
  return h('figure', null, h('figcaption', null, h('h2', null, chart.title)), legend(chart.series), place,
    h('details', null, h('summary', null, t('overview.table')), h('div.scroll', { tabindex: 0, role: 'region', 'aria-label': chart.title }, table(chart))));
}

export const columns = (chart) => makeFigure(chart, drawColumns);
export const bars = (chart) => makeFigure(chart, drawRows);
