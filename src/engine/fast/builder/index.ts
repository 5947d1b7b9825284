export { type BlockType, FunctionBuilder, type Label } from './function-builder.ts';
export { addTo, addToCounter, sumOf, whileLess } from './idioms.ts';
export type { Group } from './instruction-group.ts';
export { type Instruction, type InstructionName, instructions } from './instructions/table.ts';
export { ModuleBuilder, type Params } from './module-builder.ts';
export {
  type FunctionHandle,
  type FunctionType,
  type GlobalHandle,
  type Local,
  type MemoryHandle,
  type MemoryLimits,
  type ValueType,
  vectorBits,
  vectorBytes,
} from './types.ts';
