import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { compile } from '../../src/compiler/index.ts';
import { loadHwModel } from '../../src/hardware/index.ts';
import { type Image, readImage, writeImage } from '../../src/image/index.ts';
import { loadProgram } from '../../src/program/index.ts';
import { failureOf } from '../support/errors.ts';

const read = (file: string) => ({ text: readFileSync(file, 'utf8'), file });

const program = loadProgram(
  {
    file: 'small.yaml',
    text: `
format: plasticore/program/1
name: small
steps: 2
parameters: {threshold: 100, align: 0}
input: input
populations:
  input: {size: 3}
  output: {size: 2, fields: {v: {accumulator: 16}}}
projections:
  all: {from: input, to: output, initialWeights: {uniform: 50}}
microcode: {lif: lif.uc}
events:
  tick: [{deliver: input}, {run: fire, over: output, with: {leak: 1}}]
  spike: {input: [{run: integrate, over: all}]}
readout: output.v
`,
  },
  { microcode: () => read('programs/rules/lif.uc') },
);
const hw = loadHwModel(read('hw-models/reference.yaml').text, 'hw-models/reference.yaml', () => {
  throw new Error('nothing to resolve');
});
const image = compile(program, hw, { precision: 'mp16-8', seed: 1 });
const bytes = writeImage(image);

const refusal = (damaged: Uint8Array) => failureOf(() => readImage(damaged, 'a.pcore'));

describe('an image file', () => {
  test('gives back the image, typed arrays included', () => {
    expect(readImage(bytes, 'a.pcore')).toEqual(image);
    expect(readImage(bytes, 'a.pcore').cores[0]?.image.contents[0]).toBeInstanceOf(Uint32Array);
  });

  test('keeps what its figures were stated for, where that is another shape of the core', () => {
    const child =
      'format: plasticore/hw-model/1\nname: stated\nextends: reference\nrouter: {popPj: 0.9, pushPj: 1, source: pipeline}\n';
    const supply = { path: ['supplyV'], value: 0.8, place: { file: '--set' } };
    const low = loadHwModel(child, 'low.yaml', () => read('hw-models/reference.yaml'), [supply]);
    const marked = compile(program, low, { precision: 'mp16-8', seed: 1 });
    expect(marked.costs.kinds[marked.costs.router.sources.popPj]).toBe('stated for another shape');
    expect(marked.costs.otherShapes).not.toEqual([]);
    expect(readImage(writeImage(marked), 'a.pcore')).toEqual(marked);
  });

  test('is the same bytes for the same image', () => {
    expect(writeImage(compile(program, hw, { precision: 'mp16-8', seed: 1 }))).toEqual(bytes);
  });

  test('of the version before, which knew one core only, is the same image', () => {
    // Compiled from this program at c6cee94, with the prices of then: a fill of 3 cycles for each kernel, and
    // another law for the energy of banks.
    const earlier = readImage(readFileSync('test/image/version-4.pcore'), 'version-4.pcore');
    expect(earlier.cores[0]?.image.contents).toEqual(image.cores[0]?.image.contents);
    const ofProgram = { provenance: undefined, costs: undefined, cores: [] };
    expect({ ...earlier, ...ofProgram }).toEqual({ ...image, ...ofProgram });
    const shape = ({ costs }: Image) => costs.banks.map(({ name, sources }) => ({ name, ...sources }));
    expect(shape(earlier)).toEqual(shape(image));
  });

  test('is refused with any one bit flipped', () => {
    fc.assert(
      fc.property(fc.nat(bytes.length * 8 - 1), (bit) => {
        const damaged = bytes.slice();
        damaged[bit >> 3] = (damaged[bit >> 3] ?? 0) ^ (1 << (bit & 7));
        const error = refusal(damaged);
        expect(error.code).toBe('image');
        expect(error.file).toBe('a.pcore');
      }),
      { numRuns: 500 },
    );
  });

  test('is refused when truncated, foreign, or empty', () => {
    for (const other of [
      bytes.slice(0, -1),
      bytes.slice(0, 10),
      new Uint8Array(),
      new TextEncoder().encode('format: x'),
    ]) {
      expect(refusal(other).code).toBe('image');
    }
  });

  test('of a newer version names the release that it needs', () => {
    // The version is the fixint after the key "version".
    const key = [...new TextEncoder().encode('version')];
    const at = bytes.findIndex((_, index) => key.every((code, i) => bytes[index + i] === code)) + key.length;
    expect(bytes[at]).toBe(5);
    const newer = bytes.slice();
    newer[at] = 7;
    expect(refusal(newer).message).toBe(
      "'image version 7' is newer than this release reads ('image version 5'); it needs plasticore 7.0 or later",
    );
  });
});
