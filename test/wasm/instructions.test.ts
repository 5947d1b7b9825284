import { describe, expect, it } from 'vitest';
import * as wasm from '../../src/wasm/index.ts';
import { type FunctionBuilder, i32, i32x4, ModuleBuilder, Value, v128 } from '../../src/wasm/index.ts';
import { instructions, type WasmInstruction } from '../../src/wasm/instructions.ts';
import { disassembleFunctions } from './wabt.ts';

/** Immediates of an expression, and their form in the text format after the name. */
type Sample = readonly [immediates: readonly unknown[], text: string];

const groups = 'i32 i64 f32 f64 v128 i8x16 i16x8 i32x4 i64x2 f32x4 memory'.split(' ');
const all: readonly WasmInstruction[] = Object.values(instructions);
const grouped = all.filter(({ name }) => groups.includes(prefixOf(name)));

function prefixOf(name: string): string {
  return name.split('.')[0] ?? '';
}

function samplesOf({ name, immediate, bytes }: WasmInstruction): readonly Sample[] {
  const lastLane = 16 / bytes - 1;
  const unaligned = bytes > 1 ? ' align=1' : '';
  switch (immediate) {
    case 'i32':
      return [[[-70000], ' -70000']];
    case 'i64':
      return [[[-5_000_000_000n], ' -5000000000']];
    case 'f32':
    case 'f64':
      return [[[-1.5], ' -0x1.8p+0']];
    case 'v128':
      return [[[Int32Array.of(1, -2, 3, 0x7fffffff)], ' i32x4 0x00000001 0xfffffffe 0x00000003 0x7fffffff']];
    case 'memory':
      return [
        [[], ''],
        [[300, 1], ` offset=300${unaligned}`],
      ];
    case 'memoryLane':
      return [
        [[lastLane], ` ${lastLane}`],
        [[0, 300, 1], ` offset=300${unaligned} 0`],
      ];
    case 'lane':
      return [[[lastLane], ` ${lastLane}`]];
    case 'none':
    case 'memoryIndex':
      return [[[], '']];
    default:
      throw new Error(`${name} is not a grouped instruction`);
  }
}

/** Adds the tiny function that takes the instruction's operands as parameters and returns its result. */
function addFunction(
  module: ModuleBuilder,
  instruction: WasmInstruction,
  immediates: readonly unknown[],
): void {
  const { name, params, results } = instruction;
  module.function(name, { params, results }, (f, ...operands) => {
    const group: object = Reflect.get(wasm, prefixOf(name));
    const made = Reflect.get(group, name.slice(name.indexOf('.') + 1))(...operands, ...immediates);
    if (made instanceof Value) made.writeTo(f);
    else f.do(made);
  });
}

const cases = grouped.flatMap((instruction) =>
  samplesOf(instruction).map(([immediates, text]) => ({
    instruction,
    immediates,
    text: instruction.name + text,
  })),
);

describe('the table of instructions', () => {
  it('has each opcode once, and none of relaxed SIMD, which starts at 0x100', () => {
    expect(new Set(all.map(({ code }) => code.join())).size).toBe(all.length);
    for (const { code } of all) if (code.length > 2) expect([code[0], code[2]]).toEqual([0xfd, 1]);
  });

  it('means by each opcode what wabt reads, immediates included', () => {
    const module = new ModuleBuilder();
    module.importMemory('host', 'memory', 1);
    for (const { instruction, immediates } of cases) addFunction(module, instruction, immediates);
    const last = disassembleFunctions(module.toBytes()).map((lines) => lines.at(-1));
    expect(last).toEqual(cases.map(({ text }) => text));
  });

  it.each(cases)(
    '$text is valid with the operands and the result of its signature',
    ({ instruction, immediates }) => {
      const module = new ModuleBuilder();
      module.importMemory('host', 'memory', 1);
      addFunction(module, instruction, immediates);
      expect(WebAssembly.validate(module.toBytes())).toBe(true);
    },
  );

  it('has an expression for every instruction, and each is tested here or among the control instructions', () => {
    const others = all.filter((instruction) => !grouped.includes(instruction)).map(({ name }) => name);
    expect(others.join(' ')).toBe(
      'block loop if else end br br_if return call drop select local.get local.set',
    );
  });
});

describe('immediates', () => {
  const vector = () => i32x4.splat(0);

  it.each<[string, () => Value, string]>([
    [
      'a lane past the end',
      () => i32x4.extract_lane(vector(), 4),
      'f: i32x4.extract_lane: expected a lane in 0 .. 3, found 4',
    ],
    ['a half lane', () => i32x4.extract_lane(vector(), 0.5), 'expected a lane in 0 .. 3, found 0.5'],
    ['too wide an alignment', () => i32.load(0, 0, 8), 'i32.load: expected an alignment of 1 .. 4'],
    ['an alignment that is no power of two', () => v128.load(0, 0, 12), 'a power of two, found 12'],
    [
      'a negative offset',
      () => i32.load8_u(0, -1),
      'i32.load8_u: expected an integer in 0 .. 2^32 - 1, found -1',
    ],
    ['a vector of 8 bytes', () => v128.const(Int16Array.of(1, 2, 3, 4)), 'expected 16 bytes, found 8'],
    ['a constant that is no integer', () => i32.const(0.5), 'f: i32.const: expected an integer'],
  ])('refuses %s', (_, value, message) => {
    const body = (f: FunctionBuilder) => f.drop(value());
    expect(() => new ModuleBuilder().function('f', { params: [], results: [] }, body)).toThrow(message);
  });
});
