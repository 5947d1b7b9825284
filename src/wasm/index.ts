export {
  call,
  type Expressions,
  either,
  f32,
  f32x4,
  f64,
  i8x16,
  i16x8,
  i32,
  i32x4,
  i64,
  max,
  memory,
  min,
  select,
  v128,
} from './expressions.ts';
export { type BlockType, FunctionBuilder, type Label } from './function-builder.ts';
export type { Group } from './instruction-group.ts';
export { type Instruction, type InstructionName, instructions } from './instructions/table.ts';
export { count, forEachBit, forever, increase, whileBelow } from './loops.ts';
export { ModuleBuilder, type Params } from './module-builder.ts';
export { moduleText } from './module-text.ts';
export type { Preamble } from './preamble.ts';
export {
  type FunctionHandle,
  type FunctionType,
  type MemoryHandle,
  type MemoryLimits,
  type ValueType,
  vectorBits,
  vectorBytes,
} from './types.ts';
export {
  expression,
  type GlobalHandle,
  type I32,
  type Local,
  type Operand,
  Statement,
  Value,
} from './value.ts';
