import type { CostClass } from '../hardware/index.ts';
import {
  type BoundKernel,
  factsOf,
  type ImageInstruction,
  indexLayoutOf,
  loadedField,
  loadsOf,
  type StoredAccess,
  storesOf,
  takesOf,
} from '../image/index.ts';
import { forward, isRead, operationNamed } from '../isa/index.ts';
import { at } from '../text/index.ts';
import { pipelinedRowsAreApart, type Return, returnsOf } from './returns.ts';
import { type PipelineView, wordsPerTile } from './tiles.ts';

/** Operations that an instruction asks of a lane's units. */
export interface UnitDemand {
  readonly class: CostClass;
  readonly arithmetic: 'integer' | 'float32';
  /** Of the operands; undefined where it is that of the instruction's operands. */
  readonly widthBits: number | undefined;
  readonly count: number;
}

/** Words of a layout that each tile of a kernel moves through a role, or each row for those of `pre`. */
export interface PortDemand extends StoredAccess {
  /** Index of the bank. */
  readonly bank: number;
  /** The most words that a tile touches. */
  readonly words: number;
}

/** The source of a line's draws: a declared generator by its index, or the lanes' own. */
export type DrawSource = number | 'of the lanes';

/** A line of a kernel, as the pipeline sees it. */
interface LineDemand {
  readonly units: readonly UnitDemand[];
  /** The lines whose results it takes. */
  readonly sources: readonly number[];
  readonly drawsFrom: DrawSource | undefined;
  /** Of a load: which of the tile's loads bring its words; none for what comes from no bank, or with the row. */
  readonly loads: readonly number[];
  /** Whether it takes one position after the other, as their words come. */
  readonly streams: boolean;
}

/** The demands of a kernel on units and ports, whatever a core has of them. */
export interface PipelineDemand {
  readonly lines: readonly LineDemand[];
  readonly loads: readonly PortDemand[];
  readonly rowLoads: readonly PortDemand[];
  readonly stores: readonly PortDemand[];
  readonly rowStores: readonly PortDemand[];
  /** The bank with the targets of the rows, where they are listed; the next ones are read while tiles enter. */
  readonly indexBank: number | undefined;
  /** What rows come back to after they have stored it. */
  readonly returns: readonly Return[];
  /** Whether no row comes back to what another has stored. */
  readonly rowsAreApart: boolean;
  /** Whether it emits spikes, for which it may have to wait. */
  readonly emits: boolean;
}

type Fields = PipelineView['fields'];

/** @param lanes of the core */
export function pipelineDemand(kernel: BoundKernel, program: PipelineView, lanes: number): PipelineDemand {
  const access = (stored: StoredAccess): PortDemand => {
    const layout = at(program.layouts, stored.layout);
    return { ...stored, bank: layout.bank, words: wordsPerTile(kernel, stored, layout, program, lanes) };
  };
  const stores = storesOf(kernel, program);
  // A partial write reads its word first where the bank has no bit mask.
  const reads = [...loadsOf(kernel, program.fields), ...stores.filter(({ readsFirst }) => readsFirst)];
  // By columns, each tile is that of another row.
  const isOfRow = ({ role, takes }: StoredAccess): boolean =>
    role === 'pre' && takes !== 'own' && kernel.order !== 'columns';
  const isOfTile = (stored: StoredAccess): boolean => !isOfRow(stored);
  const loads = reads.filter(isOfTile).map(access);
  const index = indexLayoutOf(kernel, program);
  const taken = new Set<number>();
  return {
    lines: forward<ImageInstruction, LineDemand>(kernel.code, ({ instruction, operation, sources }) => ({
      units: unitDemands(instruction, program.fields),
      sources: sources.flatMap(({ definition }) => definition ?? []),
      drawsFrom: operation.draws ? 'of the lanes' : declaredGenerator(instruction),
      loads: loadsFor(instruction, loads, program.fields, taken),
      streams: operation.effect.does === 'correlate',
    })),
    loads,
    rowLoads: reads.filter(isOfRow).map(access),
    stores: stores.filter(isOfTile).map(access),
    rowStores: stores.filter(isOfRow).map(access),
    indexBank: index === undefined ? undefined : at(program.layouts, index).bank,
    returns: returnsOf(kernel, stores, program, lanes),
    rowsAreApart: pipelinedRowsAreApart(kernel, stores, program),
    emits: factsOf(kernel).emits,
  };
}

/** The operations of an instruction, with the rounding adder of a view that it loads or stores. */
export function unitDemands(
  { mnemonic, operands, arithmetic }: ImageInstruction,
  fields: Fields,
): UnitDemand[] {
  const { cost, effect } = operationNamed(mnemonic);
  const [, chosen] = operands;
  // A unit of a lane takes one position after the other.
  const times =
    effect.does === 'correlate' && chosen?.is === 'field' ? (at(fields, chosen.field).positions ?? 1) : 1;
  const numbers = arithmetic === 'real' ? 'float32' : 'integer';
  const demands = (Object.entries(cost) as [CostClass, number][]).map(([kind, each]): UnitDemand => {
    const count = each * times;
    // The generator draws words and logic passes bits, whatever they represent.
    const isOfBits = kind === 'random' || kind === 'logic';
    const widthBits = kind === 'random' ? 32 : undefined;
    return { class: kind, arithmetic: isOfBits ? 'integer' : numbers, widthBits, count };
  });
  const isLoad = effect.does === 'load' || effect.does === 'correlate';
  for (const operand of operands) {
    if (operand.is !== 'field') continue;
    const field = at(fields, operand.field);
    // On the read path of a sliced weight, or before the copy of a stored weight is written.
    const isSliced =
      isLoad && field.view !== undefined && field.layout === undefined && field.view.droppedBits > 0;
    if (isSliced && numbers === 'float32')
      demands.push({ class: 'shift', arithmetic: 'float32', widthBits: 32, count: 1 });
    if ((isSliced && numbers === 'integer') || (!isLoad && field.storedView !== undefined)) {
      const widthBits = field.view === undefined ? field.bits : at(fields, field.view.of).bits;
      demands.push({ class: 'add', arithmetic: 'integer', widthBits, count: 1 });
      demands.push({ class: 'compare', arithmetic: 'integer', widthBits, count: 1 });
    }
  }
  return demands;
}

function declaredGenerator({ operands }: ImageInstruction): number | undefined {
  const [declared] = operands.flatMap((operand) => (operand.is === 'generator' ? [operand.generator] : []));
  return declared;
}

/** @param taken the loads of an own position that earlier lines have; added to */
function loadsFor(
  { mnemonic, operands }: ImageInstruction,
  loads: readonly PortDemand[],
  fields: Fields,
  taken: Set<number>,
): number[] {
  const operation = operationNamed(mnemonic);
  if (!isRead(operation)) return [];
  const takes = takesOf(operation);
  return operands.flatMap((operand) => {
    if (operand.is !== 'field') return [];
    const { layout } = loadedField(fields, operand.field);
    const load = loads.findIndex(
      (access, index) =>
        access.role === operand.role &&
        access.layout === layout &&
        access.takes === takes &&
        !taken.has(index),
    );
    if (load >= 0 && takes === 'own') taken.add(load);
    return load >= 0 ? [load] : [];
  });
}
