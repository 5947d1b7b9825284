import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ModuleBuilder } from '../../src/wasm/index.ts';
import { callable, disassemble, instantiate } from './wabt.ts';

const nothing = { params: [], results: [] } as const;

describe('a module', () => {
  it('without anything is valid', () => {
    expect(WebAssembly.validate(new ModuleBuilder().toBytes())).toBe(true);
  });

  it('imports a memory and functions, and names its functions', () => {
    const module = new ModuleBuilder();
    const report = module.importFunction('host', 'report', { params: ['i32', 'f64'], results: [] });
    const memory = module.importMemory('host', 'memory', { minimumPages: 1, maximumPages: 4 });
    const run = module.function('run', nothing, (f) => {
      f.i32.const(8);
      f.i32.load();
      f.f64.const(0.1);
      f.call(report);
    });
    module.export('run', run);
    module.export('memory', memory);
    const bytes = module.toBytes();
    expect(disassemble(bytes)).toContain('(func $run ');

    const reported: number[][] = [];
    const hostMemory = new WebAssembly.Memory({ initial: 1, maximum: 4 });
    new Int32Array(hostMemory.buffer)[2] = -77;
    const exports = instantiate(bytes, {
      host: { memory: hostMemory, report: (...values: number[]) => reported.push(values) },
    });
    callable(exports.run)();
    expect(reported).toEqual([[-77, 0.1]]);
    expect(exports.memory).toBe(hostMemory);
  });

  it('has a memory that it grows, fills and copies', () => {
    const module = new ModuleBuilder();
    const memory = module.memory({ minimumPages: 1 });
    const type = { params: ['i32', 'i32', 'i32'], results: [] } as const;
    for (const name of ['fill', 'copy'] as const) {
      const instruction = module.function(name, type, (f, ...operands) => {
        for (const operand of operands) f.get(operand);
        f.memory[name]();
      });
      module.export(name, instruction);
    }
    const grow = module.function('grow', { params: [], results: ['i32'] }, (f) => {
      f.i32.const(2);
      f.memory.grow();
      f.drop();
      f.memory.size();
    });
    module.export('grow', grow);
    module.export('memory', memory);
    const exports = instantiate(module.toBytes());
    expect(callable(exports.grow)()).toBe(3);
    callable(exports.fill)(10, 0xab, 3);
    callable(exports.copy)(20, 11, 4);
    if (!(exports.memory instanceof WebAssembly.Memory)) throw new Error('no memory');
    expect([...new Uint8Array(exports.memory.buffer, 9, 16)]).toEqual([
      0, 0xab, 0xab, 0xab, 0, 0, 0, 0, 0, 0, 0, 0xab, 0xab, 0, 0, 0,
    ]);
  });

  it('has globals of each type with their first values', () => {
    const module = new ModuleBuilder();
    module.export('i32', module.global('i32', -70000));
    module.export('i64', module.global('i64', -(2n ** 63n)));
    module.export('f32', module.global('f32', 0.5));
    module.export('f64', module.global('f64', Math.PI, false));
    const values = Object.entries(instantiate(module.toBytes())).map(([name, exported]) => [
      name,
      exported instanceof WebAssembly.Global && exported.value,
    ]);
    expect(Object.fromEntries(values)).toEqual({ i32: -70000, i64: -(2n ** 63n), f32: 0.5, f64: Math.PI });
  });

  it('holds a function of more than a mebibyte', () => {
    const module = new ModuleBuilder();
    const type = { params: ['i32'], results: ['i32'] } as const;
    const large = module.function('large', type, (f, x) => {
      f.get(x);
      for (let count = 0; count < 250_000; count++) {
        f.i32.const(count & 0xff);
        f.i32.add();
        f.nop();
      }
    });
    module.export('large', large);
    const bytes = module.toBytes();
    expect(bytes.length).toBeGreaterThan(2 ** 20);
    expect(WebAssembly.validate(bytes)).toBe(true);
  });

  it('refuses a second memory, a second body, no body, an export twice, a late import', () => {
    const module = new ModuleBuilder();
    const memory = module.memory({ minimumPages: 1 });
    expect(() => module.importMemory('host', 'memory', { minimumPages: 1 })).toThrow('one memory at most');
    module.export('memory', memory);
    expect(() => module.export('memory', memory)).toThrow('memory is exported twice');
    const declared = module.declare('later', nothing);
    expect(() => module.toBytes()).toThrow('later is declared and not defined');
    expect(() => module.importFunction('host', 'log', nothing)).toThrow(
      'import of log comes after functions',
    );
    expect(() => new ModuleBuilder().define(declared, () => {})).toThrow(
      'later is not declared in this module',
    );
    module.define(declared, () => {});
    expect(() => module.define(declared, () => {})).toThrow('later is defined twice');
  });
});

describe('SIMD', () => {
  it('computes dot products of 16-bit integers, eight at a time', () => {
    const module = new ModuleBuilder();
    module.importMemory('host', 'memory', { minimumPages: 1 });
    const type = { params: ['i32', 'i32', 'i32'], results: ['i32'] } as const;
    const dot = module.function('dot', type, (f, left, right, end) => {
      const sums = f.local('v128');
      f.block((done) => {
        f.loop((again) => {
          f.get(left);
          f.get(end);
          f.i32.ge_u();
          f.brIf(done);
          f.get(left);
          f.v128.load();
          f.get(right);
          f.v128.load(0, 2);
          f.i32x4.dot_i16x8_s();
          f.get(sums);
          f.i32x4.add();
          f.set(sums);
          for (const pointer of [left, right]) {
            f.get(pointer);
            f.i32.const(16);
            f.i32.add();
            f.set(pointer);
          }
          f.br(again);
        });
      });
      for (const lane of [0, 1, 2, 3]) {
        f.get(sums);
        f.i32x4.extract_lane(lane);
        if (lane > 0) f.i32.add();
      }
    });
    module.export('dot', dot);
    const memory = new WebAssembly.Memory({ initial: 1 });
    const compiled = callable(instantiate(module.toBytes(), { host: { memory } }).dot);

    const int16 = fc.integer({ min: -32768, max: 32767 });
    fc.assert(
      fc.property(fc.array(fc.tuple(int16, int16), { maxLength: 200 }), (pairs) => {
        const values = new Int16Array(memory.buffer).fill(0);
        const rightStart = 1001; // not aligned to 16 bytes
        let expected = 0;
        for (const [index, [x, y]] of pairs.entries()) {
          values[index] = x;
          values[rightStart + index] = y;
          expected = (expected + x * y) | 0;
        }
        expect(compiled(0, 2 * rightStart, 2 * pairs.length)).toBe(expected);
      }),
    );
  });
});
