import { describe, expect, it } from 'vitest';
import { type Instruction, instructions, ModuleBuilder } from '../../src/wasm/index.ts';
import { disassembleFunctions } from './wabt.ts';

/** Arguments for the builder's method, and their form in the text format after the name. */
type Sample = readonly [immediates: readonly unknown[], text: string];

const groups = 'i32 i64 f32 f64 v128 i8x16 i16x8 i32x4 i64x2 f32x4 f64x2 memory'.split(' ');
const all: readonly Instruction[] = Object.values(instructions);
const grouped = all.filter(({ name }) => name.includes('.') && groups.includes(prefixOf(name)));

function prefixOf(name: string): string {
  return name.split('.')[0] ?? '';
}

function samplesOf({ name, immediate, bytes }: Instruction): readonly Sample[] {
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
    case 'shuffle': {
      const sources = Array.from({ length: 16 }, (_, index) => (index * 7 + 3) % 32);
      return [[[sources], ` ${sources.join(' ')}`]];
    }
    case 'none':
    case 'oneMemory':
    case 'twoMemories':
      return [[[], '']];
    default:
      throw new Error(`${name} is not a grouped instruction`);
  }
}

/** Adds the tiny function that takes the instruction's operands as parameters and returns its result. */
function addFunction(module: ModuleBuilder, instruction: Instruction, immediates: readonly unknown[]): void {
  const { name, params, results } = instruction;
  module.function(name, { params, results }, (f, ...operands) => {
    for (const operand of operands) f.get(operand);
    const group: object = Reflect.get(f, prefixOf(name));
    Reflect.apply(Reflect.get(group, name.slice(name.indexOf('.') + 1)), group, immediates);
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
  it('has all 128 numeric opcodes of WebAssembly 1.0 with sign extension, 0x45 to 0xc4', () => {
    const opcodes = all.filter(({ code }) => code.length === 1).map(({ code }) => code[0]);
    for (let opcode = 0x45; opcode <= 0xc4; opcode++) expect(opcodes).toContain(opcode);
  });

  it('has all 236 instructions of fixed-width SIMD and none of relaxed SIMD', () => {
    const vector = all.filter(({ code }) => code[0] === 0xfd);
    expect(vector.length).toBe(236);
    expect(new Set(vector.map(({ code }) => code.join())).size).toBe(236);
    // Relaxed SIMD starts at 0x100, which LEB128 writes as 0x80 0x02.
    expect(vector.filter(({ code }) => code.length > 2 && code[2] !== 1)).toEqual([]);
    expect(all.filter(({ name }) => name.includes('relaxed'))).toEqual([]);
  });

  it('means by each opcode what wabt reads, immediates included', () => {
    const module = new ModuleBuilder();
    module.memory({ minimumPages: 1 });
    for (const { instruction, immediates } of cases) addFunction(module, instruction, immediates);
    const last = disassembleFunctions(module.toBytes()).map((lines) => lines.at(-1));
    expect(last).toEqual(cases.map(({ text }) => text));
  });

  it.each(cases)(
    '$text is valid with the operands and the result of its signature',
    ({ instruction, immediates }) => {
      const module = new ModuleBuilder();
      module.memory({ minimumPages: 1 });
      addFunction(module, instruction, immediates);
      expect(WebAssembly.validate(module.toBytes())).toBe(true);
    },
  );

  it('has a method for every instruction, and each is tested here or among the control instructions', () => {
    const others = all.filter((instruction) => !grouped.includes(instruction)).map(({ name }) => name);
    expect(others).toEqual([
      'unreachable',
      'nop',
      'block',
      'loop',
      'if',
      'else',
      'end',
      'br',
      'br_if',
      'br_table',
      'return',
      'call',
      'drop',
      'select',
      'local.get',
      'local.set',
      'local.tee',
      'global.get',
      'global.set',
    ]);
  });
});

describe('immediates', () => {
  type Body = Parameters<ModuleBuilder['define']>[1];
  const emit = (body: Body) => () =>
    new ModuleBuilder().function('f', { params: [], results: [] }, (f) => {
      f.i32.const(0);
      body(f);
    });

  it.each<[string, Body, string]>([
    [
      'a lane past the end',
      (f) => {
        f.i32x4.splat();
        f.i32x4.extract_lane(4);
      },
      'f: i32x4.extract_lane: expected a lane in 0 .. 3, found 4',
    ],
    [
      'a half lane',
      (f) => {
        f.i64.extend_i32_s();
        f.i64x2.splat();
        f.i64x2.extract_lane(0.5);
      },
      'expected a lane in 0 .. 1, found 0.5',
    ],
    ['too wide an alignment', (f) => f.i32.load(0, 8), 'i32.load: expected an alignment of 1 .. 4'],
    ['an alignment that is no power of two', (f) => f.v128.load(0, 12), 'a power of two, found 12'],
    [
      'a negative offset',
      (f) => f.i32.load8_u(-1),
      'i32.load8_u: expected an integer in 0 .. 2^32 - 1, found -1',
    ],
    ['a vector of 8 bytes', (f) => f.v128.const(Int16Array.of(1, 2, 3, 4)), 'expected 16 bytes, found 8'],
    ['a constant that is no integer', (f) => f.i32.const(0.5), 'f: i32.const: expected an integer'],
  ])('refuses %s', (_, body, message) => {
    expect(emit(body)).toThrow(message);
  });

  it('refuses a shuffle of fifteen or of a byte that neither operand has', () => {
    const shuffle = (sources: number[]) =>
      emit((f) => {
        f.i8x16.splat();
        f.v128.const(new Uint8Array(16));
        f.i8x16.shuffle(sources);
      });
    expect(shuffle(new Array<number>(15).fill(0))).toThrow('expected 16 sources, found 15');
    expect(shuffle(new Array<number>(16).fill(32))).toThrow('expected a lane in 0 .. 31, found 32');
  });
});
