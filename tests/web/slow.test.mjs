// Clients that are slow, greedy or many, while a scan is under way and the page is open.

import assert from 'node:assert/strict';
import { once } from 'node:events';
import { connect } from 'node:net';

import { testSite } from './harness.mjs';

const port = (site) => Number(new URL(site.base).port);

/* Connections that begin a request, and never end it. They tell when the server has enough of them. */
function dawdle(site, n, begin) {
  return Array.from({ length: n }, () => {
    const socket = connect(port(site), '127.0.0.1');
    socket.on('error', () => {});
    socket.write(begin);
    return socket;
  });
}

/* Sends it raw, and gives all that comes back. */
async function sendRaw(site, text) {
  const socket = connect(port(site), '127.0.0.1');
  let said = '';
  socket.on('error', () => {}).setEncoding('latin1').on('data', (more) => { said += more; });
  socket.write(text);
  await once(socket, 'close');
  return said;
}

const task = async (site) => (await site.ask('/api/task')).json();

/* Runs a scan from the page to its end. */
async function scan(site) {
  const begun = await site.ask('/api/scan', { method: 'POST', headers: { 'Content-Type': 'application/json' }, body: '{}' });
  assert.ok(begun.ok, await begun.text());
  const events = await site.ask('/api/events');
  let text = '';
  for await (const chunk of events.body) {
    text += Buffer.from(chunk).toString();
    const last = text.split('\n').filter((line) => line.startsWith('data: ') && line.endsWith('}')).at(-1);
    const state = last && JSON.parse(last.slice(6)).task?.state;
    if (state && !['running', 'stopping'].includes(state))
      return state;
  }
  return 'lost';
}

testSite('clients that never end their requests hold up neither scan nor page', 'copy_market; knockoff init; ' +
  'knockoff add market/works || :; knockoff ingest market/listings.csv', async (site) => {
  const page = await site.open('#/works');
  const { Cookie, ...token } = site.secrets;
  const head = `Host: 127.0.0.1:${port(site)}\r\n`;
  const known = `${head}Cookie: ${Cookie}\r\nX-Knockoff-Token: ${token['X-Knockoff-Token']}\r\nOrigin: ${site.base}\r\n`;
  const sockets = [
    ...dawdle(site, 100, ''),
    ...dawdle(site, 100, `GET /api/session HTTP/1.1\r\n${head}X-Slow: `),
    ...dawdle(site, 20, `POST /api/works?name=x.png HTTP/1.1\r\n${known}Content-Type: application/octet-stream\r\nContent-Length: 60000000\r\n\r\nx`),
    ...dawdle(site, 20, `GET /api/candidates?state=all HTTP/1.1\r\n${known}\r\n`), // and never reads on
  ];
  try {
    assert.equal(await scan(site), 'done');
    await page.go('#/inbox');
    assert.equal((await site.ask('/api/candidates')).status, 200);
  } finally {
    sockets.forEach((socket) => socket.destroy());
  }
  site.trouble.splice(0, Infinity, ...site.trouble.filter((line) => !/answered 503/.test(line)));
});

testSite('what is too long is refused before it is read, and the server lives', 'scanned_wolf', async (site) => {
  const { Cookie, ...token } = site.secrets;
  const known = `Host: 127.0.0.1:${port(site)}\r\nCookie: ${Cookie}\r\nX-Knockoff-Token: ${token['X-Knockoff-Token']}\r\nOrigin: ${site.base}\r\n`;
  for (const place of ['/api/works?name=x.png', '/api/listings?name=x.csv', '/api/search?name=x.png'])
    for (const length of ['67108865', '18446744073709551616', '-1', '0x10', '1e9'])
      assert.match(await sendRaw(site, `POST ${place} HTTP/1.1\r\n${known}Content-Type: application/octet-stream\r\n` +
        `Content-Length: ${length}\r\n\r\n`), /^HTTP\/1\.1 4(13|00) /, `${place} ${length}`);
  // Sent whole, from a page: more than anything takes.
  const page = await site.open('#/works');
  const answers = await page.evaluate(async () => {
    const headers = { 'Content-Type': 'application/octet-stream', 'X-Knockoff-Token': localStorage.getItem('knockoff.token') };
    const body = new Blob(Array(70).fill(new Uint8Array(1 << 20)));
    return fetch('/api/works?name=x.png', { method: 'POST', headers, body }).then((answer) => answer.status, () => 'cut off');
  });
  assert.ok([413, 'cut off'].includes(answers), `${answers}`);
  assert.equal((await site.ask('/api/session')).status, 200);
  site.forgive(/x\.png/);
});
