// All words of the page come from one catalogue, text.LANGUAGE.json: a translation is a file.

let catalogue = {};
let language = 'en';
let plural, number, compact;

const read = async (name) => (await fetch(`/assets/text.${name}.json`)).json();

/** Own, with what is translated of it, all the way down; a language may have more forms. */
const merge = (own, translated) => Object.fromEntries(Object.entries(own).map(([key, value]) => [key,
  value && typeof value === 'object' && typeof translated?.[key] === 'object'
    ? { ...translated[key], ...merge(value, translated[key]) }
    : translated?.[key] ?? value]));

/** Loads the catalogue of the first language that the user reads and that there is; what is not
 * translated stays English. */
export async function loadTexts(languages) {
  const wanted = navigator.languages.map((name) => [name, name.split('-')[0]]).flat()
    .find((name) => languages.includes(name)) ?? 'en';
  const english = await read('en');
  catalogue = wanted === 'en' ? english : merge(english, await read(wanted));
  language = catalogue.language;
  document.documentElement.lang = language;
  plural = new Intl.PluralRules(language);
  number = new Intl.NumberFormat(language);
  compact = new Intl.NumberFormat(language, { maximumFractionDigits: 1 });
}

const find = (name) => name.split('.').reduce((at, key) => at?.[key], catalogue);

/** The text of that name ("inbox.accept") with {places} filled in. Where it has forms ("one",
 * "other"), n chooses; numbers are written as people write them. A name that the catalogue does not
 * have is shown as it is, so that it is found. */
export function t(name, places) {
  let text = find(name);
  if (text && typeof text === 'object')
    text = text[plural.select(places?.n ?? 0)] ?? text.other;
  if (typeof text !== 'string')
    return name;
  return text.replace(/\{(\w+)\}/g, (whole, place) => {
    const value = places?.[place];
    return value === undefined ? whole : typeof value === 'number' ? number.format(value) : value;
  });
}

/** Whether the catalogue has it. */
export const has = (name) => find(name) !== undefined;

export const formatNumber = (value) => number.format(value);
export const formatShort = (value) => compact.format(value);
export const formatMoney = (value, currency) => (currency
  ? new Intl.NumberFormat(language, { style: 'currency', currency, maximumFractionDigits: 0 }).format(value)
  : number.format(value));

/** A moment (seconds since 1970) as a day, or with its time. */
export const formatDay = (seconds) => new Intl.DateTimeFormat(language, { dateStyle: 'medium' })
  .format(new Date(seconds * 1000));
export const formatTime = (seconds) => new Intl.DateTimeFormat(language,
  { dateStyle: 'medium', timeStyle: 'short' }).format(new Date(seconds * 1000));

/** A day ("2026-11-22") as people write it, in no time zone. */
export const formatDate = (day) => new Intl.DateTimeFormat(language, { dateStyle: 'medium', timeZone: 'UTC' })
  .format(new Date(`${day}T00:00:00Z`));
/** The same without its year, for axes. */
export const formatShortDate = (day) => new Intl.DateTimeFormat(language, { month: 'short', day: 'numeric', timeZone: 'UTC' })
  .format(new Date(`${day}T00:00:00Z`));
