import { describe, expect, it } from 'vitest';
import { createCore, engineNames } from '../../src/engine/index.ts';
import { failure } from '../hardware/tiny.ts';
import { imageOf, roundCore, roundFloatCore, spikeTrain, valuesOf } from '../support/core.ts';

/* One input, three synapses: shadow weights 255, -256 and 100, of 8 bits and one more. */
const program = `format: plasticore/program/1
name: cut
input: in
populations:
  in: {size: 1}
  out: {size: 3, fields: {v: {bits: 8}}}
projections:
  p:
    from: in
    to: out
    cut: {shift: 4, extraBits: 1}
    initialWeights: {values: [255, -256, 100]}
microcode: {rule: rule.uc}
events:
  tick:
    - {deliver: in}
    - {run: learn, over: p, when: learning}
    - {run: cut, over: p, when: learning, last: 1}
  spike:
    in: [{run: integrate, over: p}]
readout: out.v
`;
const rules = `kernel integrate over row
  ld r0, syn.weight
  ld r1, post.v
  add r1, r1, r0
  st r1, post.v
end
kernel learn over synapses
  ld r0, syn.shadow
  add r0, r0, 1
  st r0, syn.shadow
end
kernel cut over synapses
  ld r0, syn.shadow
  sra r0, r0, 5
  st r0, syn.weight
end
`;
const on = { precision: 'mp8-4' };

describe('inference weights that kernels cut', () => {
  it.each(engineNames)('follow the shadow weights when a kernel says so, on the %s engine', (engine) => {
    const core = createCore(imageOf(program, rules, roundCore, on), { engine });
    // Floors of 255 / 16, -256 / 16 and 100 / 16 at first.
    expect(valuesOf(core, 'p.weight')).toEqual([15, -16, 6]);
    const sample = { label: 0, steps: 1, spikes: spikeTrain([0]) };
    core.begin({ ...sample, learn: false });
    core.finish();
    expect(valuesOf(core, 'out.v')).toEqual([15, -16, 6]);
    core.begin({ ...sample, learn: true });
    core.finish();
    // The largest number of nine bits stays; -255 and 101 are cut by five bits: floors of -7.97 and 3.16.
    expect(valuesOf(core, 'p.shadow')).toEqual([255, -255, 101]);
    expect(valuesOf(core, 'p.weight')).toEqual([7, -8, 3]);
  });

  it('take the bits that are said, and no more', () => {
    const bits = imageOf(program, rules, roundCore, on).fields.map(({ name, bits }) => [name, bits]);
    expect(Object.fromEntries(bits)).toMatchObject({ 'p.shadow': 9, 'p.weight': 5 });
  });

  it.each([
    ['no shift', program.replace('shift: 4, ', ''), roundCore, 'cut.shift: expected a number'],
    ['a width below their limits', program.replace(', extraBits: 1', ''), roundCore, 'holds -128..127'],
    [
      'more bits than the datapath has',
      program.replace('extraBits: 1', 'extraBits: 30'),
      roundCore,
      'at most 32',
    ],
    [
      'a core that slices them',
      program,
      roundCore.replace('inferenceWeights: stored', 'inferenceWeights: sliced'),
      'slices them',
    ],
  ])('are refused with %s', (_, text, core, message) => {
    expect(failure(() => imageOf(text, rules, core, on)).message).toContain(message);
  });

  it('are refused on floats', () => {
    const found = failure(() => imageOf(program, rules, roundFloatCore));
    expect(found.message).toContain('has floats');
  });
});
