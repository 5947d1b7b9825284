import { existsSync, mkdtempSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { fromFloat16 } from '../../../src/data/formats/npy.ts';
import { readShd, writeHdf5 } from '../../../src/data/index.ts';
import { roundToHalf } from '../../../tools/spoken-digits/hearing.ts';
import { contentsOf, makeSpokenTwenty } from '../../../tools/spoken-digits/make.ts';
import {
  classNames,
  heldOutSpeakers,
  speakers,
  utterances,
} from '../../../tools/spoken-digits/spoken-twenty.ts';
import { readWave } from '../../../tools/spoken-digits/wave.ts';
import { expectRejection } from '../../support/errors.ts';
import { scratch } from '../../support/scratch.ts';

const { path } = scratch();

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

describe('times have the precision of 16 bits', () => {
  test('its numbers stay what they are', () => {
    const all = fromFloat16(Uint16Array.from({ length: 0x7c00 }, (_, pattern) => pattern));
    expect(all.every((value) => roundToHalf(value) === value)).toBe(true);
  });

  test('what lies between two goes to the nearer one, and to the even one from the middle', () => {
    // 1 + 2^-10 follows 1.
    expect(roundToHalf(1 + 2 ** -11)).toBe(1);
    expect(roundToHalf(1 + 3 * 2 ** -11)).toBe(1 + 2 ** -9);
    expect(roundToHalf(1 + 2 ** -11 + 2 ** -20)).toBe(1 + 2 ** -10);
    // The largest below 2 rounds up to it.
    expect(roundToHalf(2 - 2 ** -12)).toBe(2);
  });
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

describe('the whole of it', () => {
  const make = (to: string) =>
    makeSpokenTwenty({ to, recordings: 2, workers: 1, onProgress: () => undefined });

  /** Runs with a program in the place of the synthesiser; without its text, with none. */
  async function withSynthesiser(script: string | undefined, run: () => Promise<void>): Promise<void> {
    const { PATH } = process.env;
    const bin = mkdtempSync(path('bin-'));
    if (script !== undefined)
      writeFileSync(
        join(bin, 'espeak-ng'),
        `#!/bin/sh\nif [ "$1" = --version ]; then echo "eSpeak NG text-to-speech: 9.9  Data at: x"; else ${script}; fi\n`,
        { mode: 0o755 },
      );
    process.env.PATH = script === undefined ? bin : `${bin}:${PATH}`;
    try {
      await run();
    } finally {
      process.env.PATH = PATH;
    }
  }

  test('without a synthesiser nothing is begun, and the message says how to get it', () =>
    withSynthesiser(undefined, async () => {
      const to = path('none');
      await expectRejection(make(to), 'system', 'no synthesiser of speech', 'apt-get install espeak-ng');
      expect(existsSync(to)).toBe(false);
    }));

  test('a synthesiser that fails ends it, with its own words, and leaves no file', () =>
    withSynthesiser('echo "no such voice" >&2; exit 1', async () => {
      const to = path('failed');
      await expect(make(to)).rejects.toThrow(/espeak-ng .* fails: no such voice/);
      expect(existsSync(join(to, 'spoken_train.h5'))).toBe(false);
    }));

  test('a file opens in the layout of SHD, with its speakers and those to hold out', async () => {
    const { train } = utterances(2);
    const of = train.slice(0, 3);
    const heard = [
      { times: Float32Array.of(0.25, 0.5), units: Uint16Array.of(5, 699) },
      { times: new Float32Array(0), units: new Uint16Array(0) },
      { times: Float32Array.of(1), units: Uint16Array.of(0) },
    ];
    const bytes = await writeHdf5(contentsOf(of, heard));
    const read = await readShd({ name: 'made.h5', bytes });
    expect([read.count, read.keys, read.heldOut]).toEqual([3, classNames, [4, 5]]);
    expect([...read.starts, ...read.ends]).toEqual([0, 2, 2, 2, 2, 3]);
    expect([...read.times, ...read.units]).toEqual([0.25, 0.5, 1, 5, 699, 0]);
    expect([...read.labels]).toEqual(of.map(({ label }) => label));
    expect([...(read.speakers ?? [])]).toEqual(of.map(({ speaker }) => speaker));
    expect([...(read.recordings ?? [])]).toEqual(of.map(({ recording }) => recording));
  });
});
