import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { i32, i32x4, ModuleBuilder, memory, v128, whileBelow } from '../../src/wasm/index.ts';
import { callable, disassemble, instantiate } from './wabt.ts';

const nothing = { params: [], results: [] } as const;

describe('a module', () => {
  it('without anything is valid', () => {
    expect(WebAssembly.validate(new ModuleBuilder().toBytes())).toBe(true);
  });

  it('imports a memory and functions, and names its functions', () => {
    const module = new ModuleBuilder();
    const report = module.importFunction('host', 'report', { params: ['i32', 'f32'], results: [] });
    module.importMemory('host', 'memory', 1);
    const run = module.function('run', nothing, (f) => {
      f.do(memory.fill(4, 0xff, 3));
      f.call(report, i32.load(8), 0.5);
    });
    module.export('run', run);
    const bytes = module.toBytes();
    expect(disassemble(bytes)).toContain('(func $run ');

    const reported: number[][] = [];
    const hostMemory = new WebAssembly.Memory({ initial: 1, maximum: 4 });
    new Int32Array(hostMemory.buffer)[2] = -77;
    const exports = instantiate(bytes, {
      host: { memory: hostMemory, report: (...values: number[]) => reported.push(values) },
    });
    callable(exports.run)();
    expect(reported).toEqual([[-77, 0.5]]);
    expect([...new Uint8Array(hostMemory.buffer, 3, 5)]).toEqual([0, 0xff, 0xff, 0xff, 0]);
  });

  it('holds a function of more than a mebibyte', () => {
    const module = new ModuleBuilder();
    const type = { params: ['i32'], results: ['i32'] } as const;
    const large = module.function('large', type, (f, x) => {
      for (let count = 0; count < 200_000; count++) f.set(x, x.plus(1 + (count & 0x3f)));
      f.return(x);
    });
    module.export('large', large);
    const bytes = module.toBytes();
    expect(bytes.length).toBeGreaterThan(2 ** 20);
    expect(WebAssembly.validate(bytes)).toBe(true);
  });

  it('refuses a second memory, a second body, no body, an export twice, a late import', () => {
    const module = new ModuleBuilder();
    module.importMemory('host', 'memory', 1);
    expect(() => module.importMemory('host', 'memory', 1)).toThrow('one memory at most');
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
    module.export('later', declared);
    expect(() => module.export('later', declared)).toThrow('later is exported twice');
  });
});

describe('SIMD', () => {
  it('computes sums of products of 16-bit integers, four at a time', () => {
    const module = new ModuleBuilder();
    module.importMemory('host', 'memory', 1);
    const type = { params: ['i32', 'i32', 'i32'], results: ['i32'] } as const;
    const dot = module.function('dot', type, (f, left, right, end) => {
      const sums = f.local('v128');
      whileBelow(f, left, end, 8, () => {
        const products = i32x4.mul(v128.load16x4_s(left), v128.load16x4_s(right, 0, 2));
        f.set(sums, i32x4.add(sums, products));
        f.set(right, right.plus(8));
      });
      const [first, ...others] = [0, 1, 2, 3].map((lane) => i32x4.extract_lane(sums, lane));
      f.return(others.reduce((sum, lane) => sum.plus(lane), first ?? i32.const(0)));
    });
    module.export('dot', dot);
    const hostMemory = new WebAssembly.Memory({ initial: 1 });
    const compiled = callable(instantiate(module.toBytes(), { host: { memory: hostMemory } }).dot);

    const int16 = fc.integer({ min: -32768, max: 32767 });
    fc.assert(
      fc.property(fc.array(fc.tuple(int16, int16), { maxLength: 200 }), (pairs) => {
        const values = new Int16Array(hostMemory.buffer).fill(0);
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
