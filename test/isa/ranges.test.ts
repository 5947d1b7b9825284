import { describe, expect, test } from 'vitest';
import {
  analyseRanges,
  assemble,
  describeLine,
  type FieldName,
  formatField,
  inferKinds,
  type NumberKind,
  type Operand,
  type ValueRange,
  valueRange,
} from '../../src/isa/index.ts';
import { expectError } from '../support/errors.ts';

/** Fields of these tests by role and name: what they hold. */
const fields: Readonly<Record<string, { readonly kind: NumberKind; readonly range: ValueRange }>> = {
  'self.v': { kind: 'real', range: valueRange(-32768, 32767) },
  'self.small': { kind: 'real', range: valueRange(-128, 127) },
  'self.box': { kind: 'flag', range: valueRange(0, 1) },
  'self.index': { kind: 'integer', range: valueRange(0, 255) },
  'pre.trace': { kind: 'real', range: valueRange(0, 255) },
  'pre.box': { kind: 'flag', range: valueRange(0, 1) },
  'pre.feedback': { kind: 'real', range: valueRange(-(2 ** 23), 2 ** 23 - 1) },
  'post.signal': { kind: 'real', range: valueRange(-127, 127) },
  'syn.shadow': { kind: 'real', range: valueRange(-32767, 32767) },
  'syn.weight': { kind: 'real', range: valueRange(-128, 127) },
};

function fieldOf(name: FieldName): { readonly kind: NumberKind; readonly range: ValueRange } {
  const field = fields[formatField(name)];
  if (field === undefined) throw new Error(`no field ${formatField(name)}`);
  return field;
}

interface Around {
  readonly bits?: number;
  readonly floats?: boolean;
  readonly rowLength?: number;
  readonly parameters?: Readonly<Record<string, number>>;
  readonly positions?: number;
}

function analyse(domain: 'neurons' | 'synapses', lines: readonly string[], around: Around = {}) {
  const [kernel] = assemble(
    [`kernel k over ${domain}`, ...lines.map((line) => `  ${line}`), 'end'].join('\n'),
    'k.uc',
  );
  if (kernel === undefined) throw new Error('no kernel');
  const { body } = kernel;
  const kinds = inferKinds(body, (name) => fieldOf(name).kind);
  const isReal = (line: number) => around.floats === true && kinds[line]?.includes('real') === true;
  const rangeOf = (operand: Operand, line: number): ValueRange | undefined => {
    switch (operand.is) {
      case 'register':
        return undefined;
      case 'number':
        return valueRange(operand.value, operand.value);
      case 'parameter': {
        const value = around.parameters?.[operand.name] ?? Number.NaN;
        return valueRange(value, value);
      }
      case 'generator':
        return valueRange(0, 2 ** 15 - 1);
      case 'field':
        return isReal(line) ? undefined : fieldOf(operand).range;
    }
  };
  const ranges = analyseRanges(body, {
    datapathBits: around.bits ?? 32,
    isReal: (_, line) => isReal(line),
    rangeOf,
    rowLength: around.rowLength ?? 1,
    positionsOf: () => around.positions ?? 0,
    describe: (line) => describeLine(body, line),
  });
  return ranges;
}

function resultsOf(ranges: ReturnType<typeof analyse>): (readonly number[] | undefined)[] {
  return ranges.map(({ result }) => result && [result.low, result.high]);
}

describe('a result that the datapath may not hold', () => {
  const lines = ['ld r0, self.small', 'add r1, r0, r0'];

  test('is refused in the plain form, at its place', () => {
    const overflow = "k.uc:3:3: 'add r1, r0, r0': the result may be -256 to 254, which 8 bits do not hold";
    expectError(
      () => analyse('neurons', lines, { bits: 8 }),
      'range',
      overflow,
      'saturating (.s) or wrapping (.w)',
    );
    expect(resultsOf(analyse('neurons', lines, { bits: 9 })).at(-1)).toEqual([-256, 254]);
  });

  test('is saturated or wrapped in the other forms', () => {
    const ended = (form: string) =>
      resultsOf(analyse('neurons', ['ld r0, self.small', form], { bits: 8 })).at(-1);
    expect(ended('add.s r1, r0, r0')).toEqual([-128, 127]);
    expect(ended('add.s r1, r0, 100')).toEqual([-28, 127]);
    expect(ended('sub.s r1, r0, 100')).toEqual([-128, 27]);
    expect(ended('add.w r1, r0, 1')).toEqual([-128, 127]);
    expect(ended('shl.w r1, r0, 0')).toEqual([-128, 127]);
    expect(ended('abs.s r1, r0')).toEqual([0, 127]);
    expect(ended('neg.w r1, r0')).toEqual([-128, 127]);
  });

  test('is followed from register to register, in text order', () => {
    const chain = [
      'ld r0, self.small',
      'abs r0, r0',
      'add r0, r0, r0',
      'clip r1, r0, 3, 100',
      'mov r0, r1',
      'sub r0, r0, 103',
    ];
    expect(resultsOf(analyse('neurons', chain))).toEqual([
      [-128, 127],
      [0, 128],
      [0, 256],
      [3, 100],
      [3, 100],
      [-100, -3],
    ]);
    expectError(() => analyse('neurons', chain, { bits: 9 }), 'range', 'k.uc:4:3', '0 to 256');
    expect(resultsOf(analyse('neurons', chain, { bits: 10 }))).toHaveLength(6);
  });

  test('a rounding product may exceed the datapath before its shift', () => {
    const product = (rounding: string) => ['ld r0, self.v', `mulsra${rounding} r1, r0, r0, 15`];
    // (-2^15)^2 / 2^15 = 2^15 is the largest, -2^15 (2^15 - 1) / 2^15 the smallest.
    expect(resultsOf(analyse('neurons', product('.rn'), { bits: 17 })).at(-1)).toEqual([-32767, 32768]);
    expectError(
      () => analyse('neurons', product('.rn'), { bits: 16 }),
      'range',
      '-32767 to 32768, which 16 bits',
    );
  });

  test('the largest product of registers is exact', () => {
    // (2^31 - 1)^2 / 2^31 = 2^31 - 2 + 2^-31, which a double does not tell from 2^31 - 2.
    const square = (rounding: string) =>
      analyse('neurons', ['ldi r0, 2147483647', `mulsra${rounding} r1, r0, r0, 31`]).at(-1)?.result;
    expect(square('')).toEqual({ low: 2147483646, high: 2147483646 });
    expect(square('.ru')).toEqual({ low: 2147483647, high: 2147483647 });
    expect(square('.sr')).toEqual({ low: 2147483646, high: 2147483647 });
  });
});

test('a parameter is what it is at each point of the schedule', () => {
  const lines = ['ld r0, self.small', 'shl r1, r0, #gain'];
  const at = (gain: number) => () => analyse('neurons', lines, { bits: 10, parameters: { gain } });
  expect(resultsOf(at(0)()).at(-1)).toEqual([-128, 127]);
  expect(resultsOf(at(2)()).at(-1)).toEqual([-512, 508]);
  expectError(at(3), 'range', "k.uc:3:3: 'shl r1, r0, #gain'", '-1024 to 1016, which 10 bits do not hold');
});

test.each([true, false])(
  'the limits of shifts and bounds hold for parameters, reals being floats: %s',
  (floats) => {
    const shift = (amount: number) => () =>
      analyse('neurons', ['ld r0, self.v', 'sra r0, r0, #shift'], { floats, parameters: { shift: amount } });
    expect(shift(31)()).toHaveLength(2);
    expectError(shift(32), 'range', 'k.uc:3:3: sra: expected a whole shift of -31 to 31, found 32');
    expectError(shift(-32), 'range', 'k.uc:3:3', 'found -32');
    const clip = (low: number, high: number) => () =>
      analyse('neurons', ['ld r0, self.v', 'clip r0, r0, #low, #high'], {
        floats,
        parameters: { low, high },
      });
    expect(clip(4, 4)()).toHaveLength(2);
    expectError(clip(5, 4), 'range', 'k.uc:3:3: clip: expected the lower bound first, found 5 and 4');
  },
);

describe('a sum over a row', () => {
  const lines = ['ld r0, post.signal', 'ld r1, syn.weight', 'mul r2, r0, r1', 'reduce r2, pre.feedback'];

  test('is bounded by its longest row', () => {
    // 127 x 128 = 16256 either way, 1000 times.
    expect(resultsOf(analyse('synapses', lines, { rowLength: 1000 })).at(-1)).toEqual([-16256000, 16256000]);
  });

  test('may be of a row without a synapse', () => {
    const positive = ['ld r0, pre.trace', 'add r0, r0, 5', 'reduce r0, pre.feedback'];
    expect(resultsOf(analyse('synapses', positive, { rowLength: 3 })).at(-1)).toEqual([0, 780]);
  });

  test('has to fit 32 bits', () => {
    expect(analyse('synapses', lines, { rowLength: 132104 })).toHaveLength(4);
    expectError(
      () => analyse('synapses', lines, { rowLength: 132105 }),
      'range',
      "k.uc:5:3: 'reduce r2, pre.feedback': the sum over 132105 synapses may be -2147498880 to 2147498880",
    );
  });
});

test('the largest of a row is no sum, and the lowest number where there is none', () => {
  const lines = ['ld r0, post.signal', 'ld r1, syn.weight', 'mul r2, r0, r1', 'reduce.max r2, pre.feedback'];
  expect(resultsOf(analyse('synapses', lines, { rowLength: 132105 })).at(-1)).toEqual([-(2 ** 31), 16256]);
});

test('ld.row gives its field or zero', () => {
  const lines = [
    'ld r0, pre.box',
    'ld.row r1, pre.trace, r0',
    'ld.row r2, syn.weight, r0',
    'add r2, r2, 200',
    'ldi r3, 7',
  ];
  expect(resultsOf(analyse('synapses', lines))).toEqual([
    [0, 1],
    [0, 255],
    [-128, 127],
    [72, 327],
    [7, 7],
  ]);
});

test('the width that each instruction works at', () => {
  const learn = [
    'ld       r0, pre.trace', //      0..255: 8 bits without a sign
    'ld       r1, post.signal', //    -127..127: 8 bits
    'mul      r2, r0, r1', //         operands -127..255: 9 bits, whatever the product's width
    'sra.sr   r2, r2, 8', //          -32385..32385: 16 bits
    'ld       r3, syn.shadow', //     16 bits
    'add.s    r3, r3, r2', //         -32767 - 127 = -32894: 17 bits
    'st       r3, syn.shadow', //     17 bits come in
    'cmp.lt   r4, r0, 3', //          0..255: 8 bits
    'mulsra   r5, r0, r0, 4', //      0..255: 8 bits
  ];
  const ranges = analyse('synapses', learn);
  expect(ranges.map(({ widthBits }) => widthBits)).toEqual([8, 8, 9, 16, 16, 17, 17, 8, 8]);
  expect(resultsOf(ranges)).toEqual([
    [0, 255],
    [-127, 127],
    [-32385, 32385],
    [-127, 127], // floor(-32385 / 256) = -127; floor((32385 + 255) / 256) = 127
    [-32767, 32767],
    [-32894, 32894],
    undefined,
    [0, 1],
    [0, 4064], // 255 x 255 / 16 = 4064.06
  ]);
});

test('the amount of a shift does not widen the multiplier', () => {
  const ranges = analyse('neurons', ['ld r0, self.v', 'clip r0, r0, 0, 3', 'mulsra r0, r0, r0, 31']);
  expect(ranges.at(-1)).toMatchObject({ result: { low: 0, high: 0 }, widthBits: 2 });
});

describe('a select counts a value where it takes it', () => {
  const reset = [
    'ld r0, self.small', //     -128..127
    'cmp.ge r1, r0, 100',
    'sub r2, r0, 100', //       -228..27; 0..27 where r0 >= 100
    'sel r3, r1, r2, r0', //    0..27 or -128..99
  ];

  test('so that more is proven of what comes of it', () => {
    const twice = [...reset, 'add r4, r3, r3'];
    expect(resultsOf(analyse('neurons', twice, { bits: 9 })).slice(2)).toEqual([
      [-228, 27],
      [-128, 99],
      [-256, 198],
    ]);
    // Without the comparison r3 is -228..127, and its double beyond 9 bits.
    const unknown = twice.map((line) => line.replace('cmp.ge r1, r0, 100', 'ld r1, self.box'));
    expectError(() => analyse('neurons', unknown, { bits: 9 }), 'range', 'k.uc:6:3', '-456 to 254');
  });

  test('but a multiplexer, and everything after it, is as wide as its inputs', () => {
    const ranges = analyse('neurons', [...reset, 'mov r4, r3'], { bits: 16 });
    expect(ranges.map(({ widthBits }) => widthBits)).toEqual([8, 8, 9, 9, 9]);
  });

  test('a value that no select takes does not count, and its range is unknown', () => {
    expect(analyse('neurons', reset)[2]?.selected).toEqual({ low: 0, high: 27 });
    const never = reset.map((line) => line.replace('cmp.ge r1, r0, 100', 'cmp.gt r1, r0, 127'));
    expect(analyse('neurons', never)[2]?.selected).toBeUndefined();
    expect(resultsOf(analyse('neurons', never))[3]).toEqual([-128, 127]);
    expect(analyse('neurons', [...reset, 'mov r4, r2'])[2]?.selected).toBeUndefined();
  });
});

test('saturation at the datapath also bounds the width', () => {
  const ranges = analyse('neurons', ['ld r0, self.v', 'add.s r0, r0, r0'], { bits: 16 });
  expect(ranges.map(({ widthBits }) => widthBits)).toEqual([16, 16]);
});

test('where reals are floats, only integers and flags have ranges', () => {
  const lines = [
    'ld r0, self.v',
    'mul r1, r0, r0',
    'cmp.ge r2, r1, 100',
    'sel r3, r2, r1, 0',
    'ld r4, self.index',
    'add r4, r4, 1',
    'rnd r5, 3',
    'cmp.ltu r6, r4, r5',
    'and r7, r6, r2',
    'st r3, self.v',
    'emit r7',
  ];
  const ranges = analyse('neurons', lines, { floats: true });
  expect(resultsOf(ranges)).toEqual([
    undefined,
    undefined,
    [0, 1],
    undefined,
    [0, 255],
    [1, 256],
    [0, 7],
    [0, 1],
    [0, 1],
    undefined,
    undefined,
  ]);
  expect(ranges.map(({ widthBits }) => widthBits)).toEqual([32, 32, 32, 32, 8, 9, 3, 9, 1, 32, 1]);
});

test('where reals are floats, integers still have to fit', () => {
  const lines = ['ld r0, self.index', 'mul r0, r0, 16843010'];
  expectError(() => analyse('neurons', lines, { floats: true }), 'range', 'k.uc:3:3', '0 to 4294967550');
});

describe('a load', () => {
  // Fields fit the datapath by their declaration; the number of one of 256 neurons takes 9 bits with its sign.
  test('of a number that registers do not hold is refused', () => {
    expectError(
      () => analyse('neurons', ['ld r0, self.index'], { bits: 8 }),
      'range',
      'k.uc:2',
      'what is loaded may be 0 to 255, which 8 bits do not hold',
    );
    expect(analyse('neurons', ['ld r0, self.index'], { bits: 9 })[0]?.result).toEqual(valueRange(0, 255));
  });
});
