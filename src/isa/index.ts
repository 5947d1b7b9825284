/** The instruction set: the table of operations, its integer semantics, the assembler and the analyses. */

export type { Comparison, LaneCode } from './arithmetic.ts';
export * from './arithmetic.ts';
export { assemble, readKernels } from './assembler.ts';
export {
  checkPredicates,
  findDefinitions,
  findReaders,
  findVariations,
  forward,
  type SourceOperand,
  type Variation,
} from './dataflow.ts';
export {
  describeLine,
  disassemble,
  formatField,
  formatHeader,
  formatInstruction,
} from './instruction-text.ts';
export {
  type Domain,
  type DomainName,
  domainNamed,
  domains,
  eventScalars,
  type FieldName,
  hostScalars,
  type Instruction,
  indexField,
  type Kernel,
  neuronAlias,
  type Operand,
  type Role,
  registerCount,
  roleMeanings,
  valueField,
} from './kernel.ts';
export { inferKinds } from './kinds.ts';
export type { Compute, LaneFunction, NumberKind, Operation } from './operation.ts';
export { operationWords } from './operation.ts';
export { does, findOperation, isRead, operationNamed, operations } from './operations.ts';
export { registerRange } from './range-rules.ts';
export { analyseRanges, type InstructionRange, joinRanges, type RangeEnvironment } from './ranges.ts';
export {
  bitsFor,
  clampedBetween,
  contains,
  corners,
  join,
  type ValueRange,
  valueRange,
} from './value-range.ts';
