import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { brotliDecompressSync } from 'node:zlib';
import { compileCore } from '../../../src/compiler/index.ts';
import { openExperiment } from '../../../src/experiment/node.ts';
import type { HwModel } from '../../../src/hardware/index.ts';
import type { CoreImage } from '../../../src/image/index.ts';
import { loadProgram } from '../../../src/program/index.ts';
import { edit, files, load } from '../../hardware/tiny.ts';
import { rule } from '../../support/core.ts';
import { root } from '../../support/root.ts';
import { Recording } from './recording.ts';

/** The recorded batch of four digits at mp16-8 that is in this folder. */
export const recordedBatch = (): Recording =>
  new Recording(
    brotliDecompressSync(readFileSync(join(root, 'test', 'golden', 'traces', 'gomez-tang-mp16-8-b4.npz.br'))),
  );

/** The rule with the random numbers of a recording in the place of draws. */
const given = edit(
  rule('gomez-tang.uc'),
  '  rnd      r0, 16\n  mulsra   r0, r0, 3, 16\n  sub      r0, r0, 1\n  real     r0, r0\n',
  '  ld       r0, self.given\n',
);
const microcode = files({ 'rules/gomez-tang.uc': given, 'rules/gomez-tang-conv.uc': rule('gomez-tang-conv.uc') });

const bundled = (folder: string, name: string): string =>
  readFileSync(join(root, folder, `${name}.yaml`), 'utf8');
const stateBank = 'state:\n    capacityBits: ';
/** The reference core with room for the neurons of the convolution. */
export const reference = load(
  edit(bundled('hw-models', 'reference'), `${stateBank}65536`, `${stateBank}1048576`),
);

/**
 * The image of a bundled program with the settings of a published cell, whose outputs take their random numbers from a
 * field, `output.given`.
 */
export async function imageAt(name: string, precision: string, hw: HwModel = reference): Promise<CoreImage> {
  const { spec } = await openExperiment(name);
  const parameters = {
    ...spec.precisionParameters[precision],
    isRandom: 1,
    // Only the end of a pass ends a batch.
    batch: 1000,
  };
  const signal = '      signal: {bits: 10}\n';
  const text = edit(bundled('programs', name), signal, `${signal}      given: {bits: 2}\n`);
  const program = loadProgram(
    { text, file: `${name}.yaml` },
    { microcode },
    Object.entries(parameters).map(([key, value]) => ({ path: ['parameters', key], value, place: {} })),
  );
  return compileCore(program, hw, { precision, seed: 1 });
}

