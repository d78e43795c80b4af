// The server, asked for JSON. What goes wrong is an Error with the server's own line.

// What the server led the browser to the page with; of this run of the server alone. It is kept where
// only pages of this port can read it.
const STORED = 'knockoff.token';
if (location.hash.startsWith('#token=')) {
  localStorage.setItem(STORED, location.hash.slice('#token='.length));
  history.replaceState(null, '', '/#/inbox');
}
const secret = () => ({ 'X-Knockoff-Token': localStorage.getItem(STORED) ?? '' });

export class Refused extends Error {
  constructor(status, text) {
    super(text);
    this.status = status;
  }
}

async function ask(path, options) {
  const answer = await fetch(path, options);
  const type = answer.headers.get('Content-Type') ?? '';
  const told = type.startsWith('application/json') ? await answer.json() : null;
  if (!answer.ok)
    throw new Refused(answer.status, told?.error ?? `${answer.status}`);
  return told;
}

const query = (names) => {
  const pairs = Object.entries(names ?? {}).filter(([, value]) => value !== undefined && value !== null);
  return pairs.length ? `?${new URLSearchParams(pairs)}` : '';
};

/** GET path?names; signal ends it early. */
export const get = (path, names, signal) => ask(path + query(names), { headers: secret(), signal });

/** POST of an object; signal ends it early. */
export const post = (path, body, signal) => ask(path, {
  signal,
  method: 'POST',
  headers: { 'Content-Type': 'application/json', ...secret() },
  body: JSON.stringify(body ?? {}),
});

/** POST of a file (a Blob) as it is. */
export const send = (path, names, file, signal) => ask(path + query(names), {
  signal,
  method: 'POST',
  headers: { 'Content-Type': 'application/octet-stream', ...secret() },
  body: file,
});

/** GET of a text as it is. */
export async function read(path) {
  const answer = await fetch(path, { headers: secret() });
  if (!answer.ok)
    throw new Refused(answer.status, (await answer.json()).error);
  return answer.text();
}

/** Saves what is at path as a file of that name, as a link with "download" would. */
export async function save(path, name) {
  const answer = await fetch(path, { headers: secret() });
  if (!answer.ok)
    throw new Refused(answer.status, (await answer.json()).error);
  const url = URL.createObjectURL(await answer.blob());
  Object.assign(document.createElement('a'), { href: url, download: name }).click();
  setTimeout(() => URL.revokeObjectURL(url), 60000);
}

/** Calls fn with the news, now and whenever there are some; lost and found tell of the server. */
export function listen(fn, lost, found) {
  const events = new EventSource('/api/events');
  events.addEventListener('news', (event) => fn(JSON.parse(event.data)));
  events.addEventListener('error', lost);
  events.addEventListener('open', found);
}
