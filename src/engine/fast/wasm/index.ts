export { type BlockType, FunctionBuilder, type Label } from './function-builder.ts';
export type { Group } from './instruction-group.ts';
export { type Instruction, type InstructionName, instructions } from './instructions/table.ts';
export { ModuleBuilder, type Params } from './module-builder.ts';
export type {
  FunctionHandle,
  FunctionType,
  GlobalHandle,
  Local,
  MemoryHandle,
  MemoryLimits,
  ValueType,
} from './types.ts';
