// Pictures made on the spot.

import { deflateSync } from 'node:zlib';

const table = Uint32Array.from({ length: 256 }, (_, n) => {
  for (let i = 0; i < 8; i++)
    n = n & 1 ? 0xedb88320 ^ (n >>> 1) : n >>> 1;
  return n;
});
const crc32 = (bytes) => (bytes.reduce((crc, byte) => table[(crc ^ byte) & 255] ^ (crc >>> 8), ~0) ^ ~0) >>> 0;

function chunk(kind, bytes) {
  const whole = Buffer.alloc(bytes.length + 12);
  whole.writeUInt32BE(bytes.length, 0);
  whole.write(kind, 4, 'latin1');
  bytes.copy(whole, 8);
  whole.writeUInt32BE(crc32(whole.subarray(4, -4)), whole.length - 4);
  return whole;
}

/** A PNG of side x side pixels, 3 bytes each in rgb (PNG, third edition, sections 5 and 11). */
export function png({ side, rgb }) {
  const head = Buffer.alloc(13);
  head.writeUInt32BE(side, 0);
  head.writeUInt32BE(side, 4);
  head.set([8, 2, 0, 0, 0], 8);
  const rows = Buffer.alloc(side * (3 * side + 1)); // none of them filtered
  for (let y = 0; y < side; y++)
    rgb.copy(rows, y * (3 * side + 1) + 1, 3 * y * side, 3 * (y + 1) * side);
  return Buffer.concat([Buffer.from('\x89PNG\r\n\x1a\n', 'latin1'), chunk('IHDR', head),
    chunk('IDAT', deflateSync(rows)), chunk('IEND', Buffer.alloc(0))]);
}

/** Puts texts, {keyword: text}, into a PNG. */
export const withTexts = (bytes, texts) => Buffer.concat([bytes.subarray(0, 33),
  ...Object.entries(texts).map(([name, text]) => chunk('tEXt', Buffer.from(`${name}\0${text}`, 'latin1'))),
  bytes.subarray(33)]);

/** Puts a comment into a JPEG (ITU-T T.81, B.2.4.5), and its Exif description (Exif 2.32, section 4.6.4). */
export function withExif(bytes, text) {
  const value = Buffer.from(`${text}\0`, 'latin1');
  const tiff = Buffer.alloc(26 + value.length);
  tiff.write('II*\0', 0, 'latin1');
  tiff.writeUInt32LE(8, 4);
  tiff.writeUInt16LE(1, 8); // fields
  tiff.writeUInt16LE(0x010e, 10); // ImageDescription
  tiff.writeUInt16LE(2, 12); // ASCII
  tiff.writeUInt32LE(value.length, 14);
  tiff.writeUInt32LE(26, 18);
  value.copy(tiff, 26);
  const segment = (marker, content) => {
    const whole = Buffer.alloc(4 + content.length);
    whole.writeUInt16BE(marker, 0);
    whole.writeUInt16BE(2 + content.length, 2);
    content.copy(whole, 4);
    return whole;
  };
  return Buffer.concat([bytes.subarray(0, 2), segment(0xffe1, Buffer.concat([Buffer.from('Exif\0\0'), tiff])),
    segment(0xfffe, value), bytes.subarray(2)]);
}
