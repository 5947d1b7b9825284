import { describe, expect, test } from 'vitest';
import { coreFiles, planCore } from '../../src/rtl/index.ts';
import { randomState } from '../engine/random/state.ts';
import { load } from '../hardware/tiny.ts';
import { imageOf, roundCore } from '../support/core.ts';
import { checkImage, type HardwareOptions } from './random.ts';
import { hasIcarus } from './simulate.ts';

// Kernels of the same microcode share a pipeline, if what they read and write is alike.

const core = roundCore.replaceAll('bitMask: false', 'bitMask: true').replace('fillCycles: 3, ', '');

const rules = `kernel decay over neurons
  ld  r0, self.v
  sra r1, r0, #shift
  sub r0, r0, r1
  st  r0, self.v
end
kernel count over row
  ld    r0, syn.weight
  ld    r1, post.v
  add.w r1, r1, r0
  st    r1, post.v
end
`;

/** Two populations behind an input of four neurons: six neurons, and five, whose fields have so many bits. */
function compiled(bits: number) {
  const program = `format: plasticore/program/1
name: alike
steps: 3
populations:
  a: {size: 4, fields: {}}
  six: {size: 6, fields: {v: {bits: 16}}}
  five: {size: 5, fields: {v: {bits: ${bits}}}}
input: a
projections:
  long: {from: a, to: six, initialWeights: {uniform: 0}}
  short: {from: a, to: five, initialWeights: {uniform: 0}}
microcode: {rule: rule.uc}
events:
  tick:
    - {run: decay, over: six, with: {shift: 1}}
    - {deliver: a}
    - {run: decay, over: five, with: {shift: 2}}
  spike: {a: [{run: count, over: long}, {run: count, over: short}]}
readout: six.v
`;
  const image = imageOf(program, rules, core);
  return { ...image, contents: [...randomState(image, 1).banks] };
}

function pipelinesOf(bits: number): string[] {
  const files = coreFiles(planCore(compiled(bits), load(core)));
  return files.flatMap(([name, text]) => (/^k\d/.test(name) ? [text.split('\n')[1] ?? ''] : []));
}

test('kernels that differ in sizes, addresses and constants share a pipeline', () => {
  expect(pipelinesOf(16).map((comment) => comment.replace(/^\/\/ (.*): a tile.*/, '$1'))).toEqual([
    'decay(six), decay(five)',
    'count(long), count(short)',
  ]);
});

test('kernels over fields of other widths have their own', () => {
  expect(pipelinesOf(14)).toHaveLength(4);
});

describe.skipIf(!hasIcarus())('a shared pipeline in Icarus Verilog', () => {
  const run = (options: HardwareOptions = {}) => {
    const spikes = [[0, 2, 3], [1], [3, 0]];
    const samples = [{ epoch: 0, label: 1, learn: true, spikes }];
    return checkImage(compiled(16), { hw: load(core), samples }, options);
  };

  test('does what each kernel does', () => {
    expect(run()).toMatchObject({ is: 'equal' });
  });

  test.each([
    // As in (member == 1'd1 ? 8'd12 : 8'd3), and in .constant_2_2(member == 1'd1 ? 3'sh2 : 3'sh1).
    ['addresses', /\(member == 1'd1 \? \d+'d\d+ : (\d+'d\d+)\)/g, '$1'],
    ['constants', /member == 1'd1 \? \d+'sh\d+ : (\d+'sh\d+)/g, '$1'],
  ])('finds a generator that gives all kernels the %s of the first', (_what, pattern, first) => {
    expect(run({ edit: (text) => text.replace(pattern, first) })).toMatchObject({ is: 'different' });
  });
});
