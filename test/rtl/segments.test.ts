import { describe, expect, test } from 'vitest';
import { coreFiles, planCore } from '../../src/rtl/index.ts';
import { load } from '../hardware/tiny.ts';
import { imageOf, roundCore } from '../support/core.ts';

/** Four lanes, banks that write single bits, and words of 8 shadow weights. */
const core = roundCore.replaceAll('bitMask: false', 'bitMask: true').replace('fillCycles: 3, ', '');

const accumulate = `kernel accumulate over row
  ld    r0, syn.weight
  ld    r1, post.v
  add.w r1, r1, r0
  st    r1, post.v
end
`;

function filesOf(populations: string, connect: string, rules = accumulate, hw = core) {
  const program = `format: plasticore/program/1
name: cut
steps: 1
populations: {${populations}}
input: a
projections: {p: {from: a, to: n, connect: ${connect}, initialWeights: {uniform: 0}}}
microcode: {rule: rule.uc}
events: {tick: [{deliver: a}], spike: {a: [{run: accumulate, over: p}]}}
readout: n.v
`;
  const image = imageOf(program, rules, hw);
  return new Map(coreFiles(planCore(image, load(hw))));
}

const field = 'fields: {v: {bits: 16}}';

describe('the segments of a core in Verilog', () => {
  test('of a convolution: a record for each row, and one for each run of columns', () => {
    // A window of two slides over four neurons, to three places of two channels. Neuron 1 is second in the window of
    // place 0, first in that of place 1.
    const files = filesOf(
      `a: {shape: [1, 4, 1], fields: {}}, n: {shape: [1, 3, 2], ${field}}`,
      '{convolution: {window: [1, 2]}}',
    );
    const records = (name: string): string[] => files.get(name)?.trim().split('\n').slice(1) ?? [];
    // Three bits for the first segment, then two for how many: 0 and 1, 1 and 2, 3 and 2, 5 and 1.
    expect(records('segments_p_rows.memh')).toEqual(['8', '11', '13', 'd']);
    // Three bits each for the first and last column, then one for the row of weights: that of the place in the window.
    expect(records('segments_p.memh')).toEqual(['8', '48', '1a', '5a', '2c', '6c']);
    expect(files.get('segments_p.sv')).toContain('$readmemh("segments_p.memh", segments)');
  });

  const listed = (targets: string): string =>
    `{sparse: {starts: {values: [0, 2, 3]}, targets: {values: ${targets}}}}`;
  const two = `a: {size: 2, fields: {}}, n: {size: 6, ${field}}`;

  test('of a sparse projection: rows alone, since a bank lists the segments', () => {
    const names = [...filesOf(two, listed('[1, 4, 5]')).keys()].filter((name) => name.startsWith('segments'));
    expect(names.sort()).toEqual(['segments_p.sv', 'segments_p_rows.memh']);
  });

  test('are refused where closed tiles come between reads and writes of one port', () => {
    const gated = accumulate.replace('over row', 'over row where post.v');
    const onePort = core.replaceAll('ports: {read: 1, write: 1}', 'ports: {shared: 1}');
    expect(() => filesOf(two, listed('[1, 4, 5]'), gated, onePort)).toThrow(
      /reads and writes bank 'state' through one port/,
    );
    expect(() => filesOf(two, listed('[1, 4, 5]'), accumulate, onePort)).not.toThrow();
    const clocked = onePort.replace('columnGate: skip-tile', 'columnGate: clock');
    expect(() => filesOf(two, listed('[1, 4, 5]'), gated, clocked)).not.toThrow();
  });
});
