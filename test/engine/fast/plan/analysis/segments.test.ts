import { describe, expect, it } from 'vitest';
import { planKernel } from '../../../../../src/engine/fast/plan/kernel-plan.ts';
import type { CoreImage } from '../../../../../src/image/index.ts';
import { edit } from '../../../../hardware/tiny.ts';
import { imageOf, roundCore } from '../../../../support/core.ts';

const integrate = `  ld    r0, post.v
  ld    r1, syn.weight
  add.s r0, r0, r1
  st    r0, post.v`;

/** A sparse projection of blocks, the first of which is halved, as where another core has the other half. */
function sparseWith(block: number, lanes: number): CoreImage {
  const image = imageOf(
    `format: plasticore/program/1
name: one
steps: 1
input: in
populations: {in: {size: 40}, out: {size: 96, fields: {v: {bits: 16}}}}
projections: {some: {from: in, to: out, connect: {sparse: {fanOut: 48, block: ${block}}}, initialWeights: {uniform: 9}}}
microcode: {rule: rule.uc}
events: {tick: [{deliver: in}], spike: {in: [{run: k, over: some}]}}
readout: out.v
`,
    `kernel k over row\n${integrate}\nend`,
    edit(roundCore, 'lanes: 4', `lanes: ${lanes}`).replaceAll(/capacityBits: \d+/g, 'capacityBits: 1048576'),
  );
  const halve = (lengths: Uint32Array): Uint32Array =>
    lengths.map((length, s) => (s === 0 ? length / 2 : length));
  const projections = image.projections.map((projection) => ({
    ...projection,
    segments: { ...projection.segments, length: halve(projection.segments.length) },
  }));
  return { ...image, projections };
}

describe('a kernel over blocks of listed targets, some of which are cut', () => {
  it.each([
    [16, 16, 'i16x8', 'every value fits 16 bits'],
    [16, 1, 'i16x8', 'every value fits 16 bits'],
    [8, 16, 'i32x4', 'segments of different lengths, multiples of 4, are not whole vectors of 8'],
    [12, 16, 'one', 'segments of different lengths, multiples of 6, are not whole vectors of 4'],
  ])('of %i columns on %i lanes', (block, lanes, expected, because) => {
    expect(planKernel(sparseWith(block, lanes), 0)).toMatchObject({ lanes: expected, because });
  });
});

function imageWith(channels: number, lanes: number, where: string, body: string): CoreImage {
  return imageOf(
    `format: plasticore/program/1
name: one
steps: 1
input: in
populations: {in: {shape: [3, 3, 1]}, out: {shape: [2, 2, ${channels}], fields: {v: {bits: 16}, g: {bits: 8}}}}
projections: {conv: {from: in, to: out, connect: {convolution: {window: 2}}, initialWeights: {uniform: 9}}}
microcode: {rule: rule.uc}
events: {tick: [{deliver: in}], spike: {in: [{run: k, over: conv}]}}
readout: out.v
`,
    `kernel k over row ${where}\n${body}\nend`,
    edit(roundCore, 'lanes: 4', `lanes: ${lanes}`).replaceAll(/capacityBits: \d+/g, 'capacityBits: 1048576'),
  );
}

describe('a kernel over the segments of a convolution', () => {
  it.each([
    // What a kernel does to whole tiles it does to vectors; what it does to parts of tiles only where lanes do not
    // matter.
    [16, 16, '', integrate, 'i16x8', 'every value fits 16 bits'],
    [32, 16, 'where post.g', integrate, 'i16x8', 'every value fits 16 bits'],
    [8, 16, '', integrate, 'i16x8', 'every value fits 16 bits'],
    [
      12,
      16,
      '',
      integrate,
      'i32x4',
      'segments of 12 columns, at multiples of 12, are not whole vectors of 8',
    ],
    // Where lanes do not matter, they need not be vectors.
    [8, 1, '', integrate, 'i16x8', 'every value fits 16 bits'],
    [8, 3, 'where post.g', integrate, 'one', '3 lanes are not whole vectors of 4'],
    [6, 16, '', integrate, 'one', 'segments of 6 columns, at multiples of 6, are not whole vectors of 4'],
    [
      8,
      16,
      'where post.g',
      integrate,
      'one',
      'segments of 8 columns, at multiples of 8, are not whole tiles of 16 lanes',
    ],
    [
      8,
      16,
      '',
      `  rnd r0, 3\n  ld r1, post.v\n  st r1, post.v`,
      'one',
      'segments of 8 columns, at multiples of 8, are not whole tiles of 16 lanes',
    ],
  ])('of %i channels on %i lanes %s', (channels, lanes, where, body, expected, because) => {
    expect(planKernel(imageWith(channels, lanes, where, body), 0)).toMatchObject({
      lanes: expected,
      because,
    });
  });

  it('is scalar if segments are not whole rows of weights, or differ in length', () => {
    const image = imageWith(16, 16, '', integrate);
    const cut = (change: (lengths: Uint32Array) => Uint32Array): CoreImage => ({
      ...image,
      projections: image.projections.map((projection) => ({
        ...projection,
        segments: { ...projection.segments, length: change(projection.segments.length) },
      })),
    });
    const halves = cut((lengths) => lengths.map(() => 8));
    expect(planKernel(halves, 0).because).toBe('segments that are no whole row of weights');
    const one = cut((lengths) => lengths.map((length, s) => (s === 0 ? 8 : length)));
    expect(planKernel(one, 0).because).toBe('segments of different lengths');
  });
});
