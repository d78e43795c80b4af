// Elements of the page. Whatever a stranger wrote (a title, a seller, a file name) goes in as text:
// nothing here, or anywhere in the page, reads markup from a string.

/** An element: h('a.button', {href, onclick, hidden, 'aria-label'}, children...). Children are
 * nodes, texts, numbers, arrays of these, or null and false for nothing. A property that begins
 * with "on" is a listener; true sets an attribute, false, null and undefined leave it out. */
export function h(what, properties, ...children) {
  const [name, ...classes] = what.split('.');
  const element = document.createElement(name || 'div');
  if (classes.length)
    element.className = classes.join(' ');
  for (const [key, value] of Object.entries(properties ?? {}))
    set(element, key, value);
  element.append(...nodes(children));
  return element;
}

const SVG = 'http://www.w3.org/2000/svg';

/** The same of SVG. */
export function svg(name, attributes, ...children) {
  const element = document.createElementNS(SVG, name);
  for (const [key, value] of Object.entries(attributes ?? {}))
    set(element, key, value);
  element.append(...nodes(children));
  return element;
}

function set(element, key, value) {
  if (key.startsWith('on'))
    element.addEventListener(key.slice(2), value);
  else if (key === 'dataset')
    Object.assign(element.dataset, value);
  else if (key === 'value')
    element.value = value;
  else if (value !== false && value !== null && value !== undefined)
    element.setAttribute(key, value === true ? '' : value);
}

const nodes = (children) => children.flat(Infinity)
  .filter((child) => child !== null && child !== undefined && child !== false && child !== true)
  .map((child) => (child instanceof Node ? child : document.createTextNode(child)));

/** Puts children instead of what is in the element. */
export function fill(element, ...children) {
  element.replaceChildren(...nodes(children));
  return element;
}

/** True of an address of the web that may be linked to; a listing may claim anything. */
export const isWeb = (url) => /^https?:\/\//i.test(url ?? '');

/** A link out of the page, or the text alone where the address is none of the web. */
export const outside = (url, text) => (isWeb(url)
  ? h('a', { href: url, target: '_blank', rel: 'noopener noreferrer' }, text ?? url)
  : h('span', null, text ?? url));

/** Calls fn once calls have ceased for so long. */
export function settled(ms, fn) {
  let timer = 0;
  return (...words) => {
    clearTimeout(timer);
    timer = setTimeout(() => fn(...words), ms);
  };
}
