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
import { replay } from './replay.ts';
import { needs } from "../../support/needs.ts";

// Held against what the authors' own classes computed: see README.md, "Recordings of Gomez and Tang".

const hw = load(readFileSync(join(root, 'hw-models', 'reference.yaml'), 'utf8'));
const experiment = await openExperiment('gomez-tang');

/** The rule with the random numbers of a recording in the place of draws. */
const given = edit(
  rule('gomez-tang.uc'),
  '  rnd      r0, 16\n  mulsra   r0, r0, 3, 16\n  sub      r0, r0, 1\n  real     r0, r0\n',
  '  ld       r0, self.given\n',
);

/** The bundled program, whose outputs take their random numbers from a field. */
const text = edit(
  readFileSync(join(root, 'programs', 'gomez-tang.yaml'), 'utf8'),
  '      signal: {bits: 10}\n',
  '      signal: {bits: 10}\n      given: {bits: 2}\n',
);

function coreAt(precision: string, engine: 'reference' | 'fast'): Core {
  const parameters = {
    ...experiment.spec.precisionParameters[precision],
    isRandom: 1,
    // Only the end of a pass ends a batch.
    batch: 1_000_000,
  };
  const program = loadProgram(
    { text, file: 'gomez-tang.yaml' },
    { microcode: files({ 'rules/gomez-tang.uc': given }) },
    Object.entries(parameters).map(([name, value]) => ({ path: ['parameters', name], value, place: {} })),
  );
  return createCore(compileCore(program, hw, { precision, seed: 1 }), { engine });
}

const engines = ['reference', 'fast'] as const;

function replayed(bytes: Uint8Array, precision: string, engine: 'reference' | 'fast'): number {
  let compared = 0;
  replay(coreAt(precision, engine), new Recording(bytes), (what, found, expected) => {
    compared += expected.length;
    if (found.length !== expected.length || found.some((value, index) => value !== expected[index]))
      expect(found, what).toEqual(expected);
  });
  return compared;
}

test.each(engines)('a batch of four digits, every step, on the %s engine', (engine) => {
  const packed = readFileSync(join(root, 'test', 'golden', 'traces', 'gomez-tang-mp16-8-b4.npz.br'));
  expect(replayed(brotliDecompressSync(packed), 'mp16-8', engine)).toBeGreaterThan(100_000);
});

const folder = process.env.PLASTICORE_GOMEZ_TANG;

describe(`recordings of the authors' code`, needs('gomez-tang'), () => {
  test.each(
    ['snn-mp8-4-b4', 'snn-mp16-8-b4', 'snn-mp8-4-b128', 'snn-mp16-8n-b128'].flatMap((name) =>
      engines.map((engine) => [name, engine] as const),
    ),
  )('%s on the %s engine', (name, engine) => {
    const [, precision = ''] = /snn-(mp\d+-\d+)/.exec(name) ?? [];
    const bytes = readFileSync(join(folder ?? '', `${name}.npz`));
    expect(replayed(bytes, precision, engine)).toBeGreaterThan(100_000);
  });
});
