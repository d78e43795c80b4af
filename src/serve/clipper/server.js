// Knockoff on this computer, asked with the token of the pairing.

const STORED = 'pairing';

/** What is kept of the pairing: {port, token}; undefined without one. */
export const pairing = async () => (await chrome.storage.local.get(STORED))[STORED];
export const keepPairing = (kept) => chrome.storage.local.set({ [STORED]: kept });
export const forgetPairing = () => chrome.storage.local.remove(STORED);

/** The pairing that a code means: "7447-" and 64 digits; null when it is none. */
export function readCode(text) {
  const [, port, token] = /^(\d{1,5})-([0-9a-f]{64})$/.exec(text.replace(/\s/g, '')) ?? [];
  return token && Number(port) > 0 && Number(port) < 65536 ? { port: Number(port), token } : null;
}

export const place = ({ port }) => `http://127.0.0.1:${port}`;

/** An answer that says no; status 0 is none at all. */
export class Refused extends Error {
  constructor(status, text) {
    super(text);
    this.status = status;
  }
}

async function ask(paired, path, options) {
  let answer;
  try {
    answer = await fetch(place(paired) + path, { ...options, cache: 'no-store', credentials: 'omit',
      headers: { ...options?.headers, Authorization: `Bearer ${paired.token}` } });
  } catch (error) {
    throw new Refused(0, error.message);
  }
  const told = await answer.json().catch(() => ({}));
  if (!answer.ok)
    throw new Refused(answer.status, told.error ?? `${answer.status}`);
  return told;
}

const send = (paired, path, body, type = 'application/octet-stream') =>
  ask(paired, path, { method: 'POST', body, headers: { 'Content-Type': type } });

export const hello = (paired) => ask(paired, '/api/clip');
export const sendPage = (paired, page, insist) =>
  send(paired, `/api/clip${insist ? '?as=listing' : ''}`, [page.url, ...page.shown, '', page.document].join('\n'));
/** bytes null: Knockoff has it already. */
export const sendPicture = (paired, listing, n, bytes, screen) =>
  send(paired, `/api/clip/${listing}/picture?n=${n}${screen ? '&as=screen' : ''}`, bytes ?? new Uint8Array());
export const end = (paired) => send(paired, '/api/clip/end', '{}', 'application/json');
export const candidates = async (paired, listing) => (await ask(paired, `/api/clip/${listing}`)).candidates;
