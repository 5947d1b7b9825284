import { zlibSync } from 'fflate';
import { crc32 } from '../../../random/index.ts';

/** Pixels as indices into a palette of at most 255 colours; index 255 is transparent. */
export interface IndexedPicture {
  readonly width: number;
  readonly height: number;
  /** Row by row, from the top. */
  readonly pixels: Uint8Array;
  readonly palette: readonly (readonly [number, number, number])[];
}

/** The index of a transparent pixel. */
export const transparent = 255;

/** A PNG file (W3C, third edition) of type 3, indexed colour. Equal pictures give equal bytes. */
export function writePng({ width, height, pixels, palette }: IndexedPicture): Uint8Array {
  const header = new Uint8Array(13);
  const view = new DataView(header.buffer);
  view.setUint32(0, width);
  view.setUint32(4, height);
  // Eight bits per index, colour type 3, the standard's only compression and filter methods, no interlacing.
  header.set([8, 3, 0, 0, 0], 8);
  const colours = new Uint8Array(3 * 256);
  colours.set(palette.flat().slice(0, 3 * transparent));
  const alpha = new Uint8Array(256).fill(255);
  alpha[transparent] = 0;
  // Each line begins with its filter type: none.
  const lines = new Uint8Array((width + 1) * height);
  for (let row = 0; row < height; row++) {
    lines.set(pixels.subarray(row * width, (row + 1) * width), row * (width + 1) + 1);
  }
  const parts = [
    Uint8Array.of(0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a),
    chunk('IHDR', header),
    chunk('PLTE', colours),
    chunk('tRNS', alpha),
    chunk('IDAT', zlibSync(lines, { level: 9 })),
    chunk('IEND', new Uint8Array(0)),
  ];
  const file = new Uint8Array(parts.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const part of parts) {
    file.set(part, at);
    at += part.length;
  }
  return file;
}

function chunk(type: string, data: Uint8Array): Uint8Array {
  const bytes = new Uint8Array(12 + data.length);
  const view = new DataView(bytes.buffer);
  view.setUint32(0, data.length);
  bytes.set(new TextEncoder().encode(type), 4);
  bytes.set(data, 8);
  view.setUint32(8 + data.length, crc32(bytes.subarray(4, 8 + data.length)));
  return bytes;
}

/** A file as a data URL, to be embedded in a page. */
export function dataUrl(type: string, bytes: Uint8Array): string {
  return `data:${type};base64,${base64(bytes)}`;
}

export function base64(bytes: Uint8Array): string {
  let text = '';
  for (const byte of bytes) text += String.fromCharCode(byte);
  return btoa(text);
}
