import { at } from '../text/index.ts';
import type { LoweredKernel, MicroOperation, Saturation, ValueSource } from './operation.ts';
import { draws, sourcesOf } from './operation.ts';

/**
 * Fewer operations that do the same: what only passes a value on rides on the operation that computes it, a product
 * that is only shifted is shifted in one go, and what nobody reads is left out.
 */
export function fused(
  operations: readonly MicroOperation[],
  loads: LoweredKernel['loads'],
): Pick<LoweredKernel, 'operations' | 'loads'> {
  const found: (MicroOperation | undefined)[] = [...operations];
  for (const index of found.keys()) {
    ride(found, index);
    multiply(found, index);
  }
  for (let index = found.length - 1; index >= 0; index--) {
    const operation = found[index];
    if (operation !== undefined && !isUseful(operation) && readersOf(found, index).length === 0)
      found[index] = undefined;
  }
  return renumbered(found, loads);
}

type Operations = (MicroOperation | undefined)[];

function isUseful(operation: MicroOperation): boolean {
  const { store, emits, sum } = operation;
  return store !== undefined || emits || sum !== undefined || draws(operation);
}

/** The indices of the operations that read a result. */
function readersOf(operations: Operations, index: number): number[] {
  const reads = (source: ValueSource): boolean => source.is === 'result' && source.operation === index;
  return [...operations.keys()].filter((reader) => {
    const operation = operations[reader];
    return operation !== undefined && sourcesOf(operation).some(reads);
  });
}

/** Lets what passes a value on ride on the operation that computes it. */
function ride(operations: Operations, index: number): void {
  const rider = operations[index];
  if (rider?.does !== 'pass' || rider.takesLong || rider.a.is !== 'result') return;
  const carrier = operations[rider.a.operation];
  if (carrier === undefined) return;
  // All readers of the carrier would see what fits; a spike and a sum take what did not have to fit yet. A lane
  // saturates the adder's exact result, so that one that may wrap comes to a register first.
  const isAlone =
    readersOf(operations, rider.a.operation).length === 1 && !carrier.emits && carrier.sum === undefined;
  if (
    rider.fit !== undefined &&
    (carrier.mayWrap || !isWithin(carrier.fit, rider.fit) || carrier.store !== undefined || !isAlone)
  )
    return;
  if (rider.store !== undefined && carrier.store !== undefined) return;
  if (rider.sum !== undefined && carrier.sum !== undefined) return;
  const { operation } = rider.a;
  operations[operation] = {
    ...carrier,
    fit: rider.fit ?? carrier.fit,
    store: rider.store ?? carrier.store,
    emits: rider.emits || carrier.emits,
    sum: rider.sum ?? carrier.sum,
  };
  operations[index] = undefined;
  redirect(operations, index, { is: 'result', operation });
}

/** Whether what is saturated to a range, and then to one within it, may be saturated to the latter at once. */
function isWithin(outer: Saturation | undefined, { to, bits }: Saturation): boolean {
  if (outer === undefined) return true;
  return outer.to === 'signed' && bits <= (to === 'unsigned' ? outer.bits - 1 : outer.bits);
}

/** Shifts a product as it is made, where nobody else reads it. */
function multiply(operations: Operations, index: number): void {
  const shift = operations[index];
  if (
    shift?.does !== 'shift' ||
    shift.b !== undefined ||
    shift.ofRandom ||
    shift.unsigned ||
    shift.a.is !== 'result'
  )
    return;
  const product = operations[shift.a.operation];
  if (product?.does !== 'shift' || product.b === undefined || product.fit !== undefined || isUseful(product))
    return;
  if (product.amount?.is !== 'number' || product.amount.value !== 0) return;
  if (readersOf(operations, shift.a.operation).length > 1) return;
  operations[shift.a.operation] = undefined;
  operations[index] = { ...shift, a: product.a, b: product.b };
}

function redirect(operations: Operations, from: number, to: ValueSource): void {
  const moved = (source: ValueSource): ValueSource =>
    source.is === 'result' && source.operation === from ? to : source;
  for (const [index, operation] of operations.entries()) {
    if (operation === undefined) continue;
    operations[index] = mapped(operation, moved);
  }
}

function mapped(operation: MicroOperation, map: (source: ValueSource) => ValueSource): MicroOperation {
  const { a, b, predicate } = operation;
  return { ...operation, a: map(a), b: b && map(b), predicate: predicate && map(predicate) };
}

/** Operations and loads that are left, by new numbers. */
function renumbered(
  operations: Operations,
  loads: LoweredKernel['loads'],
): Pick<LoweredKernel, 'operations' | 'loads'> {
  const left = operations.flatMap((operation, index) =>
    operation === undefined ? [] : [{ operation, index }],
  );
  const numbers = new Map(left.map(({ index }, number) => [index, number]));
  const read = new Set(
    left.flatMap(({ operation }) =>
      sourcesOf(operation).flatMap((source) => (source.is === 'load' ? source.load : [])),
    ),
  );
  const leftLoads = [...loads.keys()].filter((load) => read.has(load));
  return {
    operations: left.map(({ operation }) =>
      mapped(operation, (source) => {
        if (source.is === 'result') return { ...source, operation: numbers.get(source.operation) ?? -1 };
        return source.is === 'load' ? { ...source, load: leftLoads.indexOf(source.load) } : source;
      }),
    ),
    loads: leftLoads.map((load) => at(loads, load)),
  };
}
