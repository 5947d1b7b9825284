export {
  call,
  either,
  f32,
  f32x4,
  f64,
  i8x16,
  i16x8,
  i32,
  i32x4,
  i64,
  i64x2,
  max,
  memory,
  min,
  select,
  v128,
} from './expressions.ts';
export {
  addToCounter,
  FunctionBuilder,
  forEachBit,
  forever,
  increase,
  whileBelow,
} from './function-builder.ts';
export { ModuleBuilder } from './module-builder.ts';
export { moduleText } from './module-text.ts';
export type { Preamble } from './preamble.ts';
export { type FunctionHandle, type ValueType, vectorBits, vectorBytes } from './types.ts';
export { expression, type I32, type Local, type Statement, Value } from './value.ts';
