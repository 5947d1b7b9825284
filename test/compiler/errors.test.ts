import { describe, expect, it } from 'vitest';
import { failure } from '../hardware/tiny.ts';
import { imageOf, roundFloatCore } from '../support/core.ts';
import { compileSmall, expectInvalid, expectRefused, smallProgram, smallRules } from './small.ts';

it('the program that the tests below break compiles', () => {
  expect(compileSmall().work).toEqual([
    'fire(out)',
    'learn(p)',
    'integrate(p)',
    'integrate(loop)',
    'clear out.v',
  ]);
});

describe('microcode against its program', () => {
  it('names an undefined field and the nearest one', () => {
    expectRefused(
      { rules: [['ld     r0, pre.trace', 'ld     r0, pre.trase']] },
      'microcode',
      { rules: 'ld     r0, pre.trase' },
      "pre.trase: 'in' has no field 'trase'",
      "did you mean 'trace'?",
      "kernel 'learn' over p",
    );
  });

  it('knows shadow weights where both their load and their store are misspelt', () => {
    expectRefused(
      {
        rules: [
          ['ld     r3, syn.shadow', 'ld     r3, syn.shadw'],
          ['st     r3, syn.shadow', 'st     r3, syn.shadw'],
        ],
      },
      'microcode',
      { rules: 'ld     r3, syn.shadw' },
      "syn.shadw: 'p' has no field 'shadw'",
      "did you mean 'shadow'?",
    );
  });

  it('refuses a kernel that emits spikes of the input', () => {
    expectRefused(
      {
        rules: [
          [
            '  st     r3, syn.shadow\nend',
            '  st     r3, syn.shadow\nend\nkernel spike over neurons\n  ldi    r0, 1\n  emit   r0\nend',
          ],
        ],
        program: [['    - deliver: in\n', '    - {run: spike, over: in}\n    - deliver: in\n']],
      },
      'microcode',
      { rules: 'emit   r0' },
      "kernel 'spike' over in emits spikes of 'in', which the host supplies",
    );
  });

  it('names an undefined gate field', () => {
    expectRefused(
      { rules: [['where pre.trace and', 'where pre.rate and']] },
      'microcode',
      { rules: 'learn over synapses' },
      "pre.rate: 'in' has no field 'rate'",
    );
  });

  it('names an undefined parameter, and knows those of `with` too', () => {
    expectRefused(
      { rules: [['#amount', '#amuont']] },
      'microcode',
      { rules: 'sra.sr r2, r2, #amuont' },
      "parameter '#amuont' is not defined",
      "did you mean 'amount'?",
    );
  });

  it('refuses a parameter in `with` that the kernel does not have', () => {
    expectInvalid(
      ['amount: rate + 1', 'amount: rate + 1, amuont: 1'],
      '1}\n      when: learning',
      "kernel 'learn' does not read '#amuont' (it reads #amount)",
      "did you mean 'amount'?",
    );
  });

  it('refuses it after other faults of a rule that was exchanged, and says what to change', () => {
    const fixed = ['sra.sr r2, r2, #amount', 'sra.sr r2, r2, 4'] as const;
    expectRefused(
      { rules: [fixed] },
      'invalid-value',
      { program: 'rate + 1}' },
      "kernel 'learn' does not read '#amount' (it reads none)",
      "leave 'amount' out of 'with', or use #amount in the kernel, at rule.uc:",
    );
    expectRefused(
      { rules: [fixed, ['ld     r0, pre.trace', 'ld     r0, pre.trase']] },
      'microcode',
      { rules: 'ld     r0, pre.trase' },
      "did you mean 'trace'?",
    );
  });

  it('reports all faults of lists and of the kernels that they run, file by file', () => {
    const error = failure(() =>
      compileSmall({
        rules: [
          ['ld     r0, pre.trace', 'ld     r0, pre.trase'],
          ['ld     r3, syn.shadow', 'ld     r3, syn.shado'],
          ['#amount', '#rates'],
          ['add    r1, r1, r0', 'shl    r1, r1, 20'],
          ['sub    r2, r0, #threshold', 'shl    r2, r0, 31'],
        ],
        program: [
          ['    - run: fire', '    - {run: frie, over: out}\n    - run: fire'],
          ['readout: out.v', 'readout: out.u'],
        ],
      }),
    );
    const { file, message, others } = error;
    expect([`${file} ${message}`, ...others.map((other) => `${other.file} ${other.message}`)]).toEqual([
      "net.yaml there is no kernel 'frie'",
      "net.yaml 'out' has no field 'u'",
      expect.stringMatching(/^rule.uc 'shl r1, r1, 20': the result may be /),
      expect.stringMatching(/^rule.uc 'shl r2, r0, 31': the result may be /),
      "rule.uc pre.trase: 'in' has no field 'trase'",
      "rule.uc parameter '#rates' is not defined: neither by 'with' nor by program 'small'",
      "rule.uc syn.shado: 'p' has no field 'shado'",
    ]);
  });

  it('refuses an operand that is not whole', () => {
    expectInvalid(
      ['2 ** (weightBits - 1)', '2 ** (weightBits - 1) + 0.5'],
      '2 ** (weightBits - 1) + 0.5',
      "parameter 'threshold' is 128.5",
      'whole numbers',
    );
    expectInvalid(['amount: rate + 1', 'amount: rate / 2'], 'rate / 2', "parameter 'amount' is 1.5");
  });

  it('says where a parameter was replaced, if the replacement is at fault', () => {
    const options = { parameters: { threshold: 0.25 } };
    const error = failure(() => compileSmall({ options }));
    expect(error.describe()).toContain("parameter threshold: parameter 'threshold' is 0.25");
  });

  it('refuses a kernel of two kinds of number', () => {
    expectRefused(
      { rules: [['sel    r0, r1, r2, r0', 'sel    r0, r2, r2, r0']] },
      'microcode',
      { rules: 'sel    r0, r2, r2, r0' },
      'r2 is real',
    );
  });

  it('refuses arithmetic that may leave the datapath, in any epoch', () => {
    expectRefused(
      {
        rules: [['sra.sr r2, r2, #amount', 'shl    r2, r2, #amount']],
        core: [['datapathBits: 32', 'datapathBits: 24']],
        program: [['add: {2: 1}', 'add: {2: 5}']],
      },
      'range',
      { rules: 'shl    r2, r2, #amount' },
      // 255 x -128 x 2^(3 + 5 + 1) from epoch 2 on; with the 2^4 of epoch 0 it stays within 24 bits
      '-16711680',
      '24 bits',
    );
  });
});

describe('stores that a kernel may make', () => {
  it('refuses to store the view of a shadow weight', () => {
    expectRefused(
      {
        rules: [['st     r3, syn.shadow', 'st     r3, syn.shadow\n  st     r0, syn.weight']],
      },
      'microcode',
      { rules: 'st     r0, syn.weight' },
      "'syn.weight' is a view of the shadow weight",
      'store syn.shadow',
    );
  });

  it('refuses to load through one role a field stored through another', () => {
    expectRefused(
      {
        rules: [['ld     r0, syn.weight', 'ld     r0, pre.v']],
        program: [['- {run: integrate, over: p}', '[]']],
      },
      'microcode',
      { rules: 'st     r1, post.v' },
      "kernel 'integrate' stores 'post.v' and uses the same field as 'pre.v'",
      'over loop both are out.v',
    );
  });

  it('allows it where the populations differ', () => {
    const image = compileSmall({
      rules: [['ld     r0, syn.weight', 'ld     r0, pre.v']],
      program: [
        ['      - {run: integrate, over: loop}', '      []'],
        ['trace: {bits: 8, signed: false}', 'trace: {bits: 8, signed: false}\n      v: {bits: 8}'],
      ],
    });
    expect(image.kernels.map(({ name }) => name)).toContain('integrate');
  });
});

describe('lists', () => {
  it('refuses a kernel for one event in the list of another', () => {
    expectInvalid(
      ['- {run: integrate, over: loop}', '- {run: integrate, over: p, when: learning}'],
      '{run: integrate, over: p, when: learning}',
      "kernel 'integrate' runs over the row that a spike of 'in' names",
      "run by spikes of 'out'",
      'move it to events.spike.in',
    );
  });

  it('refuses a kernel for an event without an event', () => {
    expectInvalid(
      ['- deliver: out', '- {run: integrate, over: p, every: 2}'],
      '{run: integrate, over: p, every: 2}',
      'run by no spike',
    );
  });

  it('refuses an action that ends before it begins', () => {
    expectInvalid(
      ['- deliver: out', '- {deliver: out, from: 3, until: 3}'],
      '3}',
      'until: expected a step behind 3, found 3',
    );
  });

  it('refuses unknown kernels, owners and fields, with the nearest names', () => {
    expectInvalid(['run: fire', 'run: fires'], 'fires', "there is no kernel 'fires'", "did you mean 'fire'?");
    expectInvalid(
      ['- run: fire\n      over: out', '- run: fire\n      over: p'],
      undefined,
      "there is no population 'p'",
    );
    expectInvalid(['clear: [out.v]', 'clear: [out.w]'], 'out.w', "'out' has no field 'w'");
    expectInvalid(
      ['clear: [out.v]', 'clear: [oot.v]'],
      'oot.v',
      "there is no field 'oot.v'",
      "did you mean 'out.v'?",
    );
    expectInvalid(['readout: out.v', 'readout: out.volts'], 'out.volts', "'out' has no field 'volts'");
    expectInvalid(
      ['deliver: out', 'deliver: outt'],
      'outt',
      "there is no population 'outt'",
      "did you mean 'out'?",
    );
  });

  it('refuses to deliver while spikes are delivered', () => {
    expectInvalid(
      ['- {run: integrate, over: loop}', '- {deliver: in, when: learning}'],
      '{deliver: in, when: learning}',
      'a spike list cannot deliver spikes',
    );
  });

  it.each(['p.weight', 'p.shadow'])('refuses to clear %s, which would leave the copy behind', (name) => {
    for (const action of [`clear: [${name}]`, `stopUnlessAny: ${name}`]) {
      expectInvalid(['clear: [out.v]', action], name, `'${name}' is a weight that learns`);
    }
  });

  it('refuses options that are not whole', () => {
    expectInvalid(
      ['when: learning', 'every: 0'],
      '0\n  spike',
      'every: expected a whole number of at least 1, found 0',
    );
    expectInvalid(['when: learning', 'from: rate'], undefined, "'rate' changes with the epoch (3, then 4)");
  });
});

describe('precision', () => {
  it.each([
    ['mp16-12', 'offers inference weights of 4, 8 or 16 bits, found 12'],
    ['mp32-8', 'offers shadow weights of 8 or 16 bits, found 32'],
    ['mp8-16', '16 bits cannot be cut from 8-bit shadow weights'],
    ['int8', "'int8' is not a precision"],
    ['fp32', 'computes with integers and has no precision fp32'],
  ])('refuses %s', (precision, message) => {
    const error = failure(() => compileSmall({ options: { precision } }));
    expect(error.code).toBe('invalid-value');
    expect(error.message).toContain(message);
    expect(error.hint).toMatch(
      /^offered: mp8-4, mp8-8, mp16-4, mp16-8, mp16-16(; for others, an hw-model of your own: .*)?$/,
    );
  });

  it('has one name on float32', () => {
    const error = failure(() => imageOf(smallProgram, smallRules, roundFloatCore, { precision: 'mp16-8' }));
    expect(error.message).toContain("expected precision fp32, found 'mp16-8'");
  });

  it('refuses initial weights that the shadow weight does not hold', () => {
    expectRefused(
      { program: [['uniform: 100', 'uniform: 200']], options: { precision: 'mp8-4' } },
      'invalid-value',
      { program: '200' },
      'initial weights of ±200 do not fit the 8 bits of p.shadow',
    );
  });

  const trace = 'trace: {bits: 8, signed: false}';
  it.each([
    // range of the values, where it is wrong, what the error says
    ['101', '101', 'initial values of ±101 do not fit the 8 unsigned bits of in.trace'],
    ['[0, 256]', '[0, 256]', 'initial values of 0..256 do not fit the 8 unsigned bits of in.trace'],
    ['[-1, 5]', '[-1, 5]', 'initial values of -1..5 do not fit the 8 unsigned bits of in.trace'],
    ['-3', '-3', 'initial.uniform: expected a whole number of at least 0, found -3'],
    ['[9, 5]', '5]', 'initial.uniform.1: expected a whole number of at least 9, found 5'],
    ['[0.5, 7]', '0.5', 'initial.uniform.0: expected a whole number of at least -1048575, found 0.5'],
    ['2 ** 20', '2 ** 20', 'initial.uniform: expected at most 1048575, found 1048576'],
    ['rate', 'rate}}', "'rate' changes with the epoch (3, then 4)"],
    ['rats', 'rats', "'rats' is not defined"],
  ])('refuses initial values of %s', (range, at, message) => {
    const initial = `trace: {bits: 8, signed: false, initial: {uniform: ${range}}}`;
    expectInvalid([trace, initial], at, message);
  });

  it('refuses initial weights out of order', () => {
    expectInvalid(
      ['uniform: 100', 'uniform: [9, 5]'],
      '5]',
      'initialWeights.uniform.1: expected a whole number of at least 9, found 5',
    );
  });
});

describe('fields', () => {
  it('refuses an accumulator wider than the core offers', () => {
    expectInvalid(
      ['accumulator: weightBits + 8', 'accumulator: weightBits + 17'],
      'weightBits + 17',
      'an accumulator of at least 25 bits is needed',
      'offers 16, 24',
    );
  });

  it('refuses fields that the signed datapath cannot hold', () => {
    const narrow: [string, string][] = [['datapathBits: 32', 'datapathBits: 24']];
    expectRefused(
      { program: [['signal: {bits: 8}', 'signal: {bits: 25}']], core: narrow },
      'invalid-value',
      { program: '25' },
      'at most 24, found 25',
    );
    expectRefused(
      { program: [['signal: {bits: 8}', 'signal: {bits: 24, signed: false}']], core: narrow },
      'invalid-value',
      { program: '24, signed' },
      'at most 23 unsigned, found 24',
    );
  });

  it('refuses a field with no width or with two', () => {
    for (const field of ['{}', '{bits: 8, accumulator: 16}']) {
      expectInvalid(
        ['signal: {bits: 8}', `signal: ${field}`],
        field,
        'populations.out.fields.signal: expected either bits or accumulator',
      );
    }
  });

  it('refuses reserved names', () => {
    expectInvalid(
      ['signal: {bits: 8}', 'signal: {bits: 8}\n      index: {bits: 4}'],
      '{bits: 4}',
      "'index' is a field that every population or projection has already",
    );
    expectInvalid(
      ['    to: out\nmicrocode', '    to: out\n    fields: {weight: {bits: 4}}\nmicrocode'],
      '{bits: 4}',
      "'weight' is a field that every population or projection has already",
    );
  });

  it('refuses an item wider than a word', () => {
    expectRefused(
      { program: [['signal: {bits: 8}', 'signal: {bits: 20}']] },
      'fit',
      undefined,
      "out.signal: an item of 20 bits does not fit a 16-bit word of bank 'state'",
    );
    expectRefused(
      {
        program: [['signal: {bits: 8}', 'signal: {bits: 8, record: r}\n      more: {bits: 9, record: r}']],
      },
      'fit',
      undefined,
      'out.signal, out.more: an item of 17 bits',
      'split the record',
    );
    expectRefused(
      {
        program: [['signal: {bits: 8}', 'signal: {bits: 20}']],
        core: [['columnGate: skip-tile', 'columnGate: skip-tile\nalign: lanes']],
      },
      'fit',
      undefined,
      'out.signal: an item of 20 bits (32 with align: lanes) does not fit a 16-bit word',
    );
  });
});

describe('the readout', () => {
  it('is a field of a population, whose items are the classes', () => {
    expectInvalid(
      ['readout: out.v', 'readout: p.weight'],
      'p.weight',
      "the readout is a field of a population; 'p' is none",
    );
  });
});

describe('parameters', () => {
  it('refuses a circle, and shows it', () => {
    expectInvalid(
      ['2 ** (weightBits - 1)', 'first + 1\n  first: 2 * second\n  second: threshold'],
      'first + 1',
      'parameters depend on each other: threshold -> first -> second -> threshold',
    );
  });

  it('tells of a bad formula alone, however many ask for it', () => {
    const error = failure(() => compileSmall({ program: [['2 ** (weightBits - 1)', 'weightBits +']] }));
    expect(error.describe()).not.toContain('depend on each other');
  });

  it('refuses unknown names in a formula', () => {
    expectInvalid(
      ['2 ** (weightBits - 1)', '2 ** (weightBit - 1)'],
      '2 ** (weightBit - 1)',
      "'weightBit' is not defined",
      "did you mean 'weightBits'?",
    );
  });

  it('refuses to replace a parameter that the program does not have', () => {
    const error = failure(() => compileSmall({ options: { parameters: { treshold: 1 } } }));
    expect(error.message).toContain("program 'small' has no parameter 'treshold'");
    expect(error.hint).toBe("did you mean 'threshold'?");
  });
});
