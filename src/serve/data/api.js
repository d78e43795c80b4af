// The server, asked for JSON. What goes wrong is an Error with the server's own line.

let token = ''; // of changes; of this run of the server alone

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
export const get = (path, names, signal) => ask(path + query(names), { signal });

/** POST of an object. */
export const post = (path, body) => ask(path, {
  method: 'POST',
  headers: { 'Content-Type': 'application/json', 'X-Knockoff-Token': token },
  body: JSON.stringify(body ?? {}),
});

/** POST of a file (a Blob) as it is. */
export const send = (path, names, file) => ask(path + query(names), {
  method: 'POST',
  headers: { 'Content-Type': 'application/octet-stream', 'X-Knockoff-Token': token },
  body: file,
});

/** Begins: {version, news}. */
export async function begin() {
  const session = await get('/api/session');
  token = session.token;
  return session;
}

/** Calls fn with the news, now and whenever there are some; lost and found tell of the server. */
export function listen(fn, lost, found) {
  const events = new EventSource('/api/events');
  events.addEventListener('news', (event) => fn(JSON.parse(event.data)));
  events.addEventListener('error', lost);
  events.addEventListener('open', found);
}
