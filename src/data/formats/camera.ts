import { PlasticoreError } from '../../text/index.ts';
import type { NamedBytes } from './idx.ts';
import { readNpy } from './npy.ts';

/** Events of a camera, in the order of time: where, when, and whether it became brighter (1) or darker (0). */
export interface CameraEvents {
  readonly x: Uint16Array;
  readonly y: Uint16Array;
  /** Microseconds. */
  readonly t: Float64Array;
  readonly p: Uint8Array;
}

/** The file names that are read, by how they end. */
export const cameraEndings = ['.bin', '.aedat', '.npy'] as const;

/**
 * Reads events of a camera: `.bin` of N-MNIST, `.aedat` 2 and 3.1, `.npy` with columns x, y, t and p.
 *
 * @throws PlasticoreError `data` for a file that is damaged, or of another kind
 */
export function readCamera(file: NamedBytes): CameraEvents {
  const name = file.name.toLowerCase();
  if (name.endsWith('.bin')) return ordered(readNMnist(file));
  if (name.endsWith('.npy')) return ordered(readColumns(file));
  return ordered(readAedat(file));
}

const fail = ({ name }: NamedBytes, message: string, hint?: string): PlasticoreError =>
  new PlasticoreError('data', message, { file: name, hint });

function room(count: number): CameraEvents {
  return {
    x: new Uint16Array(count),
    y: new Uint16Array(count),
    t: new Float64Array(count),
    p: new Uint8Array(count),
  };
}

/**
 * N-MNIST: 40 bits an event, the first byte first: 8 of x, 8 of y, 1 of polarity, 23 of microseconds. G. Orchard et
 * al., Front. Neurosci. 9, 437 (2015), and https://www.garrickorchard.com/datasets/n-mnist.
 */
function readNMnist(file: NamedBytes): CameraEvents {
  const { bytes } = file;
  const eventBytes = 5;
  if (bytes.length % eventBytes !== 0)
    throw fail(file, `${bytes.length} bytes found; a multiple of ${eventBytes} expected, those of an event`);
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const events = room(bytes.length / eventBytes);
  for (let index = 0; index < events.t.length; index++) {
    const start = eventBytes * index;
    events.x[index] = view.getUint8(start);
    events.y[index] = view.getUint8(start + 1);
    const word = view.getUint32(start + 1) & 0xffffff;
    events.p[index] = word >>> 23;
    events.t[index] = word & 0x7fffff;
  }
  return events;
}

/** AEDAT, by the version in its first line. A file without one has version 1, which nobody publishes. */
function readAedat(file: NamedBytes): CameraEvents {
  const first = lineAt(file.bytes, 0);
  const version = /^#!AER-DAT(\d)\.(\d)/.exec(first.text);
  if (version?.[1] === '2') return readAedat2(file);
  if (version?.[1] === '3') return readAedat3(file);
  throw fail(
    file,
    version === null
      ? 'this is no AEDAT file: it does not begin with #!AER-DAT'
      : `AEDAT ${version[1]}.${version[2]} found, 2.0 or 3.1 expected`,
  );
}

/**
 * AEDAT 2.0 of a DVS128, in words of 32 bits, the most significant byte first: an address and microseconds. Of an
 * address, bit 0 is the polarity, bits 1 to 7 are x, 8 to 14 y, and bit 15 marks what is no event of a pixel.
 * https://docs.inivation.com/software/software-advanced-usage/file-formats/aedat-2.0.html.
 */
function readAedat2(file: NamedBytes): CameraEvents {
  const { bytes } = file;
  let start = 0;
  while (bytes[start] === 0x23) start = lineAt(bytes, start).end;
  const eventBytes = 8;
  if ((bytes.length - start) % eventBytes !== 0)
    throw fail(
      file,
      `${bytes.length - start} bytes behind the header; a multiple of ${eventBytes} expected, those of an event`,
    );
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const found = new Growing();
  for (let at = start; at < bytes.length; at += eventBytes) {
    const address = view.getUint32(at);
    if (((address >>> 15) & 1) === 1) continue;
    found.add((address >>> 1) & 0x7f, (address >>> 8) & 0x7f, view.getUint32(at + 4), address & 1);
  }
  return found.events();
}

/**
 * AEDAT 3.1: packets of events with a head of 28 bytes, the least significant byte first. Of a polarity event (type 1),
 * bit 0 says whether it is valid, bit 1 is the polarity, bits 2 to 16 are y, 17 to 31 x; microseconds follow.
 * https://docs.inivation.com/software/software-advanced-usage/file-formats/aedat-3.1.html.
 */
function readAedat3(file: NamedBytes): CameraEvents {
  const { bytes } = file;
  let start = 0;
  for (let isHeader = true; isHeader; ) {
    const line = lineAt(bytes, start);
    if (!line.text.startsWith('#')) throw fail(file, 'the header does not end with #!END-HEADER');
    start = line.end;
    isHeader = !line.text.startsWith('#!END-HEADER');
  }
  const [headBytes, polarity, polarityBytes] = [28, 1, 8];
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const found = new Growing();
  for (let at = start; at < bytes.length; ) {
    if (at + headBytes > bytes.length) throw fail(file, `the head of a packet at byte ${at} is cut off`);
    const type = view.getUint16(at, true);
    const [size = 0, , overflow = 0, capacity = 0, count = 0] = [4, 8, 12, 16, 20].map((offset) =>
      view.getInt32(at + offset, true),
    );
    const body = at + headBytes;
    const end = body + size * capacity;
    if (size < 1 || capacity < count || count < 0 || end > bytes.length)
      throw fail(file, `the packet at byte ${at} does not fit the file: ${count} events of ${size} bytes`);
    if (type === polarity && size < polarityBytes)
      throw fail(file, `polarity events of ${size} bytes found, ${polarityBytes} expected`);
    for (let event = 0; type === polarity && event < count; event++) {
      const word = view.getUint32(body + event * size, true);
      if ((word & 1) === 0) continue;
      const time = view.getInt32(body + event * size + 4, true) + overflow * 2 ** 31;
      found.add(word >>> 17, (word >>> 2) & 0x7fff, time, (word >>> 1) & 1);
    }
    at = end;
  }
  return found.events();
}

/** A NumPy array of events x 4: x, y, microseconds and polarity. */
function readColumns(file: NamedBytes): CameraEvents {
  const { shape, data } = readNpy(file.bytes, file.name);
  const [count = 0, columns] = shape;
  if (shape.length !== 2 || columns !== 4)
    throw fail(
      file,
      `an array of ${shape.join(' x ')} found; events x 4 expected`,
      'a row for each event: x, y, microseconds, polarity',
    );
  const events = room(count);
  for (let index = 0; index < count; index++) {
    const [x = 0, y = 0, t = 0, p = 0] = data.subarray(4 * index, 4 * index + 4);
    const isPlace = [x, y].every((value) => Number.isInteger(value) && value >= 0 && value < 2 ** 15);
    if (!isPlace || !(t >= 0) || !(p === 1 || p === 0 || p === -1))
      throw fail(
        file,
        `event ${index} is ${[x, y, t, p].join(', ')}`,
        'x and y from 0, microseconds, and 1 for brighter, 0 or -1 for darker expected',
      );
    events.x[index] = x;
    events.y[index] = y;
    events.t[index] = t;
    events.p[index] = p === 1 ? 1 : 0;
  }
  return events;
}

/** A line of a header, without its end, and where the next one begins. */
function lineAt(bytes: Uint8Array, start: number): { readonly text: string; readonly end: number } {
  const found = bytes.indexOf(0x0a, start);
  const end = found < 0 ? bytes.length : found + 1;
  // Only headers are lines: a body may have none for megabytes.
  const text = new TextDecoder('latin1').decode(bytes.subarray(start, Math.min(end, start + 1000)));
  return { text: text.trimEnd(), end };
}

class Growing {
  readonly #x: number[] = [];
  readonly #y: number[] = [];
  readonly #t: number[] = [];
  readonly #p: number[] = [];

  add(x: number, y: number, t: number, p: number): void {
    this.#x.push(x);
    this.#y.push(y);
    this.#t.push(t);
    this.#p.push(p);
  }

  events(): CameraEvents {
    return {
      x: Uint16Array.from(this.#x),
      y: Uint16Array.from(this.#y),
      t: Float64Array.from(this.#t),
      p: Uint8Array.from(this.#p),
    };
  }
}

/** Some recordings have an event or two that is late. */
function ordered(events: CameraEvents): CameraEvents {
  const { x, y, t, p } = events;
  if (t.every((time, index) => index === 0 || time >= (t[index - 1] as number))) return events;
  const order = Uint32Array.from(t.keys()).sort((a, b) => (t[a] as number) - (t[b] as number) || a - b);
  const pick = <Item extends Uint8Array | Uint16Array | Float64Array>(from: Item): Item =>
    from.map((_, index) => from[order[index] as number] as number) as Item;
  return { x: pick(x), y: pick(y), t: pick(t), p: pick(p) };
}
