import type { CostClass, HwModel, OperationCost, Unit } from '../../hardware/index.ts';
import type { BoundKernel } from '../../image/index.ts';
import { operationNamed } from '../../isa/index.ts';
import { PlasticoreError } from '../../text/index.ts';
import type { ProgramMemory } from './program-memory.ts';

/** Operations that a piece of work performs, whatever they cost. */
export interface Demand {
  readonly class: CostClass;
  readonly arithmetic: 'integer' | 'float32';
  /** Of the operands. */
  readonly widthBits: number;
  readonly count: number;
}

/** What a unit of a lane performs. */
export type UnitCost = OperationCost & { readonly class: CostClass };

/** The operations of a slot of a kernel, grouped by class, arithmetic and width. */
export function demandsOf(
  bound: BoundKernel,
  widths: readonly number[],
  fields: ProgramMemory['fields'],
): Demand[] {
  const demands: Demand[] = [];
  const charge = (
    kind: CostClass,
    arithmetic: 'integer' | 'float32',
    widthBits: number,
    count: number,
  ): void => {
    addDemand(demands, { class: kind, arithmetic, widthBits, count });
  };
  for (const [line, { mnemonic, operands, arithmetic }] of bound.code.entries()) {
    const operation = operationNamed(mnemonic);
    const numbers = arithmetic === 'real' ? 'float32' : 'integer';
    for (const [kind, count] of Object.entries(operation.cost) as [CostClass, number][]) {
      // The generator draws words and logic passes bits, whatever they represent.
      if (kind === 'random') charge(kind, 'integer', 32, count);
      else if (kind === 'logic') charge(kind, 'integer', widths[line] ?? 32, count);
      else charge(kind, numbers, widths[line] ?? 32, count);
    }
    // The rounding adder of a view: on the read path of a sliced weight, or before the copy of a stored weight is
    // written.
    for (const operand of operands) {
      if (operand.is !== 'field') continue;
      const field = fields[operand.field];
      if (field === undefined) continue;
      const isLoad = operation.effect.does === 'load';
      const isSliced =
        isLoad && field.view !== undefined && field.layout === undefined && field.view.droppedBits > 0;
      if (isSliced && numbers === 'float32') charge('shift', 'float32', 32, 1);
      if ((isSliced && numbers === 'integer') || (!isLoad && field.storedView !== undefined)) {
        const width = field.view === undefined ? field.bits : (fields[field.view.of]?.bits ?? field.bits);
        charge('add', 'integer', width, 1);
        charge('compare', 'integer', width, 1);
      }
    }
  }
  return demands;
}

/** Adds to the operations of the same class, arithmetic and width. */
function addDemand<T extends Demand>(demands: T[], more: T): void {
  const same = demands.findIndex(
    (other) =>
      other.class === more.class &&
      other.arithmetic === more.arithmetic &&
      other.widthBits === more.widthBits,
  );
  const known = demands[same];
  if (known === undefined) demands.push(more);
  else demands[same] = { ...known, count: known.count + more.count };
}

/** What operations cost on a core, those together that its units do at the same width. */
export function pricedTogether(demands: readonly Demand[], hw: HwModel): UnitCost[] {
  const costs: UnitCost[] = [];
  for (const demand of demands) addDemand(costs, priced(demand, hw));
  return costs;
}

/** An operation at the narrowest width that a core's units of its class offer. */
export function priced({ class: kind, arithmetic, widthBits, count }: Demand, hw: HwModel): UnitCost {
  const unit = unitOf(kind, arithmetic, hw);
  return {
    class: kind,
    arithmetic,
    count,
    ...atWidth(unit.energyPj, widthBits),
    source: unit.sources.energyPj.name,
  };
}

/** The energy at the narrowest width of a table that holds so many bits. */
export function atWidth(
  energyPj: Readonly<Record<number, number>>,
  widthBits: number,
): { readonly widthBits: number; readonly energyPj: number } {
  let widest = 0;
  // Keys that are whole numbers are in ascending order.
  for (const key of Object.keys(energyPj)) {
    widest = Number(key);
    if (widest >= widthBits) break;
  }
  return { widthBits: widest, energyPj: energyPj[widest] ?? 0 };
}

export function unitOf(kind: CostClass, arithmetic: 'integer' | 'float32', hw: HwModel): Unit {
  const unit = hw.operations[arithmetic][kind];
  if (unit !== undefined) return unit;
  throw new PlasticoreError('fit', `hw-model '${hw.name}' has no ${arithmetic} unit for ${kind}`, {
    hint: `add operations.${arithmetic}.${kind} to it`,
  });
}

/** The trees that join the 16 partial sums of each reduce: 15 additions each. */
export function treeDemands(bound: BoundKernel, widths: readonly number[]): Demand[] {
  return bound.code.flatMap(({ mnemonic, arithmetic }, line): Demand[] =>
    operationNamed(mnemonic).effect.does === 'reduce'
      ? [
          {
            class: 'add',
            arithmetic: arithmetic === 'real' ? 'float32' : 'integer',
            widthBits: widths[line] ?? 32,
            count: 15,
          },
        ]
      : [],
  );
}

/**
 * A comparison for each slot of a scanned tile. A kernel scans all its gates whenever it runs, so each gate's share of
 * the scanned tiles is in proportion to its length.
 */
export function scanDemands(
  gates: readonly (number | undefined)[],
  fields: ProgramMemory['fields'],
  lanes: number,
): Demand[] {
  const scanned = gates.flatMap((index) => fields[index ?? -1] ?? []);
  const tilesOf = ({ count }: { readonly count: number }): number => Math.ceil(count / lanes);
  const tiles = scanned.reduce((sum, gate) => sum + tilesOf(gate), 0);
  return scanned.map(
    (gate): Demand => ({
      class: 'compare',
      arithmetic: gate.storage === 'float32' ? 'float32' : 'integer',
      widthBits: gate.bits,
      count: tilesOf(gate) / tiles,
    }),
  );
}
