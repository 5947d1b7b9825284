import { describe, expect, test } from 'vitest';
import { randomState } from '../engine/random/state.ts';
import { load } from '../hardware/tiny.ts';
import { imageOf, roundCore } from '../support/core.ts';
import { lateDraw } from '../support/late-draw.ts';
import { needs } from '../support/needs.ts';
import { checkImage, type HardwareOutcome } from './random.ts';

// What random programs seldom have, in Icarus Verilog beside the reference engine.

/** A core that writes single bits. */
const core = roundCore.replaceAll('bitMask: false', 'bitMask: true');

/** Runs a program that has an input of four neurons, `a`, and six neurons, `n`. */
function run(
  fields: string,
  events: string,
  rules: string,
  spikes: readonly (readonly number[])[],
  hw = core,
): HardwareOutcome {
  const program = programOfNeurons(fields, events);
  const compiled = imageOf(program, rules, hw);
  const image = { ...compiled, contents: [...randomState(compiled, 1).banks] };
  return checkImage(image, { hw: load(hw), samples: [{ epoch: 0, label: 1, learn: true, spikes }] });
}

/** A program with an input of four neurons, `a`, and six neurons, `n`. */
function programOfNeurons(fields: string, events: string): string {
  return `format: plasticore/program/1
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
}

describe('a small program in Icarus Verilog', needs('iverilog'), () => {
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

  // Banks that write whole words.
  const whole = roundCore.replaceAll('bitMask: true', 'bitMask: false').replace('fillCycles: 3, ', '');
  const age = `kernel age over neurons
  ld    r0, self.v
  add.w r0, r0, 1
  st    r0, self.v
end
`;

  test.each([1, 3])(
    'clears a part of words, and writes the rest back, %i cycles after the clear has begun',
    (cycles) => {
      const fields =
        'v: {kind: integer, bits: 4, record: r}, w: {kind: integer, bits: 3, record: r}, x: {bits: 16}, y: {kind: integer, bits: 5, record: s}, z: {kind: integer, bits: 2, record: s}';
      const hw = whole.replace('kernelCycles: 1', `kernelCycles: ${cycles}`);
      // Whole words between parts of words; then parts alone.
      const events =
        'tick: [{clear: [n.v, n.x, n.z]}, {run: age, over: n}, {clear: [n.w, p.w]}, {clear: [n.y]}]';
      expect(run(fields, events, age, [[], []], hw)).toMatchObject({ is: 'equal' });
    },
  );

  test('takes the number that a sample asks for', () => {
    const program = `format: plasticore/program/1
name: asked
steps: 1
input: a
populations:
  a: {size: 4, fields: {}}
  n: {size: 1, fields: {v: {bits: 16}}}
microcode: {rule: rule.uc}
events: {tick: [{deliver: a}, {run: miss, over: n}]}
readout: n.v
regression: {bits: 14}
`;
    const miss = 'kernel miss over neurons\n  ld r0, host.label\n  sub r0, r0, 100\n  st r0, self.v\nend\n';
    const samples = [2 ** 14 - 1, 0, 8191].map((label) => ({ epoch: 0, label, learn: true, spikes: [[]] }));
    const asked = checkImage(imageOf(program, miss, core), { hw: load(core), samples });
    expect(asked).toMatchObject({ is: 'equal' });
  });

  test('refuses to do so through one port', () => {
    const fields = 'v: {kind: integer, bits: 4, record: r}, w: {kind: integer, bits: 3, record: r}';
    const events = 'tick: [{clear: [n.w]}, {run: age, over: n}]';
    const onePort = whole.replace(/(state: .*)ports: \{read: 1, write: 1\}/, '$1ports: {shared: 1}');
    const refused = run(fields, events, age, [[]], onePort);
    expect(refused).toMatchObject({
      is: 'refused',
      reason: expect.stringContaining("clears words of bank 'state' but for n.v, a word a cycle"),
    });
    const masked = onePort.replace(/(state: .*)bitMask: false/, '$1bitMask: true');
    expect(run(fields, events, age, [[]], masked)).toMatchObject({ is: 'equal' });
  });

  test('ends batches of two sizes, and with the last sample', () => {
    const fields = 'v: {kind: integer, bits: 8}, w: {kind: integer, bits: 8}';
    const events =
      'tick: [{run: count, over: n, everySample: 2}, {run: other, over: n, last: 1, everySample: 3}]';
    const rules = ['count', 'other']
      .map((name, index) => {
        const field = `self.${index === 0 ? 'v' : 'w'}`;
        return `kernel ${name} over neurons\n  ld r0, ${field}\n  add.w r0, r0, 1\n  st r0, ${field}\nend\n`;
      })
      .join('');
    const samples = [0, 1, 2, 3, 4].map((index) => ({
      epoch: 0,
      label: 1,
      learn: false,
      place: { index, isLast: index === 4 },
      spikes: [[], []],
    }));
    const program = programOfNeurons(fields, events);
    const compiled = imageOf(program, rules, core);
    const image = { ...compiled, contents: [...randomState(compiled, 1).banks] };
    expect(checkImage(image, { hw: load(core), samples })).toMatchObject({ is: 'equal' });
    // Batches that end when others do.
    const edit = (text: string) => text.replaceAll('ends[0]', 'ends[1]');
    expect(checkImage(image, { hw: load(core), samples }, { edit })).toMatchObject({ is: 'different' });
  });

  test('sums a row into a word that its tiles have written', () => {
    // Neurons on themselves: four to a word, one of them the row's.
    const program = `format: plasticore/program/1
name: sums
steps: 2
populations:
  n: {size: 10, fields: {v: {kind: integer, bits: 2, record: r}, s: {kind: integer, bits: 2, record: r}}}
input: n
projections: {p: {from: n, to: n, weights: none, fields: {w: {kind: integer, bits: 4, signed: true}}}}
microcode: {rule: rule.uc}
events: {tick: [{run: spread, over: p}]}
readout: n.v
`;
    const rules = `kernel spread over synapses
  ld     r0, syn.w
  ld     r1, post.v
  add.w  r1, r1, r0
  st     r1, post.v
  reduce r1, pre.s
end
`;
    const compiled = imageOf(program, rules, whole);
    const image = { ...compiled, contents: [...randomState(compiled, 5).banks] };
    const samples = [{ epoch: 0, label: 1, learn: true, spikes: [[], []] }];
    expect(checkImage(image, { hw: load(whole), samples })).toMatchObject({ is: 'equal' });
    // Written back as the row has loaded it, not as its tile has left it.
    const edit = (text: string) => text.replace(/else if \(out_\d+_\d+_writes & .*== row_.*;/g, '');
    expect(checkImage(image, { hw: load(whole), samples }, { edit })).toMatchObject({ is: 'different' });
  });
});
