import type { Effect, Operation } from './operation.ts';
import { arithmetic } from './operations/arithmetic.ts';
import { logic } from './operations/logic.ts';
import { machine } from './operations/machine.ts';
import { moves } from './operations/move.ts';
import { shifting } from './operations/shift.ts';

/**
 * The table of operations, a file for each group. The assembler, the disassembler, the analyses, both engines, the
 * cost model and the reference page derive from it. To add an operation, add a row to its group; the lane code needs a
 * method only for what it cannot compose of those that it has.
 */
export const operations: readonly Operation[] = [...moves, ...arithmetic, ...shifting, ...logic, ...machine];

const byMnemonic = new Map(operations.map((operation) => [operation.mnemonic, operation]));

/** The operation of a mnemonic, or undefined. */
export function findOperation(mnemonic: string): Operation | undefined {
  return byMnemonic.get(mnemonic);
}

/** The operation of a mnemonic that an assembler has already checked. */
export function operationNamed(mnemonic: string): Operation {
  const operation = byMnemonic.get(mnemonic);
  if (operation === undefined) throw new Error(`no operation '${mnemonic}'`);
  return operation;
}

/** Whether an instruction has an effect of a sort: loads, stores, emits, ... */
export function does({ mnemonic }: { readonly mnemonic: string }, what: Effect['does']): boolean {
  return operationNamed(mnemonic).effect.does === what;
}
