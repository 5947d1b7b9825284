import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { fromFloat16, toFloat16 } from '../../../src/data/formats/float16.ts';
import { type RowsContent, writeRows } from '../../../src/data/formats/hdf5-rows.ts';
import { readShd } from '../../../src/data/formats/shd.ts';
import { classNames, heldOutSpeakers, speakers, utterances } from '../../../src/data/speech/spoken-twenty.ts';
import { readWave } from '../../../src/data/speech/wave.ts';
import { commandLine } from '../../cli/in-process.ts';
import { scratch } from '../../support/scratch.ts';

const { folder, path } = scratch();

describe('what is said', () => {
  const { train, test: tested } = utterances();

  test('at least 4000 to learn from and 1000 to test on; each word by each speaker as often', () => {
    expect(train.length).toBeGreaterThanOrEqual(4000);
    expect(tested.length).toBeGreaterThanOrEqual(1000);
    for (const set of [train, tested]) {
      const counts = new Map<string, number>();
      for (const { label, speaker } of set) {
        const key = `${label} ${speaker}`;
        counts.set(key, (counts.get(key) ?? 0) + 1);
      }
      expect(counts.size).toBe(20 * speakers.length);
      expect(new Set(counts.values()).size).toBe(1);
    }
  });

  test('no recording is in both sets, and no two are said alike', () => {
    const all = [...train, ...tested];
    expect(new Set(all.map(({ label, speaker, recording }) => `${label} ${speaker} ${recording}`)).size).toBe(
      all.length,
    );
    expect(new Set(all.map(({ seed }) => seed)).size).toBe(all.length);
    expect(heldOutSpeakers.every((number) => number < speakers.length)).toBe(true);
    expect(new Set(speakers.map(({ variant }) => variant)).size).toBe(speakers.length);
  });

  test('English digits in the voice of each speaker, German ones in German with the same variant', () => {
    expect(classNames).toEqual(
      'zero one two three four five six seven eight nine null eins zwei drei vier fuenf sechs sieben acht neun'.split(
        ' ',
      ),
    );
    const seven = train.find(({ label, speaker }) => label === 7 && speaker === 2);
    expect(seven).toMatchObject({ text: 'seven', voice: 'en-gb+m2' });
    const five = train.find(({ label, speaker }) => label === 15 && speaker === 2);
    expect(five).toMatchObject({ text: 'fünf', voice: 'de+m2' });
  });

  test('the same each time', () => {
    expect(utterances()).toEqual({ train, test: tested });
  });
});

describe('float16', () => {
  test('every positive number is read back', () => {
    for (let pattern = 0; pattern < 0x7c00; pattern++)
      if (toFloat16(fromFloat16(Uint16Array.of(pattern))[0] ?? 0) !== pattern) throw new Error(`${pattern}`);
  });

  test('what lies between two goes to the nearer one, and to the even one from the middle', () => {
    // 1 + 2^-10 follows 1.
    expect(toFloat16(1 + 2 ** -11)).toBe(0x3c00);
    expect(toFloat16(1 + 3 * 2 ** -11)).toBe(0x3c02);
    expect(toFloat16(1 + 2 ** -11 + 2 ** -20)).toBe(0x3c01);
    // The largest below 2 rounds up to it.
    expect(toFloat16(2 - 2 ** -12)).toBe(0x4000);
    expect(() => toFloat16(-1)).toThrow(RangeError);
  });
});

test('rows of variable length come back from HDF5 as they were, more than a heap holds', async () => {
  const rows = Array.from({ length: 2300 }, (_, row) =>
    Uint16Array.from({ length: row % 7 }, (_, spike) => toFloat16((row + spike) / 4096)),
  );
  const units = rows.map((row) => row.map((_, spike) => (spike * 111) % 700));
  const contents = new Map<string, RowsContent>([
    ['spikes/times', { rows, type: 'float16' }],
    ['spikes/units', { rows: units, type: 'uint16' }],
    ['labels', { values: Uint16Array.from(rows, (_, row) => row % 20) }],
    ['extra/keys', { texts: classNames }],
    ['extra/speaker', { values: Uint16Array.from(rows, (_, row) => row % 12) }],
    ['extra/held_out_speakers', { values: Uint16Array.of(4, 5) }],
    ['extra/meta_info/gender', { texts: ['male', 'female'] }],
  ]);
  const bytes = writeRows(contents);
  expect(Buffer.from(writeRows(contents)).equals(bytes)).toBe(true);
  const read = await readShd({ name: 'written.h5', bytes });
  expect([read.count, read.keys, read.heldOut]).toEqual([2300, classNames, [4, 5]]);
  for (const row of [0, 1, 999, 1000, 2299]) {
    const [start, end] = [read.starts[row], read.ends[row]];
    expect([...read.times.subarray(start, end)]).toEqual([...fromFloat16(rows[row] ?? new Uint16Array())]);
    expect([...read.units.subarray(start, end)]).toEqual([...(units[row] ?? [])]);
    expect([read.labels[row], read.speakers?.[row]]).toEqual([row % 20, row % 12]);
  }
});

describe('WAVE', () => {
  const tag = (text: string) => [...new TextEncoder().encode(text)];
  const head = (bits: number, channels: number, dataBytes: readonly number[]) => [
    ...[...tag('RIFF'), 0xff, 0xff, 0xff, 0x7f, ...tag('WAVE')],
    ...[...tag('fmt '), 16, 0, 0, 0, 1, 0, channels, 0, 0x22, 0x56, 0, 0, 0x44, 0xac, 0, 0, 2, 0, bits, 0],
    ...[...tag('data'), ...dataBytes],
  ];

  test('a size that the writer did not know means all of the rest', () => {
    const bytes = Uint8Array.of(...head(16, 1, [0, 0xf0, 0xff, 0x7f]), 0x00, 0x40, 0x00, 0x80);
    const { samples, sampleRate } = readWave({ name: 'a.wav', bytes });
    expect([sampleRate, ...samples]).toEqual([22_050, 0.5, -1]);
  });

  test('other sounds are refused', () => {
    const read = (bytes: Uint8Array) => () => readWave({ name: 'a.wav', bytes });
    expect(read(Uint8Array.of(...head(8, 2, [0, 0, 0, 0])))).toThrow('coding 1, 2 channels, 8 bits found');
    expect(read(Uint8Array.of(1, 2, 3))).toThrow('this is not a WAVE file');
  });
});

describe('plasticore data make', () => {
  test.each([
    [['data', 'make', 'shd'], "unknown data set 'shd'\n  known: spoken-twenty"],
    [['data', 'make', 'spoken-twenty', '--recordings', '1'], "expected a whole number, 2 to 1000, found '1'"],
  ])('%j is refused', async (args, message) => {
    const { status, stderr } = await commandLine(args);
    expect([status, stderr.includes(message)]).toEqual([2, true]);
  });

  test('without a synthesiser nothing is begun, and the message says how to get it', async () => {
    const { PATH } = process.env;
    process.env.PATH = folder;
    try {
      const line = ['data', 'make', 'spoken-twenty', '--to', path('none')];
      const { status, stderr } = await commandLine(line);
      expect(status).not.toBe(0);
      expect(stderr).toContain('apt-get install espeak-ng');
    } finally {
      process.env.PATH = PATH;
    }
  });

  test('a synthesiser that fails ends it, with its own words, and leaves no file', async () => {
    const { PATH } = process.env;
    const bin = mkdtempSync(path('bin-'));
    const script =
      '#!/bin/sh\nif [ "$1" = --version ]; then echo "eSpeak NG text-to-speech: 9.9  Data at: x"; else echo "no such voice" >&2; exit 1; fi\n';
    writeFileSync(join(bin, 'espeak-ng'), script, { mode: 0o755 });
    process.env.PATH = `${bin}:${PATH}`;
    const to = path('failed');
    try {
      const args = ['data', 'make', 'spoken-twenty', '--recordings', '2', '--workers', '1', '--to', to];
      const { status, stderr } = await commandLine(args);
      expect(status).not.toBe(0);
      expect(stderr).toMatch(/espeak-ng .* fails: no such voice/);
      expect(() => readFileSync(join(to, 'spoken_train.h5'))).toThrow();
    } finally {
      process.env.PATH = PATH;
    }
  });
});
