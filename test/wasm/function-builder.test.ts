import { describe, expect, it } from 'vitest';
import { type FunctionBuilder, ModuleBuilder, type Params, type ValueType } from '../../src/wasm/index.ts';
import { callable, disassembleFunctions, instantiate } from './wabt.ts';

const i32 = ['i32'] as const;

/** A function, validated and callable; its result is an i32 unless stated. */
function compile<const Types extends readonly ValueType[]>(
  params: Types,
  body: (f: FunctionBuilder, ...params: Params<Types>) => void,
  results: readonly ValueType[] = i32,
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
          f.get(n);
          f.i32.eqz();
          f.brIf(done);
          f.get(total);
          f.get(n);
          f.i32.add();
          f.set(total);
          f.get(n);
          f.i32.const(1);
          f.i32.sub();
          f.set(n);
          f.br(again);
        });
      });
      f.get(total);
    });
    for (const n of [0, 1, 2, 10, 1000]) expect(sum(n)).toBe((n * (n + 1)) / 2);
  });

  it('chooses and leaves by depth: the steps of the Collatz sequence', () => {
    const steps = compile(['i32'], (f, n) => {
      const count = f.local('i32');
      f.loop((again) => {
        f.get(n);
        f.i32.const(1);
        f.i32.ne();
        f.if(() => {
          f.get(n);
          f.i32.const(1);
          f.i32.and();
          f.if(
            () => {
              f.get(n);
              f.i32.const(3);
              f.i32.mul();
              f.i32.const(1);
              f.i32.add();
            },
            () => {
              f.get(n);
              f.i32.const(1);
              f.i32.shr_u();
            },
            { results: i32 },
          );
          f.set(n);
          f.get(count);
          f.i32.const(1);
          f.i32.add();
          f.set(count);
          f.br(again);
        });
      });
      f.get(count);
    });
    const expected = (start: number) => {
      let count = 0;
      for (let n = start; n !== 1; n = n % 2 === 1 ? 3 * n + 1 : n / 2) count++;
      return count;
    };
    for (let n = 1; n < 100; n++) expect(steps(n)).toBe(expected(n));
  });

  it('switches by a table, with a number as a depth and a value that the branch takes along', () => {
    const price = compile(['i32'], (f, choice) => {
      f.block(
        () => {
          f.block(
            (inner) => {
              f.i32.const(10);
              f.get(choice);
              f.brTable([inner, 1, inner], 2);
            },
            { results: i32 },
          );
          f.i32.const(5);
          f.i32.add();
        },
        { results: i32 },
      );
      f.i32.const(100);
      f.i32.mul();
    });
    expect([0, 1, 2, 3, -1].map((choice) => price(choice))).toEqual([1500, 1000, 1500, 10, 10]);
  });

  it('takes parameters into blocks and gives several results', () => {
    const module = new ModuleBuilder();
    const pair = module.function('pair', { params: ['i32'], results: ['i32', 'i64'] }, (f, x) => {
      f.get(x);
      f.get(x);
      f.block(() => f.i64.extend_i32_s(), { params: ['i32', 'i32'], results: ['i32', 'i64'] });
    });
    module.export('pair', pair);
    expect(callable(instantiate(module.toBytes()).pair)(-3)).toEqual([-3, -3n]);
  });

  it('starts a loop again with new parameters', () => {
    const log2 = compile(['i32'], (f, x) => {
      const steps = f.local('i32');
      f.get(x);
      f.loop(
        (again) => {
          f.i32.const(1);
          f.i32.shr_u();
          f.tee(x);
          f.get(x);
          f.if(
            () => {
              f.get(steps);
              f.i32.const(1);
              f.i32.add();
              f.set(steps);
              f.br(again);
            },
            () => {},
            { params: i32, results: i32 },
          );
          f.drop();
        },
        { params: i32 },
      );
      f.get(steps);
    });
    for (const x of [1, 2, 3, 1000, 65536]) expect(log2(x)).toBe(Math.floor(Math.log2(x)));
  });

  it('calls functions that are defined later, also itself', () => {
    const module = new ModuleBuilder();
    const type = { params: i32, results: i32 };
    const twice = module.declare('twice', type);
    const fibonacci = module.declare('fibonacci', type);
    module.define(fibonacci, (f) => {
      const [n] = f.params;
      if (!n) throw new Error('no parameter');
      f.get(n);
      f.i32.const(2);
      f.i32.lt_s();
      f.if(() => {
        f.get(n);
        f.return();
      });
      for (const back of [1, 2]) {
        f.get(n);
        f.i32.const(back);
        f.i32.sub();
        f.call(fibonacci);
      }
      f.i32.add();
    });
    module.define(twice, (f) => {
      for (const n of f.params) f.get(n);
      f.call(fibonacci);
      f.i32.const(1);
      f.i32.shl();
    });
    module.export('twice', twice);
    expect(callable(instantiate(module.toBytes()).twice)(20)).toBe(2 * 6765);
  });

  it('continues after code that never returns', () => {
    const f = compile(['i32'], (f, x) => {
      f.block((done) => {
        f.get(x);
        f.brIf(done);
        f.i32.const(7);
        f.return();
        f.i32.add();
        f.select();
        f.drop();
        f.nop();
      });
      f.i32.const(9);
      f.br(0);
      f.select();
      f.i32.eqz();
    });
    expect([f(0), f(1)]).toEqual([7, 9]);
  });

  it('selects values of any one type', () => {
    const max = compile(['i32', 'i32'], (f, a, b) => {
      for (const x of [a, b, a, b]) f.get(x);
      f.i32.gt_s();
      f.select();
      f.i32x4.splat();
      f.i32.const(0);
      f.i32x4.splat();
      f.i32.const(1);
      f.select();
      f.i32x4.extract_lane(2);
    });
    expect([max(3, 9), max(-3, -9)]).toEqual([9, -3]);
  });
});

describe('control instructions', () => {
  it('are those that wabt reads', () => {
    const module = new ModuleBuilder();
    const counter = module.global('i32', 5);
    const type = { params: i32, results: i32 };
    module.function('f', type, (f, x) => {
      const first = f.local('i64');
      f.local('i64');
      const last = f.local('v128');
      f.nop();
      f.getGlobal(counter);
      f.setGlobal(counter);
      f.get(last);
      f.drop();
      f.get(first);
      f.tee(first);
      f.set(first);
      f.block((outer) => {
        f.loop(() => f.br(outer), {});
      });
      f.get(x);
      f.if(
        () => f.unreachable(),
        (label) => {
          f.get(x);
          f.brIf(label);
          f.get(x);
          f.brTable([0], label);
        },
      );
      for (let count = 0; count < 3; count++) f.get(x);
      f.select();
      f.return();
    });
    expect(disassembleFunctions(module.toBytes())).toEqual([
      [
        ...[
          'nop',
          'global.get 0',
          'global.set 0',
          'local.get 3',
          'drop',
          'local.get 1',
          'local.tee 1',
          'local.set 1',
        ],
        ...['block', 'loop', 'br 1', 'end', 'end'],
        ...[
          'local.get 0',
          'if',
          'unreachable',
          'else',
          'local.get 0',
          'br_if 0',
          'local.get 0',
          'br_table 0 0',
          'end',
        ],
        ...['local.get 0', 'local.get 0', 'local.get 0', 'select', 'return'],
      ],
    ]);
  });

  it('declare neighbouring locals of one type together', () => {
    const types: ValueType[] = ['v128', 'v128', 'i32', 'f64', 'f64', 'f64', 'v128'];
    const f = compile(
      [],
      (f) => {
        const locals = types.map((type) => f.local(type));
        const [, , count, , , real] = locals;
        if (!count || !real) throw new Error('no local');
        f.f64.const(2.5);
        f.set(real);
        f.i32.const(3);
        f.set(count);
        f.get(count);
        f.f64.convert_i32_s();
        f.get(real);
        f.f64.mul();
      },
      ['f64'],
    );
    expect(f()).toBe(7.5);
  });
});
