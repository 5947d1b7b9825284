import { describe, expect, test } from 'vitest';
import { type CompileOptions, compileCore } from '../../src/compiler/index.ts';
import { type NdArray, writeNpz } from '../../src/data/index.ts';
import { createCore } from '../../src/engine/index.ts';
import type { CoreImage } from '../../src/image/index.ts';
import { withWeights } from '../../src/program/index.ts';
import { edit, failure, load } from '../hardware/tiny.ts';
import { programOf, roundCore, roundFloatCore, valuesOf } from '../support/core.ts';
import { smallProgram, smallRules } from './small.ts';

/** The small program on the round core, with a file of weights. `p` learns, `loop` does not. */
function imageWith(
  arrays: Readonly<Record<string, NdArray>>,
  { program = smallProgram, core = roundCore, ...options }: Partial<CompileOptions> & Texts = {},
): CoreImage {
  const stated = programOf(program, { 'rule.uc': smallRules });
  const given = withWeights(stated, { bytes: writeNpz(arrays), file: 'w.npz' });
  const precision = core === roundFloatCore ? 'fp32' : 'mp16-8';
  return compileCore(given, load(core), { precision, seed: 1, ...options });
}
interface Texts {
  readonly program?: string;
  readonly core?: string;
}

const filled = (value: number, rows = 6): NdArray => ({
  shape: [rows, 5],
  data: new Int16Array(rows * 5).fill(value),
});
const floats = (value: number): NdArray => ({ shape: [6, 5], data: new Float32Array(30).fill(value) });
const number = (value: number): NdArray => ({ shape: [], data: Float64Array.of(value) });
const firstOf = (image: CoreImage, name: string): number | undefined =>
  valuesOf(createCore(image, { engine: 'reference' }), name)[0];

const inference: Partial<CompileOptions> & Texts = { inference: true };
const frozen = { program: edit(smallProgram, '  p:\n', '  p:\n    frozen: true\n') };

describe('a file of weights', () => {
  // 16 shadow bits, 8 weight bits: a weight is 256 shadow units.
  test('fills shadow weights where a rule writes them, and weights elsewhere', () => {
    const image = imageWith({ p: filled(1000), loop: filled(-7, 5) });
    expect([firstOf(image, 'p.shadow'), firstOf(image, 'p.weight')]).toEqual([1000, 4]);
    expect(firstOf(image, 'loop.weight')).toBe(-7);
    expect(image.provenance.arrays).toMatchObject([
      { field: 'p.shadow', file: 'w.npz', array: 'p', scale: 1 },
      { field: 'loop.weight', file: 'w.npz', array: 'loop', scale: 1 },
    ]);
    expect(image.provenance.arrays[0]?.sha256).toMatch(/^[0-9a-f]{64}$/);
  });

  test.each([
    ['p.shadow', 1000, 1000, 4],
    // 100 x 256; -128 x 256 saturates at -(2^15 - 1).
    ['p.weight', 100, 25600, 100],
    ['p.weight', -128, -32767, -128],
    ['p.weight', 127, 32512, 127],
  ])(
    '%s of %i is a shadow weight of %i and a weight of %i, with the rule and without',
    (name, value, shadow, weight) => {
      const image = imageWith({ [name]: filled(value) });
      expect([firstOf(image, 'p.shadow'), firstOf(image, 'p.weight')]).toEqual([shadow, weight]);
      for (const without of [inference, frozen])
        expect(firstOf(imageWith({ [name]: filled(value) }, without), 'p.weight')).toBe(weight);
    },
  );

  test('takes the array of the unit that the core has, where there are both', () => {
    const both = { 'p.shadow': filled(1000), 'p.weight': filled(90), 'loop.weight': filled(3, 5) };
    expect(firstOf(imageWith(both), 'p.shadow')).toBe(1000);
    expect(firstOf(imageWith(both, inference), 'p.weight')).toBe(4);
    expect(firstOf(imageWith({ 'loop.shadow': filled(32767, 5) }), 'loop.weight')).toBe(127);
  });

  test('scales floats by the value of a unit', () => {
    const half = { 'p.weight': floats(0.5), 'p.weight.scale': number(2 ** -7) };
    expect(firstOf(imageWith(half), 'p.weight')).toBe(64);
    expect(firstOf(imageWith({ p: floats(0.5), 'p.scale': number(2 ** -15) }), 'p.shadow')).toBe(16384);
    expect(imageWith(half).provenance.arrays).toMatchObject([{ array: 'p.weight', scale: 128 }]);
  });

  test('is as good on a core of floats, whose shadow weights are 256 times its weights', () => {
    const on = { core: roundFloatCore };
    for (const without of [{}, inference, frozen]) {
      const image = (name: string, value: number) =>
        imageWith({ [name]: filled(value) }, { ...on, ...without });
      expect(firstOf(image('p.weight', 3), 'p.weight')).toBe(3);
      expect(firstOf(image('p.shadow', 640), 'p.weight')).toBe(2.5);
      expect(firstOf(image('p', 640), 'p.weight')).toBe(2.5);
    }
    const drawn = (options: Partial<CompileOptions> & Texts) =>
      valuesOf(createCore(imageWith({ loop: filled(0, 5) }, { ...on, ...options })), 'p.weight');
    expect(drawn(inference)).toEqual(drawn({}));
    expect(drawn(frozen)).toEqual(drawn({}));
  });

  test('fills other fields by their names', () => {
    const trace: NdArray = { shape: [6], data: Uint8Array.of(1, 2, 3, 4, 5, 6) };
    const image = imageWith({ 'in.trace': trace });
    expect(valuesOf(createCore(image), 'in.trace')).toEqual([1, 2, 3, 4, 5, 6]);
  });

  test.each<readonly [string, Readonly<Record<string, NdArray>>, readonly string[]]>([
    ['an unknown name', { q: filled(1) }, ["'q' names neither a projection nor a field", 'p']],
    ['a field that is not there', { 'p.gradient': filled(1) }, ["'p.gradient' names neither"]],
    [
      'two arrays for one field',
      { p: filled(1), 'p.weight': filled(1) },
      ["'p' and 'p.weight' fill the same"],
    ],
    [
      'a transposed array',
      { p: { shape: [5, 6], data: new Int8Array(30) } },
      ['shape 5 x 6, expected 6 x 5', 'save weights.T'],
    ],
    ['floats without a scale', { p: floats(1) }, ["'w.npz: p' holds floats: a scale is missing"]],
    [
      'a scale of several numbers',
      { p: floats(1), 'p.scale': floats(1) },
      ["'p.scale': expected the value of one unit"],
    ],
    ['a scale of 0', { p: floats(1), 'p.scale': number(0) }, ['a single number above 0']],
    [
      'a weight beyond its bits',
      { 'p.weight': filled(128) },
      [
        'w.npz: p.weight[0, 0] is 128; p.weight holds -128..127 in 8 bits',
        "import it again with precision 'mp16-8'",
      ],
    ],
    ['no arrays', {}, ['there is no array in it', 'name arrays like projections: p, loop']],
  ])('is refused with %s', (_, arrays, parts) => {
    const error = failure(() => imageWith(arrays));
    for (const part of parts) expect(error.describe()).toContain(part);
    expect(error.describe()).toContain('w.npz');
  });
});
