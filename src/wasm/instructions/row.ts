import type { ValueType } from '../types.ts';

/**
 * What follows an opcode in the code. `memory` and `memoryLane` are an alignment and an offset (and a lane); the value
 * types are constants; `oneMemory` and `twoMemories` are indices of memories, always 0.
 */
export type ImmediateKind =
  | 'none'
  | 'i32'
  | 'i64'
  | 'f32'
  | 'f64'
  | 'v128'
  | 'memory'
  | 'memoryLane'
  | 'lane'
  | 'shuffle'
  | 'oneMemory'
  | 'twoMemories'
  | 'block'
  | 'label'
  | 'labels'
  | 'function'
  | 'local'
  | 'global';

type Params = '' | `${ValueType} ` | `${ValueType} ${ValueType} ` | `${ValueType} ${ValueType} ${ValueType} `;

/** Types of the operands that an instruction takes (topmost last) and of the result that it leaves. */
export type Signature = `${Params}->${'' | ` ${ValueType}`}`;

/**
 * A row of the table of instructions. `opcode` is one byte, or a prefix byte and a number below 256 (0xfd6e is 0x6e
 * after the SIMD prefix 0xfd). `bytes` is the width of a memory access or of a lane. Relaxed SIMD starts at number 256
 * and cannot be written: Node 20 does not run it.
 */
export type Row = readonly [opcode: number, signature: Signature, immediate?: ImmediateKind, bytes?: number];

export type Rows = Readonly<Record<string, Row>>;
