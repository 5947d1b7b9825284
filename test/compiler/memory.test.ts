import { describe, expect, it } from 'vitest';
import type { CompileOptions } from '../../src/compiler/index.ts';
import { hash32, seedLanes } from '../../src/random/index.ts';
import { edit, failure } from '../hardware/tiny.ts';
import {
  engineWith,
  fieldOf,
  imageOf,
  indexOfField,
  roundCore,
  roundFloatCore,
  valuesOf,
} from '../support/core.ts';
import { compileSmall, expectRefused, smallProgram, smallRules } from './small.ts';

const layoutOf = (image: ReturnType<typeof compileSmall>, name: string) => {
  const { layout, bitOffset } = fieldOf(image, name);
  return layout === undefined ? undefined : { ...image.layouts[layout], bitOffset };
};

describe('layouts', () => {
  // Words of 16 bits.
  it('pack items into words, each row from a word on, fields in order', () => {
    const image = compileSmall();
    // trace: 6 items of 8 bits; v: 5 of 16; signal: 5 of 8
    expect(layoutOf(image, 'in.trace')).toEqual({
      bank: 2,
      firstWord: 0,
      rows: 1,
      rowLength: 6,
      itemBits: 8,
      itemsPerWord: 2,
      wordsPerRow: 3,
      bitOffset: 0,
    });
    expect(layoutOf(image, 'out.v')).toMatchObject({ firstWord: 3, itemsPerWord: 1, wordsPerRow: 5 });
    expect(layoutOf(image, 'out.signal')).toMatchObject({ firstWord: 8, itemsPerWord: 2, wordsPerRow: 3 });
    // Shadows: 6 rows of 5 words. Weights of p: 6 rows of 3; then those of `loop`, which no rule writes: 5 rows of 3.
    expect(layoutOf(image, 'p.shadow')).toMatchObject({ bank: 1, firstWord: 0, rows: 6, wordsPerRow: 5 });
    expect(layoutOf(image, 'p.weight')).toMatchObject({ bank: 0, firstWord: 0, rows: 6, wordsPerRow: 3 });
    expect(layoutOf(image, 'loop.weight')).toMatchObject({ bank: 0, firstWord: 18, rows: 5, wordsPerRow: 3 });
    expect(image.banks.map(({ usedWords }) => usedWords)).toEqual([33, 30, 11]);
    expect(image.fields.map(({ name, count }) => [name, count])).toEqual([
      ['in.trace', 6],
      ['out.v', 5],
      ['out.signal', 5],
      ['p.shadow', 30],
      ['p.weight', 30],
      ['loop.weight', 25],
    ]);
  });

  it('pack more items of fewer bits, and leave bits unused where no item fits', () => {
    const image = compileSmall({
      program: [['signal: {bits: 8}', 'signal: {bits: 6}']],
      options: { precision: 'mp8-4' },
    });
    expect(layoutOf(image, 'out.signal')).toMatchObject({ itemBits: 6, itemsPerWord: 2, wordsPerRow: 3 });
    expect(layoutOf(image, 'p.shadow')).toMatchObject({ itemBits: 8, itemsPerWord: 2, wordsPerRow: 3 });
    expect(layoutOf(image, 'p.weight')).toMatchObject({ itemBits: 4, itemsPerWord: 4, wordsPerRow: 2 });
    expect(fieldOf(image, 'out.v').bits).toBe(16); // 4 + 8 = 12 bits are needed, 16 offered
  });

  it('aligned to lanes, put each field by itself, a power of two of bits from item to item', () => {
    const image = compileSmall({
      program: [
        ['signal: {bits: 8}', 'signal: {bits: 6, record: r}\n      more: {bits: 3, record: r, at: 9}'],
      ],
      core: [['columnGate: skip-tile', 'columnGate: skip-tile\nalign: lanes']],
      options: { precision: 'mp8-4' },
    });
    // Items of 6 and 3 bits in words of 16: 8 and 4 bits apart, 2 and 4 in a word.
    expect(layoutOf(image, 'out.signal')).toMatchObject({
      itemBits: 8,
      itemsPerWord: 2,
      wordsPerRow: 3,
      bitOffset: 0,
    });
    expect(layoutOf(image, 'out.more')).toMatchObject({
      itemBits: 4,
      itemsPerWord: 4,
      wordsPerRow: 2,
      bitOffset: 0,
    });
    expect(layoutOf(image, 'out.v')).toMatchObject({ itemBits: 16, itemsPerWord: 1 });
  });

  it('put the fields of a record side by side, in one place', () => {
    const image = compileSmall({
      program: [
        [
          'signal: {bits: 8}',
          'signal: {bits: 8, record: r}\n      on: {kind: flag, record: r}\n      more: {bits: 5, record: r}',
        ],
        ['trace: {bits: 8, signed: false}', 'trace: {bits: 8, signed: false, record: r}'],
      ],
    });
    // Records belong to their population: `in.trace` is alone in its own.
    expect(layoutOf(image, 'in.trace')).toMatchObject({ itemBits: 8, bitOffset: 0 });
    const record = { firstWord: 8, itemBits: 14, itemsPerWord: 1, wordsPerRow: 5 };
    expect(layoutOf(image, 'out.signal')).toMatchObject({ ...record, bitOffset: 0 });
    expect(layoutOf(image, 'out.on')).toMatchObject({ ...record, bitOffset: 8 });
    expect(layoutOf(image, 'out.more')).toMatchObject({ ...record, bitOffset: 9 });
    expect(image.banks[2]?.usedWords).toBe(13);
  });
});

describe('the weight', () => {
  it('is a copy, rounded from the shadow, on a core that stores it', () => {
    const image = compileSmall();
    expect(fieldOf(image, 'p.weight').view).toEqual({ of: indexOfField(image, 'p.shadow'), droppedBits: 8 });
    expect(fieldOf(image, 'p.shadow')).toMatchObject({
      bits: 16,
      overflow: 'saturate-symmetric',
      storedView: indexOfField(image, 'p.weight'),
    });
  });

  it('is not stored on a core that slices, nor where nothing is dropped', () => {
    const sliced = compileSmall({ core: [['inferenceWeights: stored', 'inferenceWeights: sliced']] });
    const whole = compileSmall({ options: { precision: 'mp8-8' } });
    for (const [image, droppedBits] of [
      [sliced, 8],
      [whole, 0],
    ] as const) {
      expect(fieldOf(image, 'p.weight')).toMatchObject({ layout: undefined, view: { droppedBits } });
      expect(fieldOf(image, 'p.shadow').storedView).toBeUndefined();
      // Only `loop` is in the weight bank: 5 rows of 5 weights, two of 8 bits a word.
      expect(image.banks[0]?.usedWords).toBe(15);
    }
  });

  it('has no shadow where no rule writes one', () => {
    const image = compileSmall();
    expect(image.fields.some(({ name }) => name === 'loop.shadow')).toBe(false);
    expect(fieldOf(image, 'loop.weight').view).toBeUndefined();
  });

  it('is one float on float32, whose bank holds both', () => {
    const image = imageOf(smallProgram, smallRules, roundFloatCore);
    expect(fieldOf(image, 'p.shadow')).toMatchObject({ storage: 'float32', bits: 32 });
    expect(fieldOf(image, 'p.weight')).toMatchObject({ layout: undefined, view: { droppedBits: 8 } });
    expect(image.layouts[fieldOf(image, 'p.shadow').layout ?? -1]?.bank).toBe(0);
  });
});

describe('accumulators', () => {
  it.each([
    // The core offers 24 and 16.
    ['mp16-4', 16],
    ['mp16-8', 16],
    ['mp16-16', 24],
  ])('at %s take the narrowest width offered, %i bits', (precision, bits) => {
    const core = roundCore
      .replace('shadow, state: state', 'shadow, state: wide')
      .replace(
        'placement:',
        '  wide: {capacityBits: 16384, wordBits: 32, ports: {read: 1, write: 1}, bitMask: false, readPj: 1, writePj: 2, leakUw: 3, areaUm2: 1, source: guess}\nplacement:',
      );
    const image = imageOf(smallProgram, smallRules, core, { precision });
    expect(fieldOf(image, 'out.v').bits).toBe(bits);
  });
});

describe('neededFor', () => {
  const needs = (image: ReturnType<typeof compileSmall>) =>
    Object.fromEntries(image.fields.map(({ name, neededFor }) => [name, neededFor]));

  it('is inference for what runs without learning, and for the answer', () => {
    expect(needs(compileSmall())).toEqual({
      'in.trace': 'learning',
      'out.v': 'inference',
      'out.signal': 'learning',
      'p.shadow': 'learning',
      'p.weight': 'inference',
      'loop.weight': 'inference',
    });
  });

  it('takes the shadow where inference slices it', () => {
    const image = compileSmall({ core: [['inferenceWeights: stored', 'inferenceWeights: sliced']] });
    expect(needs(image)).toMatchObject({ 'p.shadow': 'inference', 'p.weight': 'inference' });
  });

  it('takes gates and tests, but not clears', () => {
    const gated = compileSmall({
      rules: [['kernel fire over neurons', 'kernel fire over neurons where self.signal']],
    });
    expect(needs(gated)['out.signal']).toBe('inference');
    const tested = compileSmall({ program: [['clear: [out.v]', 'stopUnlessAny: in.trace']] });
    expect(needs(tested)['in.trace']).toBe('inference');
    const cleared = compileSmall({ program: [['clear: [out.v]', 'clear: [in.trace]']] });
    expect(needs(cleared)['in.trace']).toBe('learning');
    const learning = compileSmall({
      program: [['- clear: [out.v]', '- {stopUnlessAny: in.trace, when: learning}']],
    });
    expect(needs(learning)['in.trace']).toBe('learning');
  });

  it('is inference for a kernel that runs both ways', () => {
    const image = compileSmall({
      program: [['- deliver: out', '- {run: learn, over: p, with: {amount: rate + 1}}']],
    });
    expect(needs(image)).toMatchObject({ 'in.trace': 'inference', 'p.shadow': 'inference' });
    expect(image.work.filter((name) => name === 'learn(p)')).toHaveLength(1);
  });
});

describe('neededFor under a controller that is data', () => {
  const program = `format: plasticore/program/1
name: taught
populations:
  a:
    size: 4
    fields:
      v: {kind: integer, bits: 8}
      error: {kind: integer, bits: 8}
      busy: {kind: flag}
      worn: {kind: flag}
      spare: {kind: flag}
events:
  on:
    step: [{run: decay, over: a}]
    learn: [{run: learn, over: a}]
    forget: [{clear: [a.worn]}]
microcode: {rule: rule.uc}
`;
  const rules = `kernel decay over neurons
  ld r0, self.v
  sra r0, r0, 1
  st r0, self.v
end
kernel learn over neurons
  ld r0, self.v
  st r0, self.error
end`;
  const needs = (visits: string) => {
    const controller = `controller:
  queues: {waiting: {depth: 2, entry: {n: 2}}}
  records: {seen: [error]}
  inputs:
    tick:
      takes: {learns: 1, last: 1}
      do: [{run: step, cycles: '1 + a.busy[0]'}, {record: {seen: ['a.error[0]']}}, ${visits}]
`;
    const { fields } = imageOf(program, rules, `${roundCore}\n${controller}`);
    return Object.fromEntries(fields.map(({ name, neededFor }) => [name.slice(2), neededFor]));
  };
  // Nothing is known to use the spare one: code may, a host's.
  const inference = { v: 'inference', busy: 'inference', spare: 'inference' };

  it.each([
    ['a condition', '{when: learns && last, run: learn, do: [{when: "a.worn[0]", run: forget}]}'],
    ['its other order', '{when: last && learns == 1, run: learn, do: [{when: "a.worn[0]", run: forget}]}'],
    ['what stands instead', '{when: "!learns", cycles: 1, else: [{run: learn, cycles: "a.worn[1]"}]}'],
    ['a condition of a loop', '{while: learns, run: learn, do: [{when: "a.worn[0]", run: forget}]}'],
    ['a loop', '{each: {n: learns}, run: learn, do: [{while: "a.worn[n]", run: forget}]}'],
  ])('is learning for what is only done while the chip learns, by %s', (_, visits) => {
    expect(needs(visits)).toEqual({ ...inference, error: 'learning', worn: 'learning' });
  });

  it('is inference for what may be done without', () => {
    expect(needs('{when: learns || last, run: learn, do: [{when: "a.worn[0]", run: forget}]}')).toEqual({
      ...inference,
      error: 'inference',
      worn: 'inference',
    });
  });
});

describe('initial weights', () => {
  const shadow = (precision: string, core = roundCore, seed = 1): number[] => {
    const image = imageOf(smallProgram, smallRules, core, { precision, seed });
    return valuesOf(engineWith(image), 'p.shadow');
  };

  it('lie in their range, and fill it', () => {
    const values = shadow('mp16-8');
    expect(values).toHaveLength(30);
    for (const value of values) expect(Math.abs(value)).toBeLessThanOrEqual(100);
    expect(Math.max(...values)).toBeGreaterThan(50);
    expect(Math.min(...values)).toBeLessThan(-50);
    expect(new Set(values).size).toBeGreaterThan(20);
  });

  it('are equal at every precision, on every core and any number of lanes', () => {
    const values = shadow('mp16-8');
    const wide = edit(
      roundCore,
      'state: {capacityBits: 16384, wordBits: 16',
      'state: {capacityBits: 16384, wordBits: 32',
    );
    for (const precision of ['mp8-4', 'mp8-8', 'mp16-4', 'mp16-16'])
      expect(shadow(precision, wide)).toEqual(values);
    expect(shadow('mp16-8', edit(roundCore, 'lanes: 4', 'lanes: 16'))).toEqual(values);
    expect(shadow('fp32', roundFloatCore)).toEqual(values);
  });

  it('follow the seed, and differ between projections', () => {
    expect(shadow('mp16-8', roundCore, 2)).not.toEqual(shadow('mp16-8'));
    const both = edit(
      smallProgram,
      '  loop:\n    from: out\n',
      '  loop:\n    from: out\n    initialWeights: {uniform: 100}\n',
    );
    const engine = engineWith(imageOf(both, smallRules));
    expect(valuesOf(engine, 'loop.weight')).not.toEqual(valuesOf(engine, 'p.shadow').slice(0, 25));
  });

  it('give the copy its view', () => {
    const large = edit(smallProgram, 'uniform: 100', 'uniform: 32767');
    const engine = engineWith(imageOf(large, smallRules));
    const expected = valuesOf(engine, 'p.shadow').map((value) => Math.min((value + 128) >> 8, 127));
    expect(valuesOf(engine, 'p.weight')).toEqual(expected);
  });

  it('start from zero without an amplitude', () => {
    expect(valuesOf(engineWith(compileSmall()), 'loop.weight')).toEqual(new Array(25).fill(0));
    const { generators } = engineWith(compileSmall()).save();
    expect(generators).toEqual(seedLanes(1, 4));
  });
});

describe('initial values of fields', () => {
  // A field beside the weights of p, and one of each neuron of `out`; the weights of p in a range of one sign.
  const withFields = [
    [
      'uniform: 100}',
      'uniform: [40, 90]}\n    fields: {other: {bits: 4}, feedback: {bits: 8, initial: {uniform: 99}}}',
    ],
    [
      'signal: {bits: 8}',
      'signal: {bits: 8}\n      bias: {bits: 8, signed: false, initial: {uniform: [3, 2 ** 8 - 1]}}',
    ],
  ].reduce((text, [part = '', replacement = '']) => edit(text, part, replacement), smallProgram);
  const values = (name: string, core = roundCore, options: Partial<CompileOptions> = {}): number[] =>
    valuesOf(engineWith(imageOf(withFields, smallRules, core, options)), name);

  it('are drawn from the seed, a stream of their own, owner, field and item', () => {
    // From the specification of hash32: `feedback` is field 1 of projection 0, `bias` field 2 of population 1.
    const draw = (low: number, high: number, ...parts: number[]): number =>
      Math.floor((hash32(1, ...parts) / 2 ** 32) * (high - low + 1)) + low;
    const items = (count: number, value: (item: number) => number) =>
      Array.from({ length: count }, (_, item) => value(item));
    expect(values('p.feedback')).toEqual(items(30, (item) => draw(-99, 99, 5, 0, 1, item)));
    expect(values('out.bias')).toEqual(items(5, (item) => draw(3, 255, 6, 1, 2, item)));
    expect(values('p.shadow')).toEqual(items(30, (item) => draw(40, 90, 2, 0, item)));
    expect(values('p.other')).toEqual(items(30, () => 0));
  });

  it('are equal at every precision and on float32, and follow the seed', () => {
    for (const name of ['p.feedback', 'out.bias', 'p.shadow']) {
      expect(values(name, roundFloatCore)).toEqual(values(name));
      expect(values(name, roundCore, { precision: 'mp16-4' })).toEqual(values(name));
      expect(values(name, roundCore, { seed: 2 })).not.toEqual(values(name));
    }
  });
});

describe('a program that does not fit', () => {
  // Shadows: 6 rows of 5 words = 480 bits. Weights of p: 6 rows of 3 words of 8-bit pairs, of `loop` 5 rows of 3:
  // 33 words = 528 bits; of 4 bits, four a word: 6 x 2 + 5 x 2 = 22 words = 352 bits.
  const small: [string, string] = ['weight: {capacityBits: 16384', 'weight: {capacityBits: 512'];

  it('is refused with the size needed, the size available, and what would fit', () => {
    expectRefused(
      { core: [small] },
      'fit',
      undefined,
      "program 'small' at mp16-8 does not fit hw-model 'round'",
      'weight bank: 528 bits needed, 512 available',
      // At mp8-8 nothing is dropped, so p has one copy, and `loop` has 5 rows of 3 words = 240 bits.
      'fits at mp8-4, mp8-8, mp16-4',
      'or with inferenceWeights: sliced',
      'or with placement.weight: shadow',
    );
    expect(failure(() => compileSmall({ core: [small] })).message).not.toContain('shadow bank');
  });

  it('fits to the bit', () => {
    expect(
      compileSmall({ core: [['weight: {capacityBits: 16384', 'weight: {capacityBits: 528']] }),
    ).toBeDefined();
  });

  it('names every bank that is too small, and groups digits', () => {
    const large: [string, string][] = [
      ['size: 6', 'size: 6000'],
      ['size: 5', 'size: 50'],
    ];
    const error = failure(() => compileSmall({ program: large }));
    // 6000 rows: shadows 50 words, weights 25; loop 50 x 25; traces 3000, v 50, signals 25
    expect(error.message).toContain('weight bank: 2 420 000 bits needed, 16 384 available');
    expect(error.message).toContain('shadow bank: 4 800 000 bits needed, 32 768 available');
    expect(error.message).toContain('state bank: 49 200 bits needed, 16 384 available');
    expect(error.hint).toContain('fits at no precision that this core offers');
  });

  it('does not offer a precision at which something else is wrong', () => {
    // At mp16-16 an accumulator of 25 bits would be needed, which the core has not.
    expectRefused(
      { core: [small], program: [['weightBits + 8', 'weightBits + 9 - (weightBits < 16)']] },
      'fit',
      undefined,
      '528 bits needed',
      'fits at mp8-4, mp8-8, mp16-4',
    );
    const { hint } = failure(() =>
      compileSmall({ core: [small], program: [['weightBits + 8', 'weightBits + 9 - (weightBits < 16)']] }),
    );
    expect(hint).not.toContain('mp16-16');
  });
});
