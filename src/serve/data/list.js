// A list of any length that scrolls, of which only what is in sight is in the page.
//
// Rows are numbered from 0 and know their heights, so where each one lies is known without drawing
// it. Some rows head a section, and stick to the top while there is something of it below; sections
// lie in sections. For the keyboard and for screen readers it is a grid with one cell a row: the
// grid has the focus, and names the current row.

import { fill, h, settled } from './dom.js';

const AHEAD_PX = 480; // above and below what is in sight, so that scrolling shows no gaps
const SETTLED_MS = 100; // in which nothing scrolls

/** A list: {element, setRows, setCurrent, redraw, redrawAll, reveal}. draw(row) gives what is in a
 * row's cell; isSelected(row) is true, false, or null for what cannot be selected; choose(row) is
 * called for a click on a row; settle(first, last) when it has come to rest on these rows. */
export function makeList({ label, draw, isSelected, choose, settle }) {
  const space = h('div.list-space', { role: 'presentation' });
  const element = h('div.list', { role: 'grid', tabindex: 0, 'aria-label': label, 'aria-multiselectable': 'true',
    'aria-rowcount': 0 }, space);
  const shown = new Map(); // elements of rows, by row
  const boxes = new Map(); // elements of sections, by the row of their head
  let count = 0;
  let tops = new Float64Array(1); // of rows, and the end
  let sectionOf = () => null;
  let current = -1;
  let frame = 0;

  // --- where things are ---

  const heightOf = (row) => tops[row + 1] - tops[row];

  /* The row at a height. */
  function rowAt(px) {
    let low = 0;
    let high = count - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if (tops[middle] <= px)
        low = middle;
      else
        high = middle - 1;
    }
    return low;
  }

  /* How much sticks to the top above what is in a section. */
  function stuck(section) {
    let px = 0;
    for (let at = section; at; at = at.parent)
      px += heightOf(at.head);
    return px;
  }

  // --- drawing ---

  /* Among its siblings each element lies where its row does, which is the order in which it is read. */
  function place(parent, child, row) {
    child.dataset.row = row;
    let before = parent.lastElementChild;
    while (before && Number(before.dataset.row) > row)
      before = before.previousElementSibling;
    if (before)
      before.after(child);
    else
      parent.prepend(child);
  }

  function boxOf(section) {
    let box = boxes.get(section.head);
    if (!box) {
      const parent = section.parent ? boxOf(section.parent) : space;
      box = h('div.list-section', { role: section.parent ? 'rowgroup' : 'presentation' });
      box.style.top = `${tops[section.head] - (section.parent ? tops[section.parent.head] : 0)}px`;
      box.style.height = `${tops[section.end] - tops[section.head]}px`;
      place(parent, box, section.head);
      boxes.set(section.head, box);
    }
    return box;
  }

  function fillRow(cell, row) {
    const selected = isSelected(row);
    if (selected === null)
      cell.removeAttribute('aria-selected');
    else
      cell.setAttribute('aria-selected', selected);
    cell.classList.toggle('current', row === current);
    fill(cell, h('div.list-cell', { role: 'gridcell' }, draw(row)));
  }

  function drawRow(row) {
    const section = sectionOf(row);
    const line = h('div.list-row', { role: 'row', id: `row-${row}`, 'aria-rowindex': row + 1 });
    line.style.height = `${heightOf(row)}px`;
    if (section && section.head === row) {
      line.classList.add('list-head');
      line.style.top = `${stuck(section.parent)}px`;
    } else {
      line.style.top = `${tops[row] - (section ? tops[section.head] : 0)}px`;
    }
    fillRow(line, row);
    place(section ? boxOf(section) : space, line, row);
    shown.set(row, line);
  }

  /* Rows in sight, those about them, the current one, and the heads of all these. */
  function wanted() {
    const rows = new Set();
    const add = (row) => {
      rows.add(row);
      for (let at = sectionOf(row); at; at = at.parent)
        rows.add(at.head);
    };
    if (count === 0)
      return rows;
    const last = rowAt(element.scrollTop + element.clientHeight + AHEAD_PX);
    for (let row = rowAt(element.scrollTop - AHEAD_PX); row <= last; row++)
      add(row);
    if (current >= 0)
      add(current);
    return rows;
  }

  function drop(map, rows) {
    for (const [row, one] of map) {
      if (!rows.has(row)) {
        one.remove();
        map.delete(row);
      }
    }
  }

  function render() {
    cancelAnimationFrame(frame);
    frame = 0;
    const rows = wanted();
    drop(shown, rows);
    drop(boxes, rows);
    for (const row of rows)
      if (!shown.has(row))
        drawRow(row);
  }

  const rest = settled(SETTLED_MS, () => {
    if (count && element.isConnected)
      settle(rowAt(element.scrollTop), rowAt(element.scrollTop + element.clientHeight));
  });
  const move = () => {
    frame ||= requestAnimationFrame(render);
    rest();
  };
  element.addEventListener('scroll', move, { passive: true });
  new ResizeObserver(move).observe(element);
  space.addEventListener('click', (event) => {
    const line = event.target.closest('.list-row');
    if (line && !event.target.closest('button, a, input, label'))
      choose(Number(line.dataset.row));
  });

  // --- what others do with it ---

  /** Gives it other rows: how many, the height of each in pixels, and the section of each, {head,
   * end: the row behind it, parent: section or null}, or null. */
  function setRows(n, rowHeight, section) {
    count = n;
    sectionOf = section;
    tops = new Float64Array(n + 1);
    for (let row = 0; row < n; row++)
      tops[row + 1] = tops[row] + rowHeight(row);
    current = -1;
    element.removeAttribute('aria-activedescendant');
    element.setAttribute('aria-rowcount', n);
    space.style.height = `${tops[n]}px`;
    shown.clear();
    boxes.clear();
    fill(space);
    render();
    rest();
  }

  /** Draws rows again of which something changed. */
  function redraw(rows) {
    for (const row of rows)
      if (shown.has(row))
        fillRow(shown.get(row), row);
  }
  const redrawAll = () => redraw(shown.keys());

  /** Scrolls no more than it takes to have the row in sight. */
  function reveal(row) {
    const top = tops[row] - stuck(sectionOf(row));
    const bottom = tops[row + 1] - element.clientHeight;
    if (element.scrollTop > top)
      element.scrollTop = top;
    else if (element.scrollTop < bottom)
      element.scrollTop = bottom;
  }

  /** Makes a row the current one, and has it in sight. */
  function setCurrent(row) {
    shown.get(current)?.classList.remove('current');
    current = row;
    reveal(row);
    render();
    shown.get(row).classList.add('current');
    element.setAttribute('aria-activedescendant', `row-${row}`);
    rest();
  }

  return { element, setRows, setCurrent, redraw, redrawAll, reveal };
}
