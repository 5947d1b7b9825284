import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { brotliDecompressSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import { compileCore } from '../../../src/compiler/index.ts';
import { type Core, createCore } from '../../../src/engine/index.ts';
import { openExperiment } from '../../../src/experiment/node.ts';
import { loadProgram } from '../../../src/program/index.ts';
import { rule } from '../../support/core.ts';
import { edit, files, load } from '../../hardware/tiny.ts';
import { root } from '../../support/root.ts';
import { Recording } from './recording.ts';
import { convolution, denseNetwork, replay } from './replay.ts';
import { needs } from "../../support/needs.ts";

// Held against what the authors' own classes computed: see README.md, "Recordings of Gomez and Tang".

/** The rule with the random numbers of a recording in the place of draws. */
const given = edit(
  rule('gomez-tang.uc'),
  '  rnd      r0, 16\n  mulsra   r0, r0, 3, 16\n  sub      r0, r0, 1\n  real     r0, r0\n',
  '  ld       r0, self.given\n',
);
const microcode = files({ 'rules/gomez-tang.uc': given, 'rules/gomez-tang-conv.uc': rule('gomez-tang-conv.uc') });

const bundled = (folder: string, name: string): string =>
  readFileSync(join(root, folder, `${name}.yaml`), 'utf8');
const reference = bundled('hw-models', 'reference');
const stateBank = 'state:\n    capacityBits: ';
const hw = load(edit(reference, `${stateBank}65536`, `${stateBank}1048576`));

async function coreAt(name: string, precision: string, engine: 'reference' | 'fast'): Promise<Core> {
  const { spec } = await openExperiment(name);
  const parameters = {
    ...spec.precisionParameters[precision],
    isRandom: 1,
    // Only the end of a pass ends a batch.
    batch: 1000,
  };
  // The outputs take their random numbers from a field.
  const signal = '      signal: {bits: 10}\n';
  const text = edit(bundled('programs', name), signal, `${signal}      given: {bits: 2}\n`);
  const program = loadProgram(
    { text, file: `${name}.yaml` },
    { microcode },
    Object.entries(parameters).map(([key, value]) => ({ path: ['parameters', key], value, place: {} })),
  );
  return createCore(compileCore(program, hw, { precision, seed: 1 }), { engine });
}

const engines = ['reference', 'fast'] as const;

async function replayed(
  bytes: Uint8Array,
  name: 'gomez-tang' | 'gomez-tang-conv',
  precision: string,
  engine: 'reference' | 'fast',
): Promise<number> {
  let compared = 0;
  const core = await coreAt(name, precision, engine);
  const network = name === 'gomez-tang' ? denseNetwork : convolution;
  replay(core, new Recording(bytes), network, (what, found, expected) => {
    compared += expected.length;
    if (found.length !== expected.length || found.some((value, index) => value !== expected[index]))
      expect(found, what).toEqual(expected);
  });
  return compared;
}

test.each(engines)('a batch of four digits, every step, on the %s engine', async (engine) => {
  const packed = readFileSync(join(root, 'test', 'golden', 'traces', 'gomez-tang-mp16-8-b4.npz.br'));
  expect(await replayed(brotliDecompressSync(packed), 'gomez-tang', 'mp16-8', engine)).toBeGreaterThan(100_000);
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
    const bytes = readFileSync(join(folder ?? '', `${name}.npz`));
    const program = kind === 's' ? 'gomez-tang' : 'gomez-tang-conv';
    expect(await replayed(bytes, program, precision, engine)).toBeGreaterThan(100_000);
  });
});
