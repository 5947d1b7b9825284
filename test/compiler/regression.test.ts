import { describe, expect, it } from 'vitest';
import { edit, failure, load } from '../hardware/tiny.ts';
import { imageOf, roundCore } from '../support/core.ts';

const program = `format: plasticore/program/1
name: asked
steps: 1
parameters: {scale: 2 ** (weightBits - 4)}
input: in
populations:
  in: {size: 6, fields: {v: {bits: 16}}}
  out: {size: 1, fields: {v: {bits: 16}}}
microcode: {rule: rule.uc}
events: {tick: [{deliver: in}, {run: miss, over: out}]}
readout: out.v
regression: {bits: 12, unit: scale}
`;

const rules = `kernel miss over neurons
  ld    r0, host.label
  mul   r1, r0, #scale
  st    r1, self.v
end
`;

const refused = (part: string, replacement: string, core = roundCore): string =>
  failure(() => imageOf(edit(program, part, replacement), rules, load(core))).message;

describe('a regression', () => {
  it('says what numbers samples ask for, and what the readout holds for each one', () => {
    const { regression, kernels } = imageOf(program, rules, load(roundCore));
    // Of 8-bit weights.
    expect(regression).toEqual({ bits: 12, unit: 16 });
    expect(kernels[0]?.code.map(({ low, high }) => [low, high]).slice(0, 2)).toEqual([
      [0, 4095],
      [0, 16 * 4095],
    ]);
  });

  it.each([
    ['bits: 12', 'bits: 17', 'bits: on a datapath of 32, a sample asks for a number of at most 16, found 17'],
    ['bits: 12', 'bits: 0', 'bits: expected a whole number of at least 1, found 0'],
    ['unit: scale', 'unit: 0.5', 'unit: expected a whole number of at least 1, found 0.5'],
    ['size: 1,', 'size: 2,', "expected a readout of one item, which answers with a number; 'out.v' has 2"],
  ])('%s is not %s', (part, replacement, message) => {
    expect(refused(part, replacement)).toContain(message);
  });

  it('asks for no more than a narrow datapath holds', () => {
    const narrow = roundCore
      .replace('datapathBits: 32', 'datapathBits: 8')
      .replace(
        'weightBits: [4, 8, 16], shadowBits: [8, 16], accumulatorBits: [24, 16]',
        'weightBits: [8], shadowBits: [8], accumulatorBits: [8]',
      );
    const small = program.replaceAll(/\{bits: 16\}/g, '{bits: 8}');
    const hw = load(narrow);
    const message = failure(() => imageOf(small, rules, hw, { precision: 'mp8-8', seed: 1 })).message;
    expect(message).toContain('on a datapath of 8, a sample asks for a number of at most 7, found 12');
  });
});
