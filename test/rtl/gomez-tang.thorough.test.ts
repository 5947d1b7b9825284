import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { createCore } from '../../src/engine/index.ts';
import {
  type BenchSample,
  benchFiles,
  coreFiles,
  expectedText,
  planCore,
  stimulusText,
} from '../../src/rtl/index.ts';
import { readTemplates, simulate } from '../../src/rtl/node.ts';
import { imageAt, recordedBatch, reference } from '../golden/gomez-tang/core.ts';
import { Recording } from '../golden/gomez-tang/recording.ts';
import { denseNetwork, startingWith } from '../golden/gomez-tang/replay.ts';
import { needs } from '../support/needs.ts';

const folder = mkdtempSync(join(tmpdir(), 'plasticore-gomez-tang-'));
afterAll(() => rmSync(folder, { recursive: true }));
// The bench is built for longer than it runs.
beforeAll(() => void vi.stubEnv('MAKEFLAGS', 'OPT_FAST=-O1'));
afterAll(() => void vi.unstubAllEnvs());

/** The digits of the first batch of a recording. */
function samplesOf(recording: Recording): BenchSample[] {
  const labels = Array.from(recording.read('b0.labels'));
  return labels.map((label, index) => ({
    interval: 0,
    learn: true,
    label,
    place: { index, isLast: index + 1 === labels.length },
    inputs: Array.from({ length: 20 }, (_, step) =>
      recording
        .part('b0.input', step * labels.length + index, 784)
        .flatMap((spike, input) => (spike === 1 ? [input] : [])),
    ),
  }));
}

const recordings = process.env.PLASTICORE_GOMEZ_TANG;

describe('the published rule as Verilog', needs('verilator'), () => {
  /** Holds every spike, every cycle, and every word after the batch against the reference engine. */
  async function compareBatch(recording: Recording, precision: string, out: string): Promise<void> {
    mkdirSync(out);
    const compiled = await imageAt('gomez-tang', precision);
    const core = createCore(compiled, { engine: 'reference' });
    startingWith(core, recording, denseNetwork);
    const image = { ...compiled, contents: [...core.save().banks] };
    const samples = samplesOf(recording);
    const plan = planCore(image, reference);
    const files = [...coreFiles(plan), ...benchFiles(plan, readTemplates())];
    const atEnd = (sample: number): boolean => sample + 1 === samples.length;
    for (const [name, text] of files) writeFileSync(join(out, name), text);
    writeFileSync(join(out, 'stimulus.txt'), stimulusText(image, samples, atEnd));
    const sources = files.flatMap(([name]) => (name.endsWith('.sv') ? [name] : []));
    await simulate(out, sources, { simulator: 'verilator' });
    const observed = readFileSync(join(out, 'observed.txt'), 'utf8').split('\n');
    const expected = expectedText(createCore(image, { engine: 'reference' }), samples, atEnd).split('\n');
    const line = expected.findIndex((text, index) => text !== observed[index]);
    expect([line, observed[line]]).toEqual([-1, undefined]);
    expect(observed.length).toBe(expected.length);
  }

  test('a recorded batch of four digits', async () => {
    await compareBatch(recordedBatch(), 'mp16-8', join(folder, 'four'));
  }, 900_000);

  test('a recorded batch of 128 digits', { ...needs('gomez-tang'), timeout: 1_800_000 }, async () => {
    const name = 'snn-mp8-4-b128';
    const recording = new Recording(readFileSync(join(recordings ?? '', `${name}.npz`)));
    await compareBatch(recording, 'mp8-4', join(folder, name));
  });
});
