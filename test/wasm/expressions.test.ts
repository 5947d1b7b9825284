import { describe, expect, expectTypeOf, it } from 'vitest';
import * as builder from '../../src/wasm/index.ts';
import {
  addToCounter,
  call,
  either,
  type FunctionBuilder,
  f32,
  f32x4,
  forEachBit,
  forever,
  i16x8,
  i32,
  i32x4,
  i64,
  increase,
  type Local,
  ModuleBuilder,
  max,
  min,
  type Statement,
  select,
  Value,
  type ValueType,
  v128,
  whileBelow,
} from '../../src/wasm/index.ts';
import { instructions } from '../../src/wasm/instructions.ts';
import type { Params } from '../../src/wasm/module-builder.ts';
import { callable, disassembleFunctions, instantiate } from './wabt.ts';

type Body<Types extends readonly ValueType[]> = (f: FunctionBuilder, ...params: Params<Types>) => void;

function moduleOf<const Types extends readonly ValueType[]>(
  params: Types,
  results: readonly ValueType[],
  body: Body<Types>,
): Uint8Array<ArrayBuffer> {
  const module = new ModuleBuilder();
  module.importMemory('host', 'memory', 1);
  module.export('f', module.function('f', { params, results }, body));
  return module.toBytes();
}

/** The instructions that an independent disassembler finds. */
const written = <const Types extends readonly ValueType[]>(
  params: Types,
  body: Body<Types>,
  results: readonly ValueType[] = [],
) => disassembleFunctions(moduleOf(params, results, body))[0];

const compile = <const Types extends readonly ValueType[]>(params: Types, body: Body<Types>) =>
  callable(instantiate(moduleOf(params, ['i32'], body), { host: { memory: pages() } }).f);

const pages = () => new WebAssembly.Memory({ initial: 1 });

describe('expressions', () => {
  it('are written operands first, each where it is used', () => {
    expect(
      written(['i32', 'i32', 'i32', 'i32'], (f, words, last, before, highest) => {
        f.set(words, words.plus(last).minus(max(before, highest)));
        f.set(highest, last);
      }),
    ).toEqual(
      [
        'local.get 0, local.get 1, i32.add',
        'local.get 2, local.get 3, local.get 2, local.get 3, i32.gt_s, select',
        'i32.sub, local.set 0, local.get 1, local.set 3',
      ]
        .join(', ')
        .split(', '),
    );
  });

  it('of every instruction without labels: operands, then immediates', () => {
    const lanes = Int32Array.of(1, 2, 3, 4);
    const immediates: Readonly<Record<string, readonly unknown[]>> = {
      i32: [7],
      i64: [7n],
      f32: [1],
      v128: [lanes],
      memory: [8, 1],
      memoryLane: [0, 8, 1],
      lane: [1],
    };
    const groups = ['i32', 'i64', 'f32', 'v128', 'i8x16', 'i16x8', 'i32x4', 'f32x4', 'memory'];
    for (const { name, params, results, immediate } of Object.values(instructions)) {
      const [prefix = '', method = ''] = name.split('.');
      if (!groups.includes(prefix)) continue;
      const group: object = Reflect.get(builder, prefix);
      const make = Reflect.get(group, method);
      const lines = written(
        params,
        (f, ...locals) => {
          const made = make(...locals, ...(immediates[immediate] ?? []));
          if (made instanceof Value) f.return(made);
          else f.do(made);
        },
        results,
      );
      const found = lines?.filter((line) => line !== 'return');
      expect(found?.slice(0, -1)).toEqual(params.map((_, index) => `local.get ${index}`));
      expect(found?.at(-1)?.split(' ')[0]).toBe(name);
    }
  });

  it('take constants as numbers', () => {
    expect(written(['i32'], (f, x) => f.set(x, i32.and(x, 3)))).toContain('i32.const 3');
    expect(written(['i64'], (f, x) => f.set(x, i64.add(x, 3n)))).toContain('i64.const 3');
    expect(written(['f32'], (f, x) => f.set(x, f32.mul(x, 0.5)))).toContain('f32.const 0x1p-1');
  });

  it('leave out what changes nothing', () => {
    const same = written(['i32'], (f, x) => f.set(x, x.plus(0).minus(0).times(1).dividedBy(1).shiftLeft(0)));
    expect(same).toEqual(['local.get 0', 'local.set 0']);
  });

  it('are typed', () => {
    expectTypeOf(i32.add).returns.toEqualTypeOf<Value<'i32'>>();
    expectTypeOf(i16x8.bitmask).returns.toEqualTypeOf<Value<'i32'>>();
    expectTypeOf(v128.store).returns.toEqualTypeOf<Statement>();
    expectTypeOf(i32x4.shl).parameter(0).toEqualTypeOf<Value<'v128'>>();
    expectTypeOf(i32x4.shl).parameter(1).toEqualTypeOf<Value<'i32'> | number>();
    expectTypeOf<Local<'v128'>>().not.toExtend<Parameters<typeof i32.add>[0]>();
    expectTypeOf(f32x4.extract_lane).parameter(1).toEqualTypeOf<number>();
  });

  it('are also checked where they are written', () => {
    const untyped = [i64.const(1n)] as readonly Value[] as readonly Value<'i32'>[];
    expect(() => written(['i32'], (f, x) => f.set(x, untyped[0]?.isZero() ?? 0))).toThrow(
      'f: expected a value of type i32, found i64',
    );
  });

  it('are written once: a value used twice is kept in a variable', () => {
    const twice = (keep: boolean) => () =>
      written(['i32'], (f, x) => {
        const loaded = keep ? f.keep(i32.load(x)) : i32.load(x);
        f.set(x, loaded.plus(loaded));
      });
    expect(twice(false)).toThrow('f: an expression is written twice; keep its value in a variable');
    expect(twice(true)()).toEqual(
      'local.get 0, i32.load, local.set 1, local.get 1, local.get 1, i32.add, local.set 0'.split(', '),
    );
    expect(() =>
      written(['i32'], (f, x) => {
        const store = i32.store(x, 1);
        f.do(store, store);
      }),
    ).toThrow('f: a statement is written twice');
  });

  it('evaluate what min and max compare once', () => {
    const lines = written(['i32'], (f, x) => f.set(x, min(i32.load(x), 5)));
    expect(lines?.filter((line) => line === 'i32.load')).toHaveLength(1);
    const clamp = compile(['i32'], (f, x) => f.return(max(min(x.plus(1), 5), -5)));
    expect([-100, -6, -5, 3, 4, 5, 100].map((x) => clamp(x))).toEqual([-5, -5, -4, 4, 5, 5, 5]);
  });

  it('select of two numbers, or evaluate the one that is taken', () => {
    const choose = compile(['i32'], (f, x) => f.return(select(x.isAbove(2), 10, 20)));
    expect([2, 3].map((x) => choose(x))).toEqual([20, 10]);
    const divide = compile(['i32'], (f, x) => f.return(either(x, i32.const(12).dividedBy(x), i32.const(-1))));
    expect([0, 3].map((x) => divide(x))).toEqual([-1, 4]);
  });

  it('compare signed and divide unsigned', () => {
    const both = compile(['i32', 'i32'], (f, x, y) =>
      f.return(
        x
          .isBelow(y)
          .plus(x.isAbove(y).times(2))
          .plus(x.isAtLeast(y).times(4))
          .plus(x.equals(y).times(8))
          .plus(x.differsFrom(y).times(16))
          .or(x.equals(0).shiftLeft(5)),
      ),
    );
    expect([both(-1, 1), both(1, -1), both(3, 3), both(0, 1)]).toEqual([17, 22, 12, 49]);
    const quotient = compile(['i32'], (f, x) =>
      f.return(
        x
          .dividedBy(4)
          .minus(x.shiftRight(2))
          .plus(x.modulo(4).minus(x.and(3))),
      ),
    );
    expect([-1, 7, 8].map((x) => quotient(x))).toEqual([0, 0, 0]);
  });
});

describe('a preamble', () => {
  it('computes what later code needs, once, at its own place', () => {
    const lines = written(['i32'], (f, n) => {
      f.set(n, n.plus(1));
      const preamble = f.preamble();
      whileBelow(f, n, 10, 1, () => {
        const base = preamble.keep(i32.load(0, 16));
        const twice = preamble.keep(base.plus(preamble.keep(i32.load(0, 16))));
        f.do(i32.store(n, twice), v128.store(n, preamble.keep(i32x4.splat(1))));
        f.do(v128.store(n, preamble.keep(i16x8.splat(1))));
      });
    });
    const [before, inside] = [lines?.slice(0, 16), lines?.slice(16)];
    expect(before).toEqual(
      [
        'local.get 0, i32.const 1, i32.add, local.set 0',
        'i32.const 0, i32.load offset=16, local.set 1',
        'local.get 1, local.get 1, i32.add, local.set 2',
        'i32.const 1, i32x4.splat, local.set 3, i32.const 1, i16x8.splat',
      ]
        .join(', ')
        .split(', '),
    );
    expect(inside?.filter((line) => line.startsWith('local.get'))).toEqual(
      [0, 0, 2, 0, 3, 0, 4, 0, 0].map((index) => `local.get ${index}`),
    );
  });

  it('checks its values', () => {
    expect(() =>
      written([], (f) => {
        const preamble = f.preamble();
        const wrong = [i64.const(1n)] as readonly Value[] as readonly Value<'i32'>[];
        preamble.keep(wrong[0]?.plus(1) ?? i32.const(0));
      }),
    ).toThrow('f: expected a value of type i32, found i64');
    expect(() => i64.const(1n).as('i32')).toThrow('expected a value of type i32, found i64');
  });
});

describe('statements', () => {
  it('loop, break and step', () => {
    const sum = compile(['i32'], (f, n) => {
      const total = f.local('i32');
      const k = f.local('i32');
      whileBelow(f, k, n, 2, () => increase(f, total, k));
      f.return(total);
    });
    expect([0, 1, 5, 6].map((n) => sum(n))).toEqual([0, 0, 6, 6]);
    const log = compile(['i32'], (f, n) => {
      const bits = f.local('i32');
      forever(f, (leaveIf) => {
        leaveIf(n.isZero());
        f.set(n, n.shiftRight(1));
        increase(f, bits, 1);
      });
      f.return(bits);
    });
    expect([0, 1, 255, 256].map((n) => log(n))).toEqual([0, 1, 8, 9]);
    const weighted = compile(['i32'], (f, bits) => {
      const total = f.local('i32');
      forEachBit(f, bits, () => increase(f, total, i32.ctz(bits)));
      f.return(total);
    });
    expect([0, 1, 0b10110].map((bits) => weighted(bits))).toEqual([0, 0, 1 + 2 + 4]);
  });

  it('branch on a condition and call with arguments', () => {
    const module = new ModuleBuilder();
    module.importMemory('host', 'memory', 1);
    const double = module.function('double', { params: ['i32'], results: ['i32'] }, (f, x) =>
      f.return(x.plus(x)),
    );
    const store = module.function('store', { params: ['i32'], results: [] }, (f, x) => f.do(i32.store(8, x)));
    const main = module.function('main', { params: ['i32'], results: ['i32'] }, (f, x) => {
      f.if(
        x.isAbove(10),
        () => f.call(store, 100),
        () => f.call(store, i32.load(8).plus(1)),
      );
      const doubled = f.keep(call(double, i32.load(8)).as('i32'));
      f.return(doubled.plus(x));
    });
    module.export('main', main);
    const run = callable(instantiate(module.toBytes(), { host: { memory: pages() } }).main);
    expect([run(1), run(1), run(11), run(1)]).toEqual([3, 5, 211, 203]);
    expect(() => call(store, 1)).toThrow('store returns nothing');
  });

  it('count in 64 bits', () => {
    const module = new ModuleBuilder();
    module.importMemory('host', 'memory', 1);
    const tally = module.function('tally', { params: ['i32'], results: [] }, (f, x) => {
      addToCounter(f, 16, x);
      addToCounter(f, 24, 3);
    });
    module.export('tally', tally);
    const memory = pages();
    const exports = instantiate(module.toBytes(), { host: { memory } });
    for (let turn = 0; turn < 3; turn++) callable(exports.tally)(-1);
    // Amounts are unsigned: 2^32 - 1, three times.
    expect([...new BigInt64Array(memory.buffer, 16, 2)]).toEqual([3n * (2n ** 32n - 1n), 9n]);
  });
});
