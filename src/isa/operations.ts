import type { Effect, Operation } from './operation.ts';
import { arithmetic } from './operations/arithmetic.ts';
import { coreOperations } from './operations/core.ts';
import { logic } from './operations/logic.ts';
import { moves } from './operations/move.ts';
import { shifting } from './operations/shift.ts';

/**
 * The table of operations, one file per group. The assembler, the disassembler, the analyses, both engines, the cost
 * model and the reference page are derived from it. To add an operation, add a row to its group. The lane code needs a
 * new method only if its existing ones cannot compute the operation.
 */
export const operations: readonly Operation[] = [
  ...moves,
  ...arithmetic,
  ...shifting,
  ...logic,
  ...coreOperations,
];

const byMnemonic = new Map(operations.map((operation) => [operation.mnemonic, operation]));

/** The operation of a mnemonic, or undefined. */
export function findOperation(mnemonic: string): Operation | undefined {
  return byMnemonic.get(mnemonic);
}

/** The operation with a mnemonic as written and a number of operands, or undefined. */
export function operationWritten(mnemonic: string, operands: number): Operation | undefined {
  const other = operations.find((one) => one.written === mnemonic && one.operands.length === operands);
  return other ?? findOperation(mnemonic);
}

/** The operation of a mnemonic that an assembler has already checked. */
export function operationNamed(mnemonic: string): Operation {
  const operation = byMnemonic.get(mnemonic);
  if (operation === undefined) throw new Error(`no operation '${mnemonic}'`);
  return operation;
}

/** Whether an instruction has a given effect: loads, stores, emits, ... */
export function does({ mnemonic }: { readonly mnemonic: string }, what: Effect['does']): boolean {
  return operationNamed(mnemonic).effect.does === what;
}

/** Whether an operation reads the fields that it names; else it writes them. */
export function isRead({ effect }: Operation): boolean {
  return effect.does === 'load' || effect.does === 'correlate';
}
