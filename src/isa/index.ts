/** The instruction set: the table of operations, its integer semantics, the assembler and the analyses. */
export * from './arithmetic.ts';
export { assemble, readKernels } from './assembler.ts';
export {
  findDefinitions,
  findReaders,
  forward,
  type SourceOperand,
} from './dataflow.ts';
export { describeLine, disassemble, formatField, formatHeader, formatInstruction } from './disassembler.ts';
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
export type { Comparison, LaneCode } from './lowering.ts';
export type { Compute, LaneFunction, NumberKind, Operation } from './operation.ts';
export { operationWords } from './operation-words.ts';
export { does, findOperation, isRead, operationNamed, operations } from './operations.ts';
export { registerRange } from './range-rules.ts';
export { analyseRanges, type InstructionRange, joinRanges, type RangeEnvironment } from './ranges.ts';
export { referencePage } from './reference-page.ts';
export {
  bitsFor,
  clampedBetween,
  corners,
  join,
  type ValueRange,
  valueRange,
} from './value-range.ts';
export { checkPredicates, findVariations, type Variation } from './variation.ts';
