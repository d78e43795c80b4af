// One look at a page: the page is taken and sent, then each picture that Knockoff wants of it. Nothing
// is asked of a site but what the page shows or names, as the browser that the user sits at has it.

import { findPicture, takePage, takePicture } from './page.js';
import { sendPage, sendPicture } from './server.js';

const MAX_DOCUMENT = 8 << 20; // bytes; more is cut off
const MAX_PICTURE = 32 << 20;
const MAX_SHOWN = 500;
const AT_ONCE = 4;

async function inPage(tab, func, ...args) {
  const [{ result }] = await chrome.scripting.executeScript({ target: { tabId: tab.id }, func, args });
  return result;
}

export const isWeb = (url) => /^https?:\/\//.test(url ?? '');

/** Takes the page and sends it: what ko_serve_clip answers. */
export async function look(paired, tab, insist) {
  return sendPage(paired, await inPage(tab, takePage, MAX_DOCUMENT, MAX_SHOWN), insist);
}

const bytesOf = (base64) => Uint8Array.from(atob(base64), (letter) => letter.charCodeAt(0));

/* The tab as it is seen now, once for all pictures of it; null when the browser does not allow that. */
function takeScreen(tab) {
  return chrome.tabs.captureVisibleTab(tab.windowId, { format: 'png' })
    .then((url) => createImageBitmap(new Blob([bytesOf(url.split(',')[1])], { type: 'image/png' })))
    .catch(() => null);
}

/* What the screen shows of the picture; null when it does not. */
async function cutOut(tab, url, screen) {
  const box = await inPage(tab, findPicture, url);
  const whole = box && await screen();
  if (!whole)
    return null;
  const canvas = new OffscreenCanvas(Math.round(box.width * whole.width), Math.round(box.height * whole.height));
  canvas.getContext('2d').drawImage(whole, -Math.round(box.left * whole.width), -Math.round(box.top * whole.height));
  return new Uint8Array(await (await canvas.convertToBlob({ type: 'image/png' })).arrayBuffer());
}

/* Sends one picture and gives what Knockoff saw; null when it is not to be had. */
async function lookAt(paired, tab, listing, wanted, screen) {
  if (wanted.here)
    return sendPicture(paired, listing, wanted.n, null);
  const url = wanted.shown ?? wanted.url;
  const whole = await inPage(tab, takePicture, url, MAX_PICTURE);
  if (whole)
    return sendPicture(paired, listing, wanted.n, bytesOf(whole));
  const cut = wanted.shown && await cutOut(tab, url, screen);
  return cut ? { ...await sendPicture(paired, listing, wanted.n, cut, true), screen: true } : null;
}

/** Has all pictures looked at that are wanted of the listings; calls on(listing, answer) for each, with
 * null for one that could not be had. What a picture alone is refused for is no error; losing the server
 * or the pairing is. */
export async function lookAtAll(paired, tab, listings, on) {
  const queue = listings.flatMap((listing) => listing.wanted.map((wanted) => ({ listing, wanted })));
  let shot;
  const screen = () => (shot ??= takeScreen(tab));
  const work = async () => {
    for (let next = queue.shift(); next; next = queue.shift()) {
      const { listing, wanted } = next;
      const answer = await lookAt(paired, tab, listing.listing, wanted, screen).catch((error) => {
        if (error.status === 0 || error.status === 401)
          throw error;
        return null;
      });
      on(listing, answer);
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, work));
}
