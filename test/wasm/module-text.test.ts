import { describe, expect, it } from 'vitest';
import { compileModule } from '../../src/engine/index.ts';
import * as wasm from '../../src/wasm/index.ts';
import { i32, ModuleBuilder, moduleText, Value } from '../../src/wasm/index.ts';
import { instructions } from '../../src/wasm/instructions.ts';
import { imageOf } from '../support/core.ts';
import { assemble, callable, instantiate } from './wabt.ts';

/** A module without its custom sections, which hold only names. */
function withoutNames(bytes: Uint8Array): number[] {
  const kept = [...bytes.subarray(0, 8)];
  for (let at = 8; at < bytes.length; ) {
    const start = at;
    const id = bytes[at++];
    let size = 0;
    for (let scale = 1; ; scale *= 128) {
      const byte = bytes[at++] ?? 0;
      size += (byte & 0x7f) * scale;
      if (byte < 0x80) break;
    }
    at += size;
    if (id !== 0) kept.push(...bytes.subarray(start, at));
  }
  return kept;
}

const expectSame = (bytes: Uint8Array): void =>
  expect(withoutNames(assemble(moduleText(bytes)))).toEqual(withoutNames(bytes));

const immediates: Readonly<Record<string, readonly (readonly unknown[])[]>> = {
  i32: [[-70000], [2 ** 31 - 1]],
  i64: [[-(2n ** 63n)], [5_000_000_000n]],
  f32: [[0.1], [-0], [Number.POSITIVE_INFINITY], [Number.NEGATIVE_INFINITY], [Number.NaN], [1e-45]],
  f64: [[0.1], [-0], [Number.NEGATIVE_INFINITY], [Number.NaN], [5e-324], [2 ** 60]],
  v128: [[Int32Array.of(1, -2, 3, -(2 ** 31))]],
  memory: [[], [300], [2 ** 32 - 1, 1]],
  memoryLane: [[1], [0, 300, 1]],
  lane: [[1]],
};

describe('the text of a module is assembled into the same bytes', () => {
  it('for every instruction without labels, with any immediates', () => {
    const module = new ModuleBuilder();
    module.importMemory('host', 'memory', 1);
    for (const { name, params, results, immediate } of Object.values(instructions)) {
      const [prefix = '', method = ''] = name.split('.');
      const group: unknown = Reflect.get(wasm, prefix);
      if (typeof group !== 'object' || group === null) continue;
      for (const values of immediates[immediate] ?? [[]]) {
        module.function(name, { params, results }, (f, ...locals) => {
          const made = Reflect.get(group, method)(...locals, ...values);
          if (made instanceof Value) made.writeTo(f);
          else f.do(made);
        });
      }
    }
    expectSame(module.toBytes());
  });

  it('for a memory that threads share', () => {
    const module = new ModuleBuilder();
    module.importMemory('host', 'memory', 2, 300);
    module.export(
      'read',
      module.function('read', { params: ['i32'], results: ['i32'] }, (f, at) => f.return(wasm.i32.load(at))),
    );
    expectSame(module.toBytes());
    const { read } = instantiate(module.toBytes(), {
      host: { memory: new WebAssembly.Memory({ initial: 2, maximum: 300, shared: true }) },
    });
    expect(callable(read)(0)).toBe(0);
  });

  it('for control flow, variables and calls', () => {
    const module = new ModuleBuilder();
    const log = module.importFunction('host', 'log', { params: ['i32', 'f32'], results: [] });
    module.importMemory('host', 'memory', 2);
    const type = { params: ['i32'], results: ['i32'] } as const;
    const next = module.function('two of "it"', type, (f, x) => f.return(x.plus(2)));
    const main = module.function('main', type, (f, x) => {
      const [a, b] = [f.local('v128'), f.local('f32')];
      wasm.forever(f, (leaveIf) => {
        leaveIf(x.isZero());
        f.if(
          x.isAbove(3),
          () => f.set(b, 0.5),
          () => f.call(log, x, b),
        );
        f.set(x, x.minus(1));
      });
      f.set(a, wasm.i16x8.splat(x));
      f.block((done) => {
        f.brIf(done, x);
        f.return(wasm.either(x, i32.const(1), i32.const(2)));
      });
      f.drop(wasm.call(next, x));
      f.return(wasm.select(wasm.f32.lt(b, 1), wasm.v128.any_true(a), x));
    });
    module.export('main', main);
    const bytes = module.toBytes();
    expectSame(bytes);
    expect(moduleText(bytes)).toContain('(func $two_of__it_ (type');
  });

  it('for the module of an image', () => {
    const image = imageOf(
      `format: plasticore/program/1
name: one
steps: 2
input: in
populations: {in: {size: 5}, out: {size: 20, fields: {v: {bits: 16}}}}
projections: {p: {from: in, to: out}}
microcode: {rule: rule.uc}
events: {tick: [{deliver: in}, {run: fire, over: out}], spike: {in: [{run: add, over: p}], out: []}}
readout: out.v
`,
      `kernel add over row
  ld r0, post.v
  ld r1, syn.weight
  add.s r0, r0, r1
  st r0, post.v
end
kernel fire over neurons
  ld r0, self.v
  cmp.ge r1, r0, 20
  emit r1
end`,
    );
    expectSame(compileModule(image).bytes);
  });
});
