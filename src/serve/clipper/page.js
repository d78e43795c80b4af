// What runs in the page that the user looks at. Each function is handed over alone, so it uses nothing
// from outside of it, and what it gives back goes through JSON. The page is a stranger's: nothing of
// ours is told to it.

/** The page as it is now: its address, the document (at most so many bytes of UTF-8), the
 * addresses of the pictures that it shows, the largest first. */
export function takePage(maxBytes, maxPictures) {
  const area = (image) => image.naturalWidth * image.naturalHeight;
  const images = [...document.images].filter((image) => /^https?:/.test(image.currentSrc));
  const text = `<!doctype html>\n${document.documentElement.outerHTML}`;
  const { read } = new TextEncoder().encodeInto(text, new Uint8Array(maxBytes)); // never half a letter
  return {
    url: location.href,
    document: text.slice(0, read),
    shown: [...new Set(images.sort((a, b) => area(b) - area(a)).map((image) => image.currentSrc))].slice(0, maxPictures),
  };
}

/** A picture as the browser has it, in Base64; null when the page may not read it, which is so of most
 * pictures that come from another host. */
export async function takePicture(url, maxBytes) {
  try {
    const answer = await fetch(url, { cache: 'force-cache', credentials: 'omit', referrerPolicy: 'no-referrer' });
    const blob = await answer.blob();
    if (!answer.ok || blob.size === 0 || blob.size > maxBytes)
      return null;
    return await new Promise((done) => {
      const reader = new FileReader();
      reader.onload = () => done(reader.result.split(',')[1]);
      reader.onerror = () => done(null);
      reader.readAsDataURL(blob);
    });
  } catch {
    return null;
  }
}

/** Where the picture at url is to be seen, as shares of what the window shows; null when it is not, or too
 * small to tell anything. */
export function findPicture(url) {
  const tooSmall = 96;
  const boxes = [...document.images].filter((image) => image.currentSrc === url)
    .map((image) => image.getBoundingClientRect());
  const box = boxes.sort((a, b) => b.width * b.height - a.width * a.height)[0];
  if (!box)
    return null;
  const left = Math.max(box.left, 0);
  const top = Math.max(box.top, 0);
  const width = Math.min(box.right, innerWidth) - left;
  const height = Math.min(box.bottom, innerHeight) - top;
  if (width < tooSmall || height < tooSmall)
    return null;
  return { left: left / innerWidth, top: top / innerHeight, width: width / innerWidth, height: height / innerHeight };
}
