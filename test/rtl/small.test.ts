import { describe, expect, test } from 'vitest';
import { randomState } from '../engine/random/state.ts';
import { load } from '../hardware/tiny.ts';
import { imageOf, roundCore } from '../support/core.ts';
import { lateDraw } from '../support/late-draw.ts';
import { checkImage, type HardwareOutcome } from './random.ts';
import { hasIcarus } from './simulate.ts';

// What random programs seldom have, in Icarus Verilog beside the reference engine.

/** A core that writes single bits. */
const core = roundCore.replaceAll('bitMask: false', 'bitMask: true');

/** Runs a program that has an input of four neurons, `a`, and six neurons, `n`. */
function run(
  fields: string,
  events: string,
  rules: string,
  spikes: readonly (readonly number[])[],
): HardwareOutcome {
  const program = `format: plasticore/program/1
name: small
steps: 4
populations:
  a: {size: 4, fields: {}}
  n:
    size: 6
    fields: {${fields}}
input: a
projections: {p: {from: a, to: n, weights: none, fields: {w: {kind: integer, bits: 4, signed: true}}}}
microcode: {rule: rule.uc}
events: {${events}}
readout: n.v
`;
  const compiled = imageOf(program, rules, core);
  const image = { ...compiled, contents: [...randomState(compiled, 1).banks] };
  return checkImage(image, { hw: load(core), samples: [{ epoch: 0, label: 1, learn: true, spikes }] });
}

describe.skipIf(!hasIcarus())('a small program in Icarus Verilog', () => {
  test('loads a field that is kept once for the items of a word', () => {
    const fields =
      'v: {kind: integer, bits: 4, record: word}, gain: {kind: integer, bits: 4, signed: true, record: word, perWord: true}';
    const rules = `kernel scale over neurons
  ld    r0, self.v
  ld    r1, self.gain
  add.w r0, r0, r1
  st    r0, self.v
end
`;
    expect(run(fields, 'tick: [{run: scale, over: n}]', rules, [[], []])).toMatchObject({ is: 'equal' });
  });

  test('delivers the input twice in a step: its source starts anew', () => {
    const fields = 'v: {kind: integer, bits: 8}';
    const rules = `kernel count over row
  ld  r0, post.v
  ld  r1, syn.w
  add.w r0, r0, r1
  st  r0, post.v
end
kernel halve over neurons
  ld  r0, self.v
  sra r0, r0, 1
  st  r0, self.v
end
`;
    const events =
      'tick: [{deliver: a}, {run: halve, over: n}, {deliver: a}], spike: {a: [{run: count, over: p}]}';
    expect(run(fields, events, rules, [[0, 3, 3], [], [1, 2]])).toMatchObject({ is: 'equal' });
    // In the last step no delivery takes the spikes.
    const seldom = events.replaceAll('{deliver: a}', '{deliver: a, every: 2}');
    expect(run(fields, seldom, rules, [[0], [1, 2], [3]])).toMatchObject({ is: 'equal' });
  });

  test('draws first what its last draw would leave behind', () => {
    const fields = 'v: {kind: integer, bits: 4}, w: {kind: integer, bits: 4}, x: {kind: integer, bits: 4}';
    const tick = 'tick: [{run: jitter, over: n}]';
    expect(run(fields, tick, lateDraw, [[], []])).toMatchObject({ is: 'equal' });
  });
});
