import { createHash } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { compileCore } from '../../src/compiler/index.ts';
import { type NdArray, writeNpy, writeNpz } from '../../src/data/index.ts';
import { imageOfCore, readImage, writeImage } from '../../src/image/index.ts';
import { createProgram, loadProgram, type ProgramDescription } from '../../src/program/index.ts';
import type { ResolveBytes } from '../../src/text/index.ts';
import { failure, load, placeOf } from '../hardware/tiny.ts';
import { roundCore, roundFloatCore } from '../support/core.ts';
import { initialItems } from '../support/initial-items.ts';

const rules = `kernel integrate over row
  ld  r0, syn.weight
  ld  r1, post.v
  add.s r1, r1, r0
  st  r1, post.v
end
kernel learn over synapses
  ld    r0, syn.shadow
  add.s r0, r0, 1
  st    r0, syn.shadow
end
`;
/** Three neurons onto two; `p` learns if the list runs the rule. */
const pair = (change: Partial<ProgramDescription> = {}, learns = false): ProgramDescription => ({
  name: 'pair',
  input: 'in',
  populations: { in: { size: 3 }, out: { size: 2, fields: { v: { bits: 16 } } } },
  projections: { p: { from: 'in', to: 'out' } },
  microcode: { rule: { text: rules } },
  events: {
    tick: [{ deliver: 'in' }, ...(learns ? [{ run: 'learn', over: 'p' }] : [])],
    spike: { in: [{ run: 'integrate', over: 'p' }] },
  },
  readout: 'out.v',
  ...change,
});
type Initial = NonNullable<NonNullable<ProgramDescription['projections']>[string]['initialWeights']>;
const weighted = (initialWeights: Initial, learns = false) =>
  pair({ projections: { p: { from: 'in', to: 'out', initialWeights } } }, learns);

const find =
  (arrays: Readonly<Record<string, NdArray>>): ResolveBytes =>
  (reference) => ({ bytes: writeNpz(arrays), file: `models/${reference}` });
const imageOf = (
  description: ProgramDescription,
  arrays: Readonly<Record<string, NdArray>> = {},
  core = roundCore,
  precision = core === roundCore ? 'mp16-8' : 'fp32',
) => compileCore(createProgram(description, { arrays: find(arrays) }), load(core), { precision, seed: 1 });

const whole: NdArray = { shape: [3, 2], data: Int32Array.of(1, -2, 3, -4, 127, -128) };
const real: NdArray = { shape: [3, 2], data: Float32Array.of(0.5, -0.5, 0.25, 0.0625, -0.0625, 0) };
const file = { file: 'w.npz', array: 'hidden' } as const;

describe('initial weights from an array', () => {
  test('are integers as stored, pre by pre, post by post', () => {
    const image = imageOf(weighted(file), { hidden: whole, other: real });
    expect(initialItems(image, 'p.weight')).toEqual([1, -2, 3, -4, 127, -128]);
  });

  test('are those of the shadow where a rule writes it, and the weight is its view', () => {
    // mp16-8 drops 8 bits and rounds to nearest: 640 / 256 = 2.5 becomes 3.
    const data = Int16Array.of(640, -640, 256, 0, 32767, -32767);
    const image = imageOf(weighted(file, true), { hidden: { shape: [3, 2], data } });
    expect(initialItems(image, 'p.shadow')).toEqual([...data]);
    expect(initialItems(image, 'p.weight')).toEqual([3, -2, 1, 0, 127, -128]);
  });

  test('are floats times a scale, rounded to nearest, a half up', () => {
    // x 8: 4, -4, 2, 0.5 -> 1, -0.5 -> -0, 0
    const image = imageOf(weighted({ ...file, scale: 8 }), { hidden: real });
    expect(initialItems(image, 'p.weight')).toEqual([4, -4, 2, 1, 0, 0]);
  });

  test('follow the precision by a scale that is a formula', () => {
    const scaled = weighted({ ...file, scale: '2 ** (weightBits - 1)' });
    // 0.0625 x 8 = 0.5 at 4 bits, 0.0625 x 128 = 8 at 8 bits
    expect(initialItems(imageOf(scaled, { hidden: real }, roundCore, 'mp16-4'), 'p.weight')).toEqual([
      4, -4, 2, 1, 0, 0,
    ]);
    expect(initialItems(imageOf(scaled, { hidden: real }), 'p.weight')).toEqual([64, -64, 32, 8, -8, 0]);
  });

  test('are not rounded on a float core', () => {
    const image = imageOf(weighted({ ...file, scale: 4 }), { hidden: real }, roundFloatCore);
    expect(initialItems(image, 'p.weight')).toEqual([2, -2, 1, 0.25, -0.25, 0]);
  });

  test('come from code as a list or a typed array', () => {
    for (const values of [
      [1, 2, 3, 4, 5, 6],
      Int32Array.of(1, 2, 3, 4, 5, 6),
      Uint8Array.of(1, 2, 3, 4, 5, 6),
    ])
      expect(initialItems(imageOf(weighted({ values })), 'p.weight')).toEqual([1, 2, 3, 4, 5, 6]);
    const scaled = weighted({ values: [0.5, 1, 1.5, 2, 2.5, 3], shape: [3, 2], scale: 2 });
    expect(initialItems(imageOf(scaled), 'p.weight')).toEqual([1, 2, 3, 4, 5, 6]);
  });

  test('come from a .npy file, and from the only array of a .npz file, without a name', () => {
    const npy = createProgram(weighted({ file: 'w.npy' }), {
      arrays: (reference) => ({ bytes: writeNpy(whole), file: reference }),
    });
    const image = compileCore(npy, load(roundCore), { precision: 'mp16-8', seed: 1 });
    expect(initialItems(image, 'p.weight')).toEqual([1, -2, 3, -4, 127, -128]);
    expect(initialItems(imageOf(weighted({ file: 'w.npz' }), { only: whole }), 'p.weight')[4]).toBe(127);
  });

  test('of a convolution have the shape of its window: rows, columns, inputs, outputs', () => {
    const picture = (shape: readonly number[]) =>
      imageOf(
        pair({
          populations: { in: { shape: [2, 3, 2] }, out: { shape: [1, 2, 3], fields: { v: { bits: 16 } } } },
          projections: {
            p: {
              from: 'in',
              to: 'out',
              connect: { convolution: { window: 2 } },
              initialWeights: file,
            },
          },
        }),
        { hidden: { shape, data: Int8Array.from({ length: 24 }, (_, i) => i) } },
      );
    const values = Array.from({ length: 24 }, (_, i) => i);
    expect(initialItems(picture([2, 2, 2, 3]), 'p.weight')).toEqual(values);
    expect(initialItems(picture([8, 3]), 'p.weight')).toEqual(values);
    expect(failure(() => picture([3, 2, 2, 2])).message).toBe(
      "'models/w.npz: hidden' has the shape 3 x 2 x 2 x 2, expected 2 x 2 x 2 x 3 or 8 x 3 (rows x columns x inputs x outputs)",
    );
  });
});

test('a field of a population or a projection can also be filled from an array', () => {
  const image = imageOf(
    pair({
      populations: {
        in: { size: 3 },
        out: {
          shape: [1, 2, 1],
          fields: {
            v: { bits: 16 },
            threshold: { bits: 8, signed: false, initial: { file: 't.npz', array: 't' } },
          },
        },
      },
      projections: {
        p: { from: 'in', to: 'out', fields: { delay: { bits: 4, initial: { values: [0, 1, 2, 3, 4, 5] } } } },
      },
    }),
    { t: { shape: [1, 2, 1], data: Uint8Array.of(200, 255) } },
  );
  expect(initialItems(image, 'out.threshold')).toEqual([200, 255]);
  expect(initialItems(image, 'p.delay')).toEqual([0, 1, 2, 3, 4, 5]);
});

describe('the provenance of an array', () => {
  const sha256 = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex');

  test('is its file, its name, its scale and the hash of its bytes', () => {
    const image = imageOf(weighted({ ...file, scale: 2 }, true), { hidden: whole });
    expect(image.provenance.arrays).toEqual([
      {
        field: 'p.shadow',
        file: 'w.npz',
        array: 'hidden',
        sha256: sha256(new Uint8Array(whole.data.buffer)),
        scale: 2,
      },
    ]);
    // 64-bit integers: 1 and -2 as little-endian bytes.
    const long: NdArray = { shape: [3, 2], data: Float64Array.of(1, -2, 0, 0, 0, 0), dtype: '<i8' };
    const bytes = Uint8Array.of(
      1,
      0,
      0,
      0,
      0,
      0,
      0,
      0,
      254,
      ...new Array(7).fill(255),
      ...new Array(32).fill(0),
    );
    const [origin] = imageOf(weighted(file, true), { hidden: long }).provenance.arrays;
    expect(origin).toEqual({
      field: 'p.shadow',
      file: 'w.npz',
      array: 'hidden',
      sha256: sha256(bytes),
      scale: 1,
    });
  });

  test('of one from code has no file', () => {
    const [origin] = imageOf(weighted({ values: Int8Array.of(1, 2, 3, 4, 5, 6) })).provenance.arrays;
    expect(origin).toEqual({ field: 'p.weight', sha256: sha256(Uint8Array.of(1, 2, 3, 4, 5, 6)), scale: 1 });
  });

  test('is part of the image and its hash', () => {
    const other = { ...whole, data: Int16Array.from(whole.data) };
    const [a, b] = [whole, other].map((hidden) => imageOf(weighted(file), { hidden }));
    expect(a?.contents).toEqual(b?.contents);
    if (a === undefined || b === undefined) throw new Error('two images');
    expect(readImage(writeImage(imageOfCore(a)), 'a.pcore')).toEqual(imageOfCore(a));
    expect(sha256(writeImage(imageOfCore(a)))).not.toBe(sha256(writeImage(imageOfCore(b))));
  });
});

describe('an array is refused', () => {
  const refusal = (initial: Initial, arrays: Readonly<Record<string, NdArray>> = { hidden: whole }) =>
    failure(() => imageOf(weighted(initial), arrays));

  test('of another shape, with the expected one', () => {
    expect(refusal(file, { hidden: { ...whole, shape: [2, 3] } })).toMatchObject({
      file: 'pair: projections.p.initialWeights',
      message: "'models/w.npz: hidden' has the shape 2 x 3, expected 3 x 2 (pre x post)",
      hint: 'it is transposed: save weights.T',
    });
    expect(refusal(file, { hidden: { ...whole, shape: [6] } }).message).toContain(
      'has the shape 6, expected 3 x 2',
    );
    expect(refusal({ values: [1, 2] }).message).toBe(
      "'projections.p.initialWeights.values' has 2 values, expected 3 x 2 (pre x post)",
    );
    expect(refusal({ values: [1, 2, 3], shape: [3, 2] }).message).toBe(
      'a shape of 3 x 2 has 6 values, found 3',
    );
  });

  test('where an item does not fit, by its position', () => {
    const hidden = { ...whole, data: Int32Array.of(1, 2, 3, 200, 5, 6) };
    expect(refusal(file, { hidden })).toMatchObject({
      file: 'pair: projections.p.initialWeights',
      message: 'models/w.npz: hidden[1, 1] is 200; p.weight holds -128..127 in 8 bits',
    });
    expect(refusal({ ...file, scale: 100 }).message).toBe(
      'models/w.npz: hidden[0, 1] is -200 (-2 x 100); p.weight holds -128..127 in 8 bits',
    );
  });

  test('of floats without a scale, and of values that are not numbers', () => {
    expect(refusal(file, { hidden: real })).toMatchObject({
      message: "'models/w.npz: hidden' holds floats: a scale is missing",
    });
    expect(refusal({ values: [0.5, 1, 2, 3, 4, 5] }).message).toContain('holds floats');
    const broken = { ...real, data: Float32Array.of(0, 0, 0, 0, Number.NaN, 0) };
    expect(refusal({ ...file, scale: 2 }, { hidden: broken }).message).toContain('hidden[2, 0] is NaN');
    const infinite = { ...real, data: Float32Array.of(Number.POSITIVE_INFINITY, 0, 0, 0, 0, 0) };
    expect(
      failure(() => imageOf(weighted({ ...file, scale: 2 }), { hidden: infinite }, roundFloatCore)).message,
    ).toBe('models/w.npz: hidden[0, 0] is Infinity (Infinity x 2); expected a finite number');
  });

  test('that is not there', () => {
    expect(refusal({ file: 'w.npz', array: 'hiden' })).toMatchObject({
      file: 'pair: projections.p.initialWeights.array',
      message: "'w.npz' has no array 'hiden'",
      hint: "did you mean 'hidden'?",
    });
    expect(refusal({ file: 'w.npz' }, { a: whole, b: whole })).toMatchObject({
      message: "'w.npz' holds 2 arrays: say which",
      hint: 'array: a, b',
    });
    expect(failure(() => createProgram(weighted(file)))).toMatchObject({
      file: 'pair: projections.p.initialWeights.file',
      message: "'w.npz' is a file of arrays, and nothing is given that finds it",
    });
  });

  test('beside another source, or with keys of another source', () => {
    expect(refusal({ ...file, uniform: 3 }).message).toBe(
      'projections.p.initialWeights: expected one of uniform, file, values, found uniform and file',
    );
    expect(refusal({}).message).toContain('found none');
    expect(refusal({ uniform: 3, scale: 2 }).message).toContain("'scale' goes with 'file' or 'values'");
    expect(refusal({ values: [1], array: 'a' }).message).toContain("'array' goes with 'file'");
    expect(refusal({ ...file, shape: [2] }).message).toContain("'shape' goes with 'values'");
  });

  test('where there are no weights to set', () => {
    const pooling = pair({
      populations: { in: { shape: [2, 2, 1] }, out: { shape: [1, 1, 1], fields: { v: { bits: 16 } } } },
      projections: {
        p: { from: 'in', to: 'out', connect: { pooling: { window: 2 } }, initialWeights: file },
      },
    });
    expect(failure(() => imageOf(pooling, { hidden: whole })).message).toBe(
      "a pooling has no weights: 'p' takes no initialWeights",
    );
  });
});

test('in YAML the place is the line', () => {
  const text = `format: plasticore/program/1
name: net
input: in
populations: {in: {size: 3}, out: {size: 2, fields: {v: {bits: 16}}}}
projections:
  p:
    from: in
    to: out
    initialWeights: {file: w.npz, array: hidden}
microcode: {rule: {text: ""}}
events: {tick: [{deliver: in}]}
readout: out.v
`;
  const arrays = find({ hidden: { ...whole, shape: [2, 3] } });
  expect(failure(() => loadProgram({ text, file: 'net.yaml' }, { arrays }))).toMatchObject({
    file: 'net.yaml',
    ...placeOf(text, '{file: w.npz'),
  });
});
