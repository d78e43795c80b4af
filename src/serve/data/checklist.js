// CHECKLIST.txt of a packet, as a list to go through: what the form wants stands where its step is.
//
// The text is the program's own (src/case/checklist.c): numbered steps, each with lines that are
// indented below it, then headings with "-" items, then the sources that "[1]" means.

import { h, isWeb, outside } from './dom.js';
import { t } from './text.js';
import { copyText, attempt } from './ui.js';

/** Takes the text apart: {steps: [{text, lines}], sections: [{title, items}]}. */
export function readChecklist(text) {
  const steps = [];
  const sections = [];
  for (const line of text.split('\n').slice(1)) {
    const step = /^ ?\d+\. (.*)$/.exec(line);
    const last = sections.length ? sections.at(-1).items : null;
    if (step && !sections.length)
      steps.push({ text: step[1], lines: [] });
    else if (/^ {4,}\S/.test(line) && last?.length)
      last.push(`${last.pop()} ${line.trim()}`);
    else if (/^ {4,}\S/.test(line) && steps.length)
      steps.at(-1).lines.push(line.trim());
    else if (/^ {1,2}(- |\[)/.test(line) && last)
      last.push(line.trim().replace(/^- /, ''));
    else if (line.trim() && steps.length)
      sections.push({ title: line.trim(), items: [] });
  }
  return { steps, sections };
}

/* The numbers of sources stand at the end; they are told below. */
const withoutSource = (text) => text.replace(/ \[\d+\]$/, '');

const linked = (text) => text.split(/(https?:\/\/\S+)/).map((part) => (isWeb(part) ? outside(part) : part));

/* "title            Wolf Spirit": a field of the form, to be copied into it. */
function fieldRow(line) {
  const said = /^(\S.*?) {2,}(.*)$/.exec(line);
  if (!said)
    return h('p', null, linked(line));
  if (/\.\w+$/.test(said[1])) // a file, and what it shows
    return h('p', null, `${said[1]}: ${said[2].replace(/, or$/, '')}`);
  return h('div.copy-row', null, h('span.quiet-text', null, said[1]), h('span', null, said[2]),
    h('button.quiet', { type: 'button', 'aria-label': t('notices.copy_field', { name: said[1] }), onclick: attempt(() => copyText(said[2])) }, t('notices.copy')));
}

/* Ticks are this browser's own. */
const stored = (id) => `knockoff.steps.${id}`;
const ticked = (id) => new Set(JSON.parse(localStorage.getItem(stored(id)) ?? '[]'));

function tick(id, place, on) {
  const done = ticked(id);
  done[on ? 'add' : 'delete'](place);
  localStorage.setItem(stored(id), JSON.stringify([...done]));
}

/** The steps as a list that is ticked off. attach(step) gives what belongs below a step, or null;
 * id is that of the notice. */
export function checklist(id, text, attach) {
  const { steps, sections } = readChecklist(text);
  const done = ticked(id);
  const item = (step, place) => {
    const box = h('input', { type: 'checkbox', checked: done.has(place), onchange: () => tick(id, place, box.checked) });
    const lines = step.lines.filter((line) => !line.startsWith('knockoff '));
    return h('li', null, h('label.check', null, box, h('span', null, linked(withoutSource(step.text).replace(/, with the number that it was given:$/, '.')))),
      h('div.step', null, lines.map((line) => fieldRow(withoutSource(line))), attach(step)));
  };
  return [
    h('ol.steps', null, steps.map(item)),
    sections.map((section) => h('details', null, h('summary', null, section.title.replace(/ \(knockoff .*\)$/, '')),
      h('ul', null, section.items.map((line) => h('li', null, linked(line)))))),
  ];
}
