// What views share: messages, questions, places to drop files on.

import { h, fill } from './dom.js';
import { t } from './text.js';

const toasts = () => document.getElementById('toasts');

/** Says something at the edge for some seconds; action is {text, run}, kind 'error' stays until it
 * is closed. */
export function toast(text, { action, kind } = {}) {
  const note = h(`div.toast${kind ? `.${kind}` : ''}`, null, h('span', null, text),
    action && h('button.quiet', { type: 'button', onclick: () => { note.remove(); action.run(); } }, action.text),
    h('button.quiet.close', { type: 'button', 'aria-label': t('page.close'), onclick: () => note.remove() }, '×'));
  while (toasts().children.length > 3)
    toasts().firstChild.remove();
  toasts().append(note);
  if (kind !== 'error')
    setTimeout(() => note.remove(), 8000);
  return note;
}

/** Says what went wrong. */
export const complain = (error) => {
  if (error.name !== 'AbortError')
    toast(error.message, { kind: 'error' });
};

/** Runs an async function and says what goes wrong. */
export const attempt = (fn) => async (...words) => {
  try {
    return await fn(...words);
  } catch (error) {
    complain(error);
    return undefined;
  }
};

/** Shows a dialog: fill it by make(dialog, close); resolves with what close was called with, or
 * undefined when it was left by Escape. Focus goes back to where it was. */
export function openDialog(title, make) {
  return new Promise((done) => {
    let result;
    const before = document.activeElement;
    const dialog = h('dialog', { 'aria-labelledby': 'dialog-title' });
    const close = (value) => { result = value; dialog.close(); };
    fill(dialog, h('h2', { id: 'dialog-title' }, title), make(dialog, close));
    dialog.addEventListener('close', () => {
      dialog.remove();
      before?.focus?.();
      done(result);
    }, { once: true });
    document.body.append(dialog);
    dialog.showModal();
  });
}

/** Asks yes or no; true for yes. */
export const confirmThat = (title, text, yes) => openDialog(title, (dialog, close) => [
  ...[text].flat().map((line) => h('p', null, line)),
  h('div.actions', null,
    h('button.primary', { type: 'button', autofocus: true, onclick: () => close(true) }, yes),
    h('button', { type: 'button', onclick: () => close(false) }, t('page.cancel'))),
]).then(Boolean);

/** A field to choose or drop files on; take gets an array of File. */
export function dropZone(text, { accept, multiple = true, take }) {
  const input = h('input.away', { type: 'file', accept, multiple, 'aria-label': text,
    onchange: () => { take([...input.files]); input.value = ''; } });
  const zone = h('label.drop', null, h('span', null, text),
    h('span.button', { 'aria-hidden': 'true' }, t('page.choose')), input);
  const over = (on) => (event) => {
    event.preventDefault();
    event.stopPropagation();
    zone.classList.toggle('over', on);
  };
  zone.addEventListener('dragover', over(true));
  zone.addEventListener('dragleave', over(false));
  zone.addEventListener('drop', (event) => {
    over(false)(event);
    take([...event.dataTransfer.files]);
  });
  return zone;
}

/** Copies a text, and says so. */
export async function copyText(text) {
  await navigator.clipboard.writeText(text);
  toast(t('page.copied'));
}

/** A field of a form with its label and a line of help. control is an input, select or textarea. */
export function field(label, control, help) {
  control.id ||= `field-${++fields}`;
  const note = help && h('p.help', { id: `${control.id}-help` }, help);
  if (note)
    control.setAttribute('aria-describedby', note.id);
  return h('div.field', null, h('label', { for: control.id }, label), control, note);
}
let fields = 0;

/** Names of views and pictures that many need. */
export const picture = {
  candidate: (id, side, width) => `/api/candidates/${id}/picture?side=${side}&width=${width}`,
  work: (id, width) => `/api/works/${id}/picture?width=${width}`,
  photo: (id, width) => `/api/photos/${id}/picture?width=${width}`,
};
