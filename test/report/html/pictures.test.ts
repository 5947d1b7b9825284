import { crc32, inflateSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import { readNpz } from '../../../src/data/index.ts';
import { transparent, writePng } from '../../../src/report/html/pictures/png.ts';
import { rasterSvg, shownSamples } from '../../../src/report/html/pictures/raster.ts';
import { layOut, paint } from '../../../src/report/html/pictures/weights.ts';
import { spikesOf } from '../../../src/report/html/sections/rasters.ts';
import { makeStudy } from '../../../src/report/html/study.ts';
import { diverging, shade } from '../../../src/report/html/theme.ts';
import { handMadeRun, recordingFile } from './hand-made.ts';

/** The chunks of a PNG file, whose checksums Node's own CRC confirms. */
function chunksOf(file: Uint8Array): Map<string, Uint8Array> {
  const view = new DataView(file.buffer, file.byteOffset);
  const chunks = new Map<string, Uint8Array>();
  for (let at = 8; at < file.length; ) {
    const length = view.getUint32(at);
    const type = String.fromCharCode(...file.subarray(at + 4, at + 8));
    expect(view.getUint32(at + 8 + length), type).toBe(crc32(file.subarray(at + 4, at + 8 + length)));
    chunks.set(type, file.subarray(at + 8, at + 8 + length));
    at += 12 + length;
  }
  return chunks;
}

describe('a PNG file', () => {
  const pixels = Uint8Array.of(0, 1, 255, 1, 1, 0);
  const file = writePng({
    width: 3,
    height: 2,
    pixels,
    palette: [
      [1, 2, 3],
      [250, 251, 252],
    ],
  });

  test('has the signature, chunks with right checksums, and the pixels', () => {
    expect([...file.subarray(0, 8)]).toEqual([137, 80, 78, 71, 13, 10, 26, 10]);
    const chunks = chunksOf(file);
    expect([...chunks.keys()]).toEqual(['IHDR', 'PLTE', 'tRNS', 'IDAT', 'IEND']);
    // 3 x 2, eight bits, colour type 3.
    expect([...(chunks.get('IHDR') ?? [])]).toEqual([0, 0, 0, 3, 0, 0, 0, 2, 8, 3, 0, 0, 0]);
    expect([...(chunks.get('PLTE') ?? [])].slice(0, 6)).toEqual([1, 2, 3, 250, 251, 252]);
    expect(chunks.get('tRNS')?.indexOf(0)).toBe(transparent);
    expect([...inflateSync(chunks.get('IDAT') ?? new Uint8Array(0))]).toEqual([0, 0, 1, 255, 0, 1, 1, 0]);
  });
});

describe('weights', () => {
  test('of a square input are receptive fields, a tile for each neuron', () => {
    // 16 inputs to 3 neurons; the weight from input i to neuron n is 100 n + i.
    const data = Float32Array.from({ length: 48 }, (_, at) => 100 * (at % 3) + Math.floor(at / 3));
    const { width, height, values } = layOut({ shape: [16, 3], data }, true);
    // Two tiles of 4 x 4 in each of two rows, a pixel apart.
    expect([width, height]).toEqual([9, 9]);
    const line = (y: number) => [...values.slice(9 * y, 9 * y + 9)];
    expect(line(1)).toEqual([4, 5, 6, 7, Number.NaN, 104, 105, 106, 107]);
    expect(line(4).every(Number.isNaN)).toBe(true);
    expect(line(8)).toEqual([212, 213, 214, 215, ...new Array(5).fill(Number.NaN)]);
  });

  test('of other populations are a matrix, the longer side across', () => {
    const data = Int8Array.of(1, 2, 3, 4, 5, 6);
    const tall = layOut({ shape: [3, 2], data }, false);
    expect([tall.width, tall.height, ...tall.values]).toEqual([3, 2, 1, 3, 5, 2, 4, 6]);
    const wide = layOut({ shape: [2, 3], data }, false);
    expect([wide.width, wide.height, ...wide.values]).toEqual([3, 2, 1, 2, 3, 4, 5, 6]);
  });

  test('of a bank of filters are a tile each', () => {
    const data = Int8Array.from({ length: 8 }, (_, at) => at);
    const { width, height, values } = layOut({ shape: [2, 1, 2, 2], data }, false);
    expect([width, height]).toEqual([5, 2]);
    expect([...values]).toEqual([0, 1, Number.NaN, 4, 5, 2, 3, Number.NaN, 6, 7]);
  });

  test('have colours around zero', () => {
    const layout = { width: 2, height: 2, values: Float64Array.of(-2, 0, 2, Number.NaN), what: '' };
    const { picture, end } = paint(layout);
    expect([end, ...picture.pixels]).toEqual([2, 0, 127, 254, transparent]);
    // The first, the middle and the last colour of the scale.
    expect([picture.palette[0], picture.palette[127], picture.palette[254]]).toEqual([
      [0x00, 0x46, 0x7a],
      [0xf7, 0xf7, 0xf7],
      [0x8a, 0x3a, 0x00],
    ]);
    expect(shade(diverging, 0.5)).toEqual([0xf7, 0xf7, 0xf7]);
  });

  test('that stand out do not dim all others', () => {
    // 999 weights of ±1 and one of 50: the scale ends at 1.
    const values = Float64Array.from({ length: 1000 }, (_, at) => (at === 0 ? 50 : at % 2 === 0 ? 1 : -1));
    expect(paint({ width: 1000, height: 1, values, what: '' }).end).toBe(1);
    expect(paint({ width: 1, height: 1, values: Float64Array.of(0), what: '' }).picture.pixels).toEqual(
      Uint8Array.of(127),
    );
  });
});

describe('a spike raster', () => {
  const { designs } = makeStudy([handMadeRun({}, { recording: recordingFile })]);
  const run = designs[0]?.runs[0];
  if (run === undefined) throw new Error('no run');

  test('has a dash for each spike: its step across, its neuron from the bottom', () => {
    const spikes = spikesOf(run, readNpz(recordingFile(), 'record.npz'));
    if (spikes === undefined) throw new Error('no spikes');
    expect(spikes).toMatchObject({ samples: 2, steps: 2 });
    const [input, hidden] = [...rasterSvg(spikes).matchAll(/ d="(M[^"]*h1)"/g)].map(([, path]) => path);
    // Rows are counted in halves from the top: neuron n of 16 is at 2 (15 - n) + 1.
    expect(input).toBe('M0 31h1M1 21h1M1 1h1M3 29h1');
    expect(hidden).toBe('M3 1h1');
    // Sample 1 has label 1 and was taken for 0.
    expect(rasterSvg(spikes)).toContain('>1→0</text>');
    expect(rasterSvg(spikes)).toContain('input: 16 neurons, 4 spikes');
  });

  test('shows as many samples as have room, and one at least', () => {
    expect(shownSamples({ samples: 10, steps: 8 })).toBe(10);
    expect(shownSamples({ samples: 10, steps: 100 })).toBe(2);
    expect(shownSamples({ samples: 10, steps: 1000 })).toBe(1);
  });

  test('is refused where its arrays do not match', () => {
    const arrays = readNpz(recordingFile(), 'record.npz');
    arrays.set('input.spikes.offsets', { shape: [5], data: Uint32Array.of(0, 1, 3, 3, 9) });
    expect(() => spikesOf(run, arrays)).toThrow('a damaged recording');
  });
});
