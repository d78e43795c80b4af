// Keys: what each view can do with one, and the help that lists them.
//
// A binding is {keys: ['j', 'ArrowDown'], text: 'inbox.key.next', run(event), when()}; a key may be
// written with "Shift+" before it; sequences of two ("g i") are written with a blank. Single
// letters do nothing while something is typed or a dialog is open, and can be switched off
// (WCAG 2.2, 2.1.4).

const STORED = 'knockoff.keys';
let common = [];
let own = [];
let first = ''; // of a sequence that is under way
let firstAt = 0;

export const areOn = () => localStorage.getItem(STORED) !== 'off';
export const switchKeys = (on) => localStorage.setItem(STORED, on ? 'on' : 'off');

export const setCommonKeys = (bindings) => { common = bindings; };
export const setKeys = (bindings) => { own = bindings ?? []; };

/** All bindings now, the view's before those of the page. */
export const allKeys = () => [...own, ...common];

const isTyping = (target) => target instanceof HTMLElement &&
  (target.isContentEditable || /^(TEXTAREA|SELECT)$/.test(target.tagName) ||
    (target.tagName === 'INPUT' && !/^(checkbox|radio|button|submit|range|file)$/.test(target.type)));

const nameOf = (event) => (event.shiftKey && event.key.length > 1 ? `Shift+${event.key}` : event.key);

/* What has a meaning of its own on what is focused stays with that. */
const isTaken = (event) => /^(Enter| )$/.test(event.key) &&
  event.target instanceof HTMLElement && event.target.closest('a, button, summary, input, label');

document.addEventListener('keydown', (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing || event.defaultPrevented)
    return;
  if (document.querySelector('dialog[open]') || isTyping(event.target) || isTaken(event))
    return;
  const name = nameOf(event);
  if (name.length === 1 && !areOn())
    return;
  const sequence = first && event.timeStamp - firstAt < 1500 ? `${first} ${name}` : '';
  first = '';
  const fits = (wanted) => (binding) => binding.keys.includes(wanted) && (!binding.when || binding.when());
  const binding = (sequence && allKeys().find(fits(sequence))) || allKeys().find(fits(name));
  if (binding) {
    event.preventDefault();
    if (!event.repeat || binding.repeats)
      binding.run(event);
  } else if (allKeys().some((one) => one.keys.some((key) => key.startsWith(`${name} `)))) {
    first = name;
    firstAt = event.timeStamp;
  }
});
