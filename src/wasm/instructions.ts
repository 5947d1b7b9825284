import type { ValueType } from './types.ts';

/**
 * What follows an opcode in the code. `memory` and `memoryLane` are an alignment and an offset (and a lane); the value
 * types are constants; `memoryIndex` is the index of a memory, always 0.
 */
export type ImmediateKind =
  | ('none' | 'i32' | 'i64' | 'f32' | 'f64' | 'v128' | 'memory' | 'memoryLane' | 'lane' | 'memoryIndex')
  | ('block' | 'label' | 'function' | 'local');

type Params = '' | `${ValueType} ` | `${ValueType} ${ValueType} ` | `${ValueType} ${ValueType} ${ValueType} `;

/** Types of the operands that an instruction takes (topmost last) and of the result that it leaves. */
type Signature = `${Params}->${'' | ` ${ValueType}`}`;

/**
 * A row of the table of instructions. `opcode` is one byte, or a prefix byte and a number below 256 (0xfd6e is 0x6e
 * after the SIMD prefix 0xfd). `bytes` is the width of a memory access or of a lane.
 */
type Row = readonly [opcode: number, signature: Signature, immediate?: ImmediateKind, bytes?: number];

const rows = {
  // control; the types of what a branch, a call or a variable takes depend on it
  block: [0x02, '->', 'block'],
  loop: [0x03, '->', 'block'],
  if: [0x04, 'i32 ->', 'block'],
  else: [0x05, '->'],
  end: [0x0b, '->'],
  br: [0x0c, '->', 'label'],
  br_if: [0x0d, 'i32 ->', 'label'],
  return: [0x0f, '->'],
  call: [0x10, '->', 'function'],
  drop: [0x1a, '->'],
  select: [0x1b, 'i32 ->'],
  'local.get': [0x20, '->', 'local'],
  'local.set': [0x21, '->', 'local'],

  // loads and stores of single numbers, the width of the access in bytes last
  'i32.load': [0x28, 'i32 -> i32', 'memory', 4],
  'i64.load': [0x29, 'i32 -> i64', 'memory', 8],
  'f32.load': [0x2a, 'i32 -> f32', 'memory', 4],
  'f64.load': [0x2b, 'i32 -> f64', 'memory', 8],
  'i32.load8_s': [0x2c, 'i32 -> i32', 'memory', 1],
  'i32.load8_u': [0x2d, 'i32 -> i32', 'memory', 1],
  'i32.load16_s': [0x2e, 'i32 -> i32', 'memory', 2],
  'i32.load16_u': [0x2f, 'i32 -> i32', 'memory', 2],
  'i32.store': [0x36, 'i32 i32 ->', 'memory', 4],
  'i64.store': [0x37, 'i32 i64 ->', 'memory', 8],
  'f32.store': [0x38, 'i32 f32 ->', 'memory', 4],
  'f64.store': [0x39, 'i32 f64 ->', 'memory', 8],
  'i32.store8': [0x3a, 'i32 i32 ->', 'memory', 1],
  'i32.store16': [0x3b, 'i32 i32 ->', 'memory', 2],

  // of vectors: whole, widened, zero-extended, or one lane
  'v128.load': [0xfd00, 'i32 -> v128', 'memory', 16],
  'v128.load8x8_s': [0xfd01, 'i32 -> v128', 'memory', 8],
  'v128.load8x8_u': [0xfd02, 'i32 -> v128', 'memory', 8],
  'v128.load16x4_s': [0xfd03, 'i32 -> v128', 'memory', 8],
  'v128.load16x4_u': [0xfd04, 'i32 -> v128', 'memory', 8],
  'v128.load32_zero': [0xfd5c, 'i32 -> v128', 'memory', 4],
  'v128.load16_lane': [0xfd55, 'i32 v128 -> v128', 'memoryLane', 2],
  'v128.load32_lane': [0xfd56, 'i32 v128 -> v128', 'memoryLane', 4],
  'v128.store': [0xfd0b, 'i32 v128 ->', 'memory', 16],
  'v128.store16_lane': [0xfd59, 'i32 v128 ->', 'memoryLane', 2],
  'v128.store32_lane': [0xfd5a, 'i32 v128 ->', 'memoryLane', 4],
  'v128.store64_lane': [0xfd5b, 'i32 v128 ->', 'memoryLane', 8],
  'memory.fill': [0xfc0b, 'i32 i32 i32 ->', 'memoryIndex'],

  // 32-bit integers
  'i32.const': [0x41, '-> i32', 'i32'],
  'i32.eqz': [0x45, 'i32 -> i32'],
  'i32.eq': [0x46, 'i32 i32 -> i32'],
  'i32.ne': [0x47, 'i32 i32 -> i32'],
  'i32.lt_s': [0x48, 'i32 i32 -> i32'],
  'i32.lt_u': [0x49, 'i32 i32 -> i32'],
  'i32.gt_s': [0x4a, 'i32 i32 -> i32'],
  'i32.gt_u': [0x4b, 'i32 i32 -> i32'],
  'i32.le_s': [0x4c, 'i32 i32 -> i32'],
  'i32.le_u': [0x4d, 'i32 i32 -> i32'],
  'i32.ge_s': [0x4e, 'i32 i32 -> i32'],
  'i32.ge_u': [0x4f, 'i32 i32 -> i32'],
  'i32.ctz': [0x68, 'i32 -> i32'],
  'i32.popcnt': [0x69, 'i32 -> i32'],
  'i32.add': [0x6a, 'i32 i32 -> i32'],
  'i32.sub': [0x6b, 'i32 i32 -> i32'],
  'i32.mul': [0x6c, 'i32 i32 -> i32'],
  'i32.div_u': [0x6e, 'i32 i32 -> i32'],
  'i32.rem_s': [0x6f, 'i32 i32 -> i32'],
  'i32.rem_u': [0x70, 'i32 i32 -> i32'],
  'i32.and': [0x71, 'i32 i32 -> i32'],
  'i32.or': [0x72, 'i32 i32 -> i32'],
  'i32.xor': [0x73, 'i32 i32 -> i32'],
  'i32.shl': [0x74, 'i32 i32 -> i32'],
  'i32.shr_s': [0x75, 'i32 i32 -> i32'],
  'i32.shr_u': [0x76, 'i32 i32 -> i32'],
  'i32.wrap_i64': [0xa7, 'i64 -> i32'],

  // 64-bit integers
  'i64.const': [0x42, '-> i64', 'i64'],
  'i64.eqz': [0x50, 'i64 -> i32'],
  'i64.lt_s': [0x53, 'i64 i64 -> i32'],
  'i64.gt_s': [0x55, 'i64 i64 -> i32'],
  'i64.ctz': [0x7a, 'i64 -> i64'],
  'i64.popcnt': [0x7b, 'i64 -> i64'],
  'i64.add': [0x7c, 'i64 i64 -> i64'],
  'i64.sub': [0x7d, 'i64 i64 -> i64'],
  'i64.mul': [0x7e, 'i64 i64 -> i64'],
  'i64.and': [0x83, 'i64 i64 -> i64'],
  'i64.or': [0x84, 'i64 i64 -> i64'],
  'i64.shl': [0x86, 'i64 i64 -> i64'],
  'i64.shr_s': [0x87, 'i64 i64 -> i64'],
  'i64.shr_u': [0x88, 'i64 i64 -> i64'],
  'i64.extend_i32_s': [0xac, 'i32 -> i64'],
  'i64.extend_i32_u': [0xad, 'i32 -> i64'],

  // 32-bit floats
  'f32.const': [0x43, '-> f32', 'f32'],
  'f32.eq': [0x5b, 'f32 f32 -> i32'],
  'f32.ne': [0x5c, 'f32 f32 -> i32'],
  'f32.lt': [0x5d, 'f32 f32 -> i32'],
  'f32.gt': [0x5e, 'f32 f32 -> i32'],
  'f32.le': [0x5f, 'f32 f32 -> i32'],
  'f32.ge': [0x60, 'f32 f32 -> i32'],
  'f32.abs': [0x8b, 'f32 -> f32'],
  'f32.neg': [0x8c, 'f32 -> f32'],
  'f32.floor': [0x8e, 'f32 -> f32'],
  'f32.add': [0x92, 'f32 f32 -> f32'],
  'f32.sub': [0x93, 'f32 f32 -> f32'],
  'f32.mul': [0x94, 'f32 f32 -> f32'],
  'f32.min': [0x96, 'f32 f32 -> f32'],
  'f32.max': [0x97, 'f32 f32 -> f32'],
  'i32.trunc_sat_f32_s': [0xfc00, 'f32 -> i32'],
  'f32.convert_i32_s': [0xb2, 'i32 -> f32'],
  'f32.reinterpret_i32': [0xbe, 'i32 -> f32'],

  // 64-bit floats
  'f64.const': [0x44, '-> f64', 'f64'],
  'f64.eq': [0x61, 'f64 f64 -> i32'],
  'f64.ne': [0x62, 'f64 f64 -> i32'],
  'f64.lt': [0x63, 'f64 f64 -> i32'],
  'f64.gt': [0x64, 'f64 f64 -> i32'],
  'f64.le': [0x65, 'f64 f64 -> i32'],
  'f64.ge': [0x66, 'f64 f64 -> i32'],
  'f64.abs': [0x99, 'f64 -> f64'],
  'f64.neg': [0x9a, 'f64 -> f64'],
  'f64.ceil': [0x9b, 'f64 -> f64'],
  'f64.floor': [0x9c, 'f64 -> f64'],
  'f64.add': [0xa0, 'f64 f64 -> f64'],
  'f64.sub': [0xa1, 'f64 f64 -> f64'],
  'f64.mul': [0xa2, 'f64 f64 -> f64'],
  'f64.div': [0xa3, 'f64 f64 -> f64'],
  'f64.min': [0xa4, 'f64 f64 -> f64'],
  'f64.max': [0xa5, 'f64 f64 -> f64'],
  'i32.trunc_sat_f64_s': [0xfc02, 'f64 -> i32'],
  'i64.trunc_sat_f64_s': [0xfc06, 'f64 -> i64'],
  'f64.convert_i32_s': [0xb7, 'i32 -> f64'],

  // 128 bits
  'v128.const': [0xfd0c, '-> v128', 'v128'],
  'v128.and': [0xfd4e, 'v128 v128 -> v128'],
  'v128.andnot': [0xfd4f, 'v128 v128 -> v128'],
  'v128.or': [0xfd50, 'v128 v128 -> v128'],
  'v128.xor': [0xfd51, 'v128 v128 -> v128'],
  'v128.bitselect': [0xfd52, 'v128 v128 v128 -> v128'],
  'v128.any_true': [0xfd53, 'v128 -> i32'],

  // sixteen lanes of 8 bits
  'i8x16.swizzle': [0xfd0e, 'v128 v128 -> v128'],
  'i8x16.ne': [0xfd24, 'v128 v128 -> v128'],
  'i8x16.gt_s': [0xfd27, 'v128 v128 -> v128'],
  'i8x16.popcnt': [0xfd62, 'v128 -> v128'],
  'i8x16.bitmask': [0xfd64, 'v128 -> i32'],
  'i8x16.narrow_i16x8_s': [0xfd65, 'v128 v128 -> v128'],
  'i8x16.narrow_i16x8_u': [0xfd66, 'v128 v128 -> v128'],
  'i8x16.add': [0xfd6e, 'v128 v128 -> v128'],
  'i8x16.sub': [0xfd71, 'v128 v128 -> v128'],

  // eight lanes of 16 bits
  'i16x8.splat': [0xfd10, 'i32 -> v128'],
  'i16x8.extract_lane_s': [0xfd18, 'v128 -> i32', 'lane', 2],
  'i16x8.replace_lane': [0xfd1a, 'v128 i32 -> v128', 'lane', 2],
  'i16x8.eq': [0xfd2d, 'v128 v128 -> v128'],
  'i16x8.ne': [0xfd2e, 'v128 v128 -> v128'],
  'i16x8.lt_s': [0xfd2f, 'v128 v128 -> v128'],
  'i16x8.lt_u': [0xfd30, 'v128 v128 -> v128'],
  'i16x8.gt_s': [0xfd31, 'v128 v128 -> v128'],
  'i16x8.gt_u': [0xfd32, 'v128 v128 -> v128'],
  'i16x8.le_s': [0xfd33, 'v128 v128 -> v128'],
  'i16x8.le_u': [0xfd34, 'v128 v128 -> v128'],
  'i16x8.ge_s': [0xfd35, 'v128 v128 -> v128'],
  'i16x8.ge_u': [0xfd36, 'v128 v128 -> v128'],
  'i16x8.extadd_pairwise_i8x16_u': [0xfd7d, 'v128 -> v128'],
  'i16x8.abs': [0xfd80, 'v128 -> v128'],
  'i16x8.neg': [0xfd81, 'v128 -> v128'],
  'i16x8.bitmask': [0xfd84, 'v128 -> i32'],
  'i16x8.narrow_i32x4_s': [0xfd85, 'v128 v128 -> v128'],
  'i16x8.narrow_i32x4_u': [0xfd86, 'v128 v128 -> v128'],
  'i16x8.extend_low_i8x16_s': [0xfd87, 'v128 -> v128'],
  'i16x8.extend_high_i8x16_s': [0xfd88, 'v128 -> v128'],
  'i16x8.extend_low_i8x16_u': [0xfd89, 'v128 -> v128'],
  'i16x8.extend_high_i8x16_u': [0xfd8a, 'v128 -> v128'],
  'i16x8.shl': [0xfd8b, 'v128 i32 -> v128'],
  'i16x8.shr_s': [0xfd8c, 'v128 i32 -> v128'],
  'i16x8.shr_u': [0xfd8d, 'v128 i32 -> v128'],
  'i16x8.add': [0xfd8e, 'v128 v128 -> v128'],
  'i16x8.add_sat_s': [0xfd8f, 'v128 v128 -> v128'],
  'i16x8.sub': [0xfd91, 'v128 v128 -> v128'],
  'i16x8.sub_sat_s': [0xfd92, 'v128 v128 -> v128'],
  'i16x8.mul': [0xfd95, 'v128 v128 -> v128'],
  'i16x8.min_s': [0xfd96, 'v128 v128 -> v128'],
  'i16x8.max_s': [0xfd98, 'v128 v128 -> v128'],

  // four lanes of 32 bits
  'i32x4.splat': [0xfd11, 'i32 -> v128'],
  'i32x4.extract_lane': [0xfd1b, 'v128 -> i32', 'lane', 4],
  'i32x4.replace_lane': [0xfd1c, 'v128 i32 -> v128', 'lane', 4],
  'i32x4.eq': [0xfd37, 'v128 v128 -> v128'],
  'i32x4.ne': [0xfd38, 'v128 v128 -> v128'],
  'i32x4.lt_s': [0xfd39, 'v128 v128 -> v128'],
  'i32x4.lt_u': [0xfd3a, 'v128 v128 -> v128'],
  'i32x4.gt_s': [0xfd3b, 'v128 v128 -> v128'],
  'i32x4.gt_u': [0xfd3c, 'v128 v128 -> v128'],
  'i32x4.le_s': [0xfd3d, 'v128 v128 -> v128'],
  'i32x4.le_u': [0xfd3e, 'v128 v128 -> v128'],
  'i32x4.ge_s': [0xfd3f, 'v128 v128 -> v128'],
  'i32x4.ge_u': [0xfd40, 'v128 v128 -> v128'],
  'i32x4.extadd_pairwise_i16x8_s': [0xfd7e, 'v128 -> v128'],
  'i32x4.extadd_pairwise_i16x8_u': [0xfd7f, 'v128 -> v128'],
  'i32x4.abs': [0xfda0, 'v128 -> v128'],
  'i32x4.neg': [0xfda1, 'v128 -> v128'],
  'i32x4.bitmask': [0xfda4, 'v128 -> i32'],
  'i32x4.trunc_sat_f32x4_s': [0xfdf8, 'v128 -> v128'],
  'f32x4.convert_i32x4_s': [0xfdfa, 'v128 -> v128'],
  'i32x4.extend_low_i16x8_s': [0xfda7, 'v128 -> v128'],
  'i32x4.extend_high_i16x8_s': [0xfda8, 'v128 -> v128'],
  'i32x4.extend_low_i16x8_u': [0xfda9, 'v128 -> v128'],
  'i32x4.extend_high_i16x8_u': [0xfdaa, 'v128 -> v128'],
  'i32x4.shl': [0xfdab, 'v128 i32 -> v128'],
  'i32x4.shr_s': [0xfdac, 'v128 i32 -> v128'],
  'i32x4.shr_u': [0xfdad, 'v128 i32 -> v128'],
  'i32x4.add': [0xfdae, 'v128 v128 -> v128'],
  'i32x4.sub': [0xfdb1, 'v128 v128 -> v128'],
  'i32x4.mul': [0xfdb5, 'v128 v128 -> v128'],
  'i32x4.min_s': [0xfdb6, 'v128 v128 -> v128'],
  'i32x4.max_s': [0xfdb8, 'v128 v128 -> v128'],
  'i32x4.max_u': [0xfdb9, 'v128 v128 -> v128'],

  // two lanes of 64 bits
  'i64x2.extract_lane': [0xfd1d, 'v128 -> i64', 'lane', 8],

  // four lanes of floats
  'f32x4.splat': [0xfd13, 'f32 -> v128'],
  'f32x4.extract_lane': [0xfd1f, 'v128 -> f32', 'lane', 4],
  'f32x4.replace_lane': [0xfd20, 'v128 f32 -> v128', 'lane', 4],
  'f32x4.eq': [0xfd41, 'v128 v128 -> v128'],
  'f32x4.ne': [0xfd42, 'v128 v128 -> v128'],
  'f32x4.lt': [0xfd43, 'v128 v128 -> v128'],
  'f32x4.gt': [0xfd44, 'v128 v128 -> v128'],
  'f32x4.le': [0xfd45, 'v128 v128 -> v128'],
  'f32x4.ge': [0xfd46, 'v128 v128 -> v128'],
  'f32x4.floor': [0xfd68, 'v128 -> v128'],
  'f32x4.abs': [0xfde0, 'v128 -> v128'],
  'f32x4.neg': [0xfde1, 'v128 -> v128'],
  'f32x4.add': [0xfde4, 'v128 v128 -> v128'],
  'f32x4.sub': [0xfde5, 'v128 v128 -> v128'],
  'f32x4.mul': [0xfde6, 'v128 v128 -> v128'],
  'f32x4.min': [0xfde8, 'v128 v128 -> v128'],
  'f32x4.max': [0xfde9, 'v128 v128 -> v128'],
  'f32x4.pmin': [0xfdea, 'v128 v128 -> v128'],
  'f32x4.pmax': [0xfdeb, 'v128 v128 -> v128'],
} as const satisfies Readonly<Record<string, Row>>;

type Table = typeof rows;
type KindOf<R extends Row> = R extends readonly [number, string, infer K extends ImmediateKind, ...unknown[]]
  ? K
  : 'none';

export type InstructionName = keyof Table;

/** The types that an instruction takes and returns, as its row states them. */
export type SignatureOf<Name extends InstructionName> = Table[Name][1];

/** An instruction of the table, ready to be emitted. */
export interface WasmInstruction<Kind extends ImmediateKind = ImmediateKind> {
  /** The mnemonic of the text format, such as `i32x4.add`. */
  readonly name: string;
  /** The opcode in the binary format: one to three bytes. */
  readonly code: readonly number[];
  readonly params: readonly ValueType[];
  readonly results: readonly ValueType[];
  readonly immediate: Kind;
  /** Width of the memory access or of the lane in bytes, 0 where there is neither. */
  readonly bytes: number;
}

/**
 * The instructions of WebAssembly 2.0 that code of this project is made of, by mnemonic: a new one is a new row. The
 * functions that write them, their types and the text of a module are all derived from this table.
 */
export const instructions = Object.fromEntries(
  Object.entries(rows).map(([name, row]) => [name, toInstruction(name, row)]),
) as { readonly [N in InstructionName]: WasmInstruction<KindOf<Table[N]>> };

function toInstruction(
  name: string,
  [opcode, signature, immediate = 'none', bytes = 0]: Row,
): WasmInstruction {
  const [params = [], results = []] = signature
    .split('->')
    .map((side) => side.split(' ').filter((word): word is ValueType => word !== ''));
  return { name, code: toCode(opcode), params, results, immediate, bytes };
}

/** A prefixed opcode is the prefix and the number in LEB128. */
function toCode(opcode: number): number[] {
  if (opcode < 0x100) return [opcode];
  const number = opcode & 0xff;
  return number < 0x80 ? [opcode >> 8, number] : [opcode >> 8, number, 1];
}
