import { describe, expect, it } from 'vitest';
import type { Label } from '../../src/wasm/function-builder.ts';
import {
  call,
  either,
  type FunctionBuilder,
  f32,
  i32,
  i32x4,
  i64,
  type Local,
  ModuleBuilder,
  select,
  type Value,
  type ValueType,
  v128,
} from '../../src/wasm/index.ts';
import type { Params } from '../../src/wasm/module-builder.ts';
import { callable, disassembleFunctions, instantiate } from './wabt.ts';

const results = ['i32'] as const;

/** A function with an i32 as its result, validated and callable. */
function compile<const Types extends readonly ValueType[]>(
  params: Types,
  body: (f: FunctionBuilder, ...params: Params<Types>) => void,
) {
  const module = new ModuleBuilder();
  module.export('f', module.function('f', { params, results }, body));
  return callable(instantiate(module.toBytes()).f);
}

describe('control flow', () => {
  it('loops: the sum of 1 .. n', () => {
    const sum = compile(['i32'], (f, n) => {
      const total = f.local('i32');
      f.block((done) => {
        f.loop((again) => {
          f.brIf(done, n.isZero());
          f.set(total, total.plus(n));
          f.set(n, n.minus(1));
          f.br(again);
        });
      });
      f.return(total);
    });
    for (const n of [0, 1, 2, 10, 1000]) expect(sum(n)).toBe((n * (n + 1)) / 2);
  });

  it('chooses, and branches out of nested blocks: the steps of the Collatz sequence', () => {
    const steps = compile(['i32'], (f, n) => {
      const count = f.local('i32');
      f.loop((again) => {
        f.if(n.differsFrom(1), () => {
          f.set(n, either(n.and(1), n.times(3).plus(1), n.shiftRight(1)));
          f.set(count, count.plus(1));
          f.br(again);
        });
      });
      f.return(count);
    });
    const expected = (start: number) => {
      let count = 0;
      for (let n = start; n !== 1; n = n % 2 === 1 ? 3 * n + 1 : n / 2) count++;
      return count;
    };
    for (let n = 1; n < 100; n++) expect(steps(n)).toBe(expected(n));
  });

  it('calls functions that are defined later, also itself', () => {
    const module = new ModuleBuilder();
    const type = { params: ['i32'], results } as const;
    const twice = module.declare('twice', type);
    const fibonacci = module.declare('fibonacci', type);
    module.define(fibonacci, (f, n) => {
      f.if(n.isBelow(2), () => f.return(n));
      f.return(
        call(fibonacci, n.minus(1))
          .as('i32')
          .plus(call(fibonacci, n.minus(2)).as('i32')),
      );
    });
    module.define(twice, (f, n) => f.return(call(fibonacci, n).as('i32').shiftLeft(1)));
    module.export('twice', twice);
    expect(callable(instantiate(module.toBytes()).twice)(20)).toBe(2 * 6765);
  });

  it('continues after code that never returns', () => {
    const f = compile(['i32'], (f, x) => {
      f.block((done) => {
        f.brIf(done, x);
        f.return(i32.const(7));
        f.set(x, x.plus(1));
        f.drop(x);
      });
      f.return(i32.const(9));
      f.drop(i32.const(1));
    });
    expect([f(0), f(1)]).toEqual([7, 9]);
  });

  it('selects values of any one type', () => {
    const max = compile(['i32', 'i32'], (f, a, b) => {
      const vectors = select(1, i32x4.splat(select(a.isAbove(b), a, b)), i32x4.splat(0));
      f.return(i32x4.extract_lane(vectors, 2));
    });
    expect([max(3, 9), max(-3, -9)]).toEqual([9, -3]);
  });
});

describe('control instructions', () => {
  it('are those that wabt reads', () => {
    const module = new ModuleBuilder();
    const store = module.function('store', { params: ['i32', 'v128'], results: [] }, () => {});
    module.function('f', { params: ['i32'], results }, (f, x) => {
      f.local('i64');
      const last = f.local('v128');
      f.drop(last);
      f.block((outer) => f.loop(() => f.br(outer)));
      f.if(
        x,
        () => f.call(store, 3, last),
        () => f.loop((again) => f.if(x, () => f.brIf(again, x))),
      );
      f.drop(either(x, f32.const(1), f32.const(2)));
      f.return(select(x, x, 5));
    });
    expect(disassembleFunctions(module.toBytes())).toEqual([
      [],
      [
        ['local.get 2', 'drop', 'block', 'loop', 'br 1', 'end', 'end'],
        ['local.get 0', 'if', 'i32.const 3', 'local.get 2', 'call 0', 'else'],
        ['loop', 'local.get 0', 'if', 'local.get 0', 'br_if 1', 'end', 'end', 'end'],
        ['local.get 0', 'if (result f32)', 'f32.const 0x1p+0', 'else', 'f32.const 0x1p+1', 'end', 'drop'],
        ['local.get 0', 'i32.const 5', 'local.get 0', 'select', 'return'],
      ].flat(),
    ]);
  });

  it('declare neighbouring locals of one type together', () => {
    const types: ValueType[] = ['v128', 'v128', 'i32', 'f32', 'f32', 'f32', 'v128'];
    const module = new ModuleBuilder();
    const product = module.function('f', { params: [], results: ['f32'] }, (f) => {
      const [, , count, , , real] = types.map((type) => f.local(type));
      if (!count || !real) throw new Error('no local');
      f.set(real, f32.const(2.5));
      f.set(count, i32.const(3));
      f.return(f32.mul(f32.convert_i32_s(count.as('i32')), real.as('f32')));
    });
    module.export('f', product);
    expect(callable(instantiate(module.toBytes()).f)()).toBe(7.5);
  });

  it('let scopes share locals of one type, but none with those outside', () => {
    let used = new Set<Local>();
    const f = compile(['i32'], (f, n) => {
      const [outer, a, b] = [f.keep(n.plus(1)), f.local('i32'), f.local('i32')];
      for (const [sum, factor] of [[a, 2] as const, [b, 3] as const])
        f.scope(() => {
          const own = f.keep(outer.times(factor));
          used = new Set([...used, own]);
          f.set(sum, own.plus(own));
        });
      f.return(a.plus(b).plus(outer));
    });
    // Of n = 4: 5 is kept; 2 (2 x 5) + 2 (3 x 5) + 5.
    expect(f(4)).toBe(55);
    expect(used.size).toBe(1);
  });
});

describe('mistakes of a generator', () => {
  const untyped = <T extends ValueType>(value: Value): Value<T> => value as Value<T>;
  const written = (body: (f: FunctionBuilder) => void) => () =>
    new ModuleBuilder().function('row', { params: [], results: [] }, body);

  it.each<[string, (f: FunctionBuilder) => void, string]>([
    [
      'an operand of another type',
      (f) => f.drop(i32x4.add(v128.const(new Uint8Array(16)), untyped(i32.const(1)))),
      'row: expected a value of type v128, found i32',
    ],
    [
      'a variable of another type',
      (f) => f.set(f.local('i32'), untyped(i64.const(1n))),
      'row: expected a value of type i32, found i64',
    ],
    [
      'a condition that is no i32',
      (f) => f.if(untyped(f32.const(1)), () => {}),
      'row: expected a value of type i32, found f32',
    ],
    [
      'a selection between types',
      (f) => f.drop(select(1, i32.const(1), untyped(f32.const(1)))),
      'row: expected a value of type i32, found f32',
    ],
    [
      'branches that differ',
      (f) => f.drop(either(1, i32.const(1), untyped(i64.const(1n)))),
      'row: expected a value of type i32, found i64',
    ],
  ])('%s', (_, body, message) => {
    expect(written(body)).toThrow(message);
  });

  it('calls: too few arguments, an argument of another type, a result that nothing takes', () => {
    const module = new ModuleBuilder();
    const type = { params: ['i32', 'f32'], results } as const;
    const callee = module.declare('callee', type);
    const calling = (args: readonly Value[]) => () =>
      module.function('row', { params: [], results: [] }, (f) => f.drop(call(callee, ...args)));
    expect(calling([i32.const(1)])).toThrow('row: callee takes 2 arguments, found 1');
    expect(calling([i32.const(1), i32.const(1)])).toThrow('row: expected a value of type f32, found i32');
    expect(written((f) => f.call(callee, 1, 1))).toThrow('row: callee returns a value');
  });

  it('a label of a block that is closed', () => {
    const branch = written((f) => {
      const labels: Label[] = [];
      f.block((label) => labels.push(label));
      for (const label of labels) f.br(label);
    });
    expect(branch).toThrow('row: the label of a branch is not an open block');
  });

  it('a local of another function', () => {
    const module = new ModuleBuilder();
    const locals: Local[] = [];
    module.function('first', { params: ['i32'], results: [] }, (_, x) => locals.push(x));
    const get = (f: FunctionBuilder) => {
      for (const local of locals) f.get(local);
    };
    expect(() => module.function('second', { params: ['i32'], results: [] }, get)).toThrow(
      'second: local 0 is of another function',
    );
  });
});
