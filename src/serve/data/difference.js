// Where two pictures differ, in false colours: grey where they agree, blue where the work is
// darker, orange where the listing is. Blue and orange are told apart whatever colours an eye sees.

const SIDE = 360; // coarse enough that a shift by a pixel or two does not count
const LEAST = 20; // of 255: paper, light and compression differ so much anyway
const FULL = 90;
const WORK = [0, 92, 200];
const LISTING = [232, 110, 0];

/** Draws it on a canvas. All pictures are loaded and show the same frame: the work, its shape (white
 * where it is not clear: nothing else is compared), and the patch of the listing; inverted tells
 * that light and dark are swapped in that. Returns the share that agrees, 0..1. */
export function drawDifference(canvas, { work, shape, patch, inverted }) {
  const scale = Math.min(1, SIDE / Math.max(work.naturalWidth, work.naturalHeight));
  canvas.width = Math.max(1, Math.round(work.naturalWidth * scale));
  canvas.height = Math.max(1, Math.round(work.naturalHeight * scale));
  const context = canvas.getContext('2d', { willReadFrequently: true });
  const original = lumaOf(context, canvas, work);
  const copy = lumaOf(context, canvas, patch);
  if (inverted)
    copy.forEach((value, i) => { copy[i] = 255 - value; });
  const counts = lumaOf(context, canvas, shape).map((value) => (value > 128 ? 1 : 0));
  const level = leveller(copy, original, counts);
  const out = context.createImageData(canvas.width, canvas.height);
  let agreeing = 0;
  let all = 0;
  for (let i = 0; i < original.length; i++) {
    if (!counts[i])
      continue; // stays clear
    const other = level(copy[i]);
    const apart = other - original[i];
    const amount = Math.min(1, Math.max(0, (Math.abs(apart) - LEAST) / (FULL - LEAST)));
    const grey = 70 + 0.3 * (original[i] + other);
    const hue = apart > 0 ? WORK : LISTING;
    for (let c = 0; c < 3; c++)
      out.data[4 * i + c] = grey + (hue[c] - grey) * amount;
    out.data[4 * i + 3] = 255;
    agreeing += amount === 0 ? 1 : 0;
    all++;
  }
  context.putImageData(out, 0, 0);
  return all ? agreeing / all : 0;
}

function lumaOf(context, canvas, picture) {
  context.drawImage(picture, 0, 0, canvas.width, canvas.height);
  const { data } = context.getImageData(0, 0, canvas.width, canvas.height);
  const luma = new Float32Array(data.length / 4);
  for (let i = 0; i < luma.length; i++)
    luma[i] = 0.299 * data[4 * i] + 0.587 * data[4 * i + 1] + 0.114 * data[4 * i + 2];
  return luma;
}

/* Gives one the light and contrast of the other: a photo is taken in whatever light there was. */
function leveller(from, to, counts) {
  const all = Math.max(1, counts.reduce((sum, one) => sum + one, 0));
  const [a, b] = [from, to].map((luma) => {
    const mean = luma.reduce((sum, value, i) => sum + value * counts[i], 0) / all;
    const spread = Math.sqrt(luma.reduce((sum, value, i) => sum + (value - mean) ** 2 * counts[i], 0) / all);
    return { mean, spread };
  });
  const gain = Math.min(2, Math.max(0.5, b.spread / Math.max(1, a.spread)));
  return (value) => b.mean + (value - a.mean) * gain;
}
