import { describe, expect, it } from 'vitest';
import type { CoreImage } from '../../src/image/index.ts';
import { costOf } from '../support/core.ts';
import { compileSmall } from './small.ts';

const kernelNamed = (image: CoreImage, name: string) => {
  const kernel = image.kernels.find((candidate) => candidate.name === name);
  if (kernel === undefined) throw new Error(`no kernel ${name}`);
  return kernel;
};

const operationsOf = (image: CoreImage, name: string): string[] =>
  kernelNamed(image, name).code.map(({ mnemonic }) => mnemonic);

describe('parameters of kernels', () => {
  it('that never change are numbers, others follow the schedule by epoch', () => {
    const image = compileSmall();
    expect(image.epochs).toEqual([0, 2]);
    expect(image.parameters).toEqual([{ name: 'learn(p).amount', values: [4, 5] }]);
    const shift = kernelNamed(image, 'learn').code.find(({ mnemonic }) => mnemonic === 'sra.sr');
    expect(shift?.operands[2]).toEqual({ is: 'parameter', parameter: 0 });
    const compare = kernelNamed(image, 'fire').code.find(({ mnemonic }) => mnemonic === 'cmp.ge');
    expect(compare?.operands[2]).toEqual({ is: 'number', value: 128 });
  });

  it('are replaced by options, by number, formula or schedule', () => {
    const values = (rate: number | string | { value: number; add: Record<string, number> }) => {
      const image = compileSmall({ options: { parameters: { rate } } });
      return { epochs: image.epochs, values: image.parameters.map((parameter) => parameter.values) };
    };
    expect(values(6)).toEqual({ epochs: [0], values: [] });
    expect(values('weightBits')).toEqual({ epochs: [0], values: [] });
    expect(values({ value: 1, add: { 10: 2, 3: 1 } })).toEqual({ epochs: [0, 3, 10], values: [[2, 3, 5]] });
  });

  it('stay apart where two uses have different schedules', () => {
    const image = compileSmall({
      program: [['    - deliver: out', '    - {run: learn, over: p, with: {amount: 2 * rate}}']],
    });
    expect(image.parameters.map(({ values }) => values)).toEqual([
      [6, 8],
      [4, 5],
    ]);
    expect(image.work.filter((name) => name === 'learn(p)')).toHaveLength(2);
  });

  it('know the widths of the precision', () => {
    const { code } = kernelNamed(compileSmall({ options: { precision: 'mp16-4' } }), 'fire');
    expect(code[1]?.operands[2]).toEqual({ is: 'number', value: 8 });
  });
});

describe('shifts by nothing', () => {
  const withShift = (line: string, amount: string): string[] =>
    operationsOf(
      compileSmall({
        rules: [['  mul    r2, r0, r1', `  mul    r2, r0, r1\n  ${line}`]],
        program: [['amount: rate + 1', `amount: rate + 1, zero: ${amount}`]],
      }),
      'learn',
    );

  it.each(['shl r2, r2, #zero', 'sra r2, r2, #zero', 'sra.rn r2, r2, #zero', 'sra.ru r2, r2, 0'])(
    'onto the same register are left out: %s',
    (line) => {
      const zero = line.includes('#') ? '0' : '0, amount: rate';
      const lines = line.includes('#')
        ? withShift(line, zero)
        : operationsOf(
            compileSmall({ rules: [['  mul    r2, r0, r1', `  mul    r2, r0, r1\n  ${line}`]] }),
            'learn',
          );
      expect(lines).toEqual(['ld', 'ld', 'mul', 'sra.sr', 'ld', 'add', 'st']);
    },
  );

  it('are kept where they move a value, draw, or shift in some epoch', () => {
    expect(withShift('sra r5, r2, #zero', '0')).toContain('sra');
    expect(withShift('sra.sr r2, r2, #zero', '0').filter((name) => name === 'sra.sr')).toHaveLength(2);
    expect(withShift('sra r2, r2, #zero', 'rate - 3')).toContain('sra'); // 0, and 1 from epoch 2 on
    expect(withShift('sra r2, r2, #zero', 'rate - rate')).not.toContain('sra');
  });
});

describe('the kind of a kernel', () => {
  it('is an update where it writes shadows, a synaptic operation where a row adds weights', () => {
    const image = compileSmall({
      program: [
        ['- {run: integrate, over: loop}', '- {run: integrate, over: loop}\n      - {run: touch, over: out}'],
      ],
      rules: [
        [
          'kernel integrate',
          'kernel touch over neuron\n  ld r0, self.signal\n  st r0, self.signal\nend\nkernel integrate',
        ],
      ],
    });
    expect(image.kernels.map(({ name, counts }) => [name, counts])).toEqual([
      ['fire', undefined],
      ['learn', 'update'],
      ['integrate', 'sop'],
      ['integrate', 'sop'],
      ['touch', undefined],
    ]);
  });
});

describe('gates', () => {
  it('are priced each at its own width and length', () => {
    // in.trace: 6 neurons, 2 tiles of 8 bits; out.signal, now of 16 bits: 5 neurons, 2 tiles.
    const image = compileSmall({ program: [['signal: {bits: 8}', 'signal: {bits: 16}']] });
    expect(
      costOf(image, 'learn(p)').perScannedTile.map(({ class: kind, widthBits, count }) => [
        kind,
        widthBits,
        count,
      ]),
    ).toEqual([
      ['compare', 8, 1 / 2],
      ['compare', 16, 1 / 2],
    ]);
  });

  it('do not pay for the additions of a tree that others do', () => {
    // A kernel that adds at 32 bits and reduces at 16: the tree has 15 additions of 16 bits.
    const image = compileSmall({
      rules: [
        [
          'kernel integrate',
          `kernel gather over synapses
  ld     r0, post.v
  add    r1, r0, 1
  sra    r1, r1, 8
  reduce r1, pre.trace
end
kernel integrate`,
        ],
      ],
      program: [['    - deliver: out', '    - {run: gather, over: p}']],
    });
    expect(costOf(image, 'gather(p)').perSlot.map(({ class: kind, widthBits }) => [kind, widthBits])).toEqual(
      [
        ['add', 32],
        ['shift', 32],
        ['add', 16],
      ],
    );
    expect(costOf(image, 'gather(p)').perPass).toMatchObject([
      { class: 'add', widthBits: 16, count: 15, energyPj: 2 },
    ]);
  });
});
