import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { createCore } from '../../../src/engine/index.ts';
import { imageAt, recordedBatch } from './core.ts';
import { Recording } from './recording.ts';
import { convolution, denseNetwork, replay } from './replay.ts';
import { needs } from '../../support/needs.ts';

// Held against what the authors' own classes computed: see README.md, "Recordings of Gomez and Tang".

const engines = ['reference', 'fast'] as const;

async function replayed(
  recording: Recording,
  name: 'gomez-tang' | 'gomez-tang-conv',
  precision: string,
  engine: 'reference' | 'fast',
): Promise<number> {
  let compared = 0;
  const core = createCore(await imageAt(name, precision), { engine });
  const network = name === 'gomez-tang' ? denseNetwork : convolution;
  replay(core, recording, network, (what, found, expected) => {
    compared += expected.length;
    if (found.length !== expected.length || found.some((value, index) => value !== expected[index]))
      expect(found, what).toEqual(expected);
  });
  return compared;
}

test.each(engines)('a batch of four digits, every step, on the %s engine', async (engine) => {
  expect(await replayed(recordedBatch(), 'gomez-tang', 'mp16-8', engine)).toBeGreaterThan(100_000);
});

const folder = process.env.PLASTICORE_GOMEZ_TANG;

describe(`recordings of the authors' code`, needs('gomez-tang'), () => {
  test.each(
    [
      'snn-mp8-4-b4',
      'snn-mp16-8-b4',
      'snn-mp8-4-b128',
      'snn-mp16-8n-b128',
      // The first batch of each: their shadow weights are no integers after it.
      'cnn-mp8-4-b4',
      'cnn-mp16-8-b4',
    ].flatMap((name) => engines.map((engine) => [name, engine] as const)),
  )('%s on the %s engine', async (name, engine) => {
    const [, kind = '', precision = ''] = /([sc])nn-(mp\d+-\d+)/.exec(name) ?? [];
    const recording = new Recording(readFileSync(join(folder ?? '', `${name}.npz`)));
    const program = kind === 's' ? 'gomez-tang' : 'gomez-tang-conv';
    expect(await replayed(recording, program, precision, engine)).toBeGreaterThan(100_000);
  });
});
