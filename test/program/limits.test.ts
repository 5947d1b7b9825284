import { describe, expect, it } from 'vitest';
import { loadProgram } from '../../src/program/index.ts';
import { failure } from '../hardware/tiny.ts';
import { imageOf } from '../support/core.ts';

const program = (a: string, b: string, connect = 'dense', steps = 2): string => `format: plasticore/program/1
name: large
steps: ${steps}
input: a
populations: {a: {${a}}, b: {${b}, fields: {v: {bits: 8}}}}
projections: {p: {from: a, to: b, connect: ${connect}}}
microcode: {}
events: {tick: []}
readout: b.v
`;

describe('sizes are checked before anything is reserved for them', () => {
  it.each([
    [
      'a population',
      program('size: 2147483648', 'size: 8'),
      'expected a number of neurons (a whole number, 1 to 16777216), found 2147483648',
    ],
    ['a picture', program('shape: [100000, 100000, 1]', 'size: 8'), 'expected at most 16777216 neurons'],
    [
      'steps',
      program('size: 8', 'size: 8', 'dense', 1e12),
      'steps: expected a number of steps (a whole number, 1 to 1048576)',
    ],
    [
      'a bank',
      program('size: 40000', 'size: 40000'),
      'needs 12 800 000 000 bits of the weight bank; at most 4 294 967 296 can be simulated',
    ],
    ['weights', program('size: 100000', 'size: 100000'), "'p' would have 10000000000 weights"],
    [
      'a convolution',
      program('shape: [3000, 3000, 1]', 'shape: [2996, 2996, 1]', '{convolution: {window: 5}}'),
      "'p' would have 224400400 pieces of rows; at most 16777216 are possible",
    ],
  ])('%s', (_, text, message) => {
    const error = failure(() => imageOf(text, ''));
    expect(error.describe()).toContain(message);
  });

  it('the number of populations', () => {
    const many = Array.from({ length: 129 }, (_, index) => `p${index}: {size: 1}`).join(', ');
    const text = program('size: 1', 'size: 1').replace('populations: {', `populations: {${many}, `);
    const { message } = failure(() =>
      loadProgram({ text, file: 'net.yaml' }, { microcode: () => ({ text: '', file: 'r.uc' }) }),
    );
    expect(message).toContain('expected at most 128 populations');
  });
});
