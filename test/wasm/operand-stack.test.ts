import { describe, expect, it } from 'vitest';
import {
  type FunctionBuilder,
  type Label,
  type Local,
  ModuleBuilder,
  type ValueType,
} from '../../src/wasm/index.ts';

const i32 = ['i32'] as const;

/** Emits only a body, for mistakes that must throw. */
function emit(
  body: (f: FunctionBuilder) => void,
  results: readonly ValueType[] = [],
  params: readonly ValueType[] = [],
) {
  return () => new ModuleBuilder().function('row', { params, results }, body);
}

describe('mistakes of a generator', () => {
  it.each<[string, () => unknown, string]>([
    [
      'an operand of another type',
      emit((f) => {
        f.v128.const(new Uint8Array(16));
        f.i32.const(1);
        f.i32x4.add();
      }),
      'row: i32x4.add expects [v128 v128] on the stack, found [v128 i32] in this function',
    ],
    ['too few operands', emit((f) => f.i32.add()), 'row: i32.add expects [i32 i32] on the stack, found []'],
    [
      'an operand from outside the block',
      emit((f) => {
        f.i32.const(1);
        f.block(() => f.drop());
      }),
      'row: drop expects [unknown] on the stack, found [] in this block',
    ],
    [
      'a value too many at the end',
      emit((f) => f.i32.const(1)),
      'row: end expects [] on the stack, found [i32]',
    ],
    ['no result', emit(() => {}, ['i64']), 'row: end expects [i64] on the stack, found [] in this function'],
    [
      'a result of another type',
      emit((f) => f.f32.const(1), ['f64']),
      'row: end expects [f64] on the stack, found [f32]',
    ],
    [
      'a branch of another type than its label',
      emit((f) => {
        f.block(
          (label) => {
            f.f32.const(1);
            f.br(label);
          },
          { results: ['i32'] },
        );
      }),
      'row: br expects [i32] on the stack, found [f32] in this block',
    ],
    [
      "a branch to the start of a loop without the loop's parameter",
      emit((f) => {
        f.i32.const(1);
        f.loop(
          (label) => {
            f.drop();
            f.br(label);
          },
          { params: i32, results: ['f64'] },
        );
      }),
      'row: br expects [i32] on the stack, found [] in this loop',
    ],
    [
      'branches of an if that differ',
      emit((f) => {
        f.i32.const(1);
        f.if(
          () => f.i32.const(1),
          () => f.i64.const(1n),
          { results: i32 },
        );
      }),
      'row: end expects [i32] on the stack, found [i64] in this else',
    ],
    [
      'a result and no else',
      emit((f) => {
        f.i32.const(1);
        f.if(() => f.i32.const(1), undefined, { results: i32 });
      }),
      'row: if: without an else its results must equal its parameters',
    ],
    [
      'a table of labels of different types',
      emit((f) => {
        f.block(() => {
          f.i32.const(0);
          f.brTable([0], 1);
        });
      }, i32),
      'row: br_table: its labels take values of different types',
    ],
    [
      'a selection between types',
      emit((f) => {
        f.i32.const(1);
        f.f32.const(1);
        f.i32.const(1);
        f.select();
      }),
      'row: select expects [f32 f32 i32] on the stack, found [i32 f32 i32]',
    ],
    ['a depth that is not there', emit((f) => f.br(1)), 'row: br: its label is not an open block'],
    [
      'a wrong type in code that never runs',
      emit((f) => {
        f.unreachable();
        f.i64.const(1n);
        f.i32.eqz();
      }),
      'row: i32.eqz expects [i32] on the stack, found [i64]',
    ],
  ])('%s', (_, emission, message) => {
    expect(emission).toThrow(message);
  });

  it('a label of a block that is closed', () => {
    const emission = emit((f) => {
      let closed: Label | number = 0;
      f.block((label) => {
        closed = label;
      });
      f.br(closed);
    });
    expect(emission).toThrow('row: br: its label is not an open block');
  });

  it('a local of another function, an immutable global', () => {
    const module = new ModuleBuilder();
    const constant = module.global('f64', 1, false);
    const locals: Local[] = [];
    module.function('first', { params: i32, results: [] }, (_, x) => locals.push(x));
    const type = { params: i32, results: [] };
    const get = (f: FunctionBuilder) => {
      for (const local of locals) f.get(local);
    };
    expect(() => module.function('second', type, get)).toThrow(
      'second: local.get: local 0 is of another function',
    );
    expect(() => module.function('third', type, (f) => f.setGlobal(constant))).toThrow(
      'third: global.set: global 0 is immutable',
    );
  });
});
