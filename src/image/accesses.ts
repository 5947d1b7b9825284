import { domainNamed, isRead, type Operation, operationNamed, type Role } from '../isa/index.ts';
import type { BankMap, Field, Layout, Population, ProgramView, Projection } from './image.ts';
import type { BoundKernel, ImageInstruction } from './lists.ts';
import { wordOf } from './memory.ts';

/** A kernel's accesses to one layout through one role. */
export interface StoredAccess {
  readonly role: Role;
  /** Index of the layout. */
  readonly layout: number;
  /**
   * `items`: the words in which the items of a tile lie. Of a field with positions, `own`: one word for each active
   * item, whose position no other may have; `all`: those of the tile's items at every position, in each tile anew
   * ({@link mostWordsOfTile}), or of the row's neuron once for the row.
   */
  readonly takes: 'items' | 'own' | 'all';
}

/** A field that code names. */
interface FieldUse {
  readonly role: Role;
  /** Its index; a weight and its view count as they are named. */
  readonly field: number;
  /** `reduce`: it takes the sum, or the largest value, of a row. */
  readonly does: 'read' | 'store' | 'reduce';
}

type Code = { readonly code: readonly Pick<ImageInstruction, 'mnemonic' | 'operands'>[] };

/** The fields that code names, as often as it does, in the order of the text. */
export function fieldUses({ code }: Code): FieldUse[] {
  return code.flatMap(({ mnemonic, operands }) => {
    const operation = operationNamed(mnemonic);
    const isReduce = operation.effect.does === 'reduce';
    const does = isRead(operation) ? 'read' : isReduce ? 'reduce' : 'store';
    return operands.flatMap((operand) =>
      operand.is === 'field' ? [{ role: operand.role, field: operand.field, does } as const] : [],
    );
  });
}

/** The line that gives a register the value that another line takes; undefined if none does. */
export function definitionOf<Line extends Code['code'][number]>(
  code: readonly Line[],
  line: number,
  register: number,
): Line | undefined {
  return code.slice(0, line).findLast(({ mnemonic, operands: [target] }) => {
    const isResult = operationNamed(mnemonic).operands[0] === 'result';
    return isResult && target?.is === 'register' && target.register === register;
  });
}

/** The fields that code changes, each once. */
export function writtenFields(code: Code): number[] {
  return [...new Set(fieldUses(code).flatMap(({ field, does }) => (does === 'read' ? [] : [field])))];
}

type FieldPlace = Pick<Field, 'layout' | 'view' | 'storedView'>;

/** The field whose bits a load reads: the field itself, or the shadow of a view that is not stored. */
export function loadedField<F extends FieldPlace>(fields: readonly F[], index: number): F {
  const field = fields[index];
  if (field === undefined) throw new Error(`no field ${index}`);
  return field.layout === undefined && field.view !== undefined ? loadedField(fields, field.view.of) : field;
}

/** The layouts that a kernel reads, each once per role, and once for each own position, in text order. */
export function loadsOf(kernel: BoundKernel, fields: readonly FieldPlace[]): StoredAccess[] {
  const found: StoredAccess[] = [];
  for (const line of kernel.code) {
    const takes = takesOf(operationNamed(line.mnemonic));
    for (const { role, field, does } of fieldUses({ code: [line] }))
      if (does === 'read') add(found, role, loadedField(fields, field), takes);
  }
  return found;
}

/** The words that an operation takes of the layouts of its fields. */
export function takesOf({ effect }: Operation): StoredAccess['takes'] {
  if (effect.does === 'correlate') return 'all';
  return 'at' in effect ? 'own' : 'items';
}

/**
 * The layouts that a kernel writes, each once per role; a store of a shadow weight also writes its stored view.
 *
 * A write is partial if it may skip an item of a word (a column gate may disable items; a kernel over one neuron or
 * synapse and a reduce write one item; segments, and the first columns alone, end anywhere in a word; by columns, a
 * word is met once for each of its tiles), or a field of an item's record. In a bank without a bit mask, a partial
 * write reads the word first, unless the kernel has read it anyway.
 */
export function storesOf(
  kernel: BoundKernel,
  memory: {
    readonly fields: readonly (FieldPlace & Pick<Field, 'bits' | 'perWord'>)[];
    readonly layouts: readonly Layout[];
    readonly banks: readonly Pick<BankMap, 'bitMask'>[];
    readonly projections: readonly Projection[];
    readonly populations: readonly Pick<Population, 'size'>[];
  },
): (StoredAccess & { readonly readsFirst: boolean })[] {
  const found: StoredAccess[] = [];
  const singles = new Set<number>();
  const { columnGate, columns, domain, order } = kernel;
  const projection = memory.projections[kernel.projection ?? -1];
  const isCut = projection !== undefined && domain !== 'weights' && !isDense(memory, projection);
  const isPart = columns !== undefined || order === 'columns' || isCut;
  const mayLeaveItems = columnGate !== undefined || domainNamed(domain).single || isPart;
  const writtenBits = new Map<number, number>();
  for (const { mnemonic, operands } of kernel.code) {
    const operation = operationNamed(mnemonic);
    const { does } = operation.effect;
    const takes = takesOf(operation);
    if (does !== 'store' && does !== 'reduce') continue;
    for (const operand of operands) {
      if (operand.is !== 'field') continue;
      const field = memory.fields[operand.field];
      const view = field?.storedView === undefined ? undefined : memory.fields[field.storedView];
      for (const written of [field, view]) {
        if (written?.layout === undefined) continue;
        add(found, operand.role, written, takes);
        writtenBits.set(written.layout, (writtenBits.get(written.layout) ?? 0) + written.bits);
        if (mayLeaveItems || does === 'reduce' || takes === 'own') singles.add(written.layout);
      }
    }
  }
  const loads = loadsOf(kernel, memory.fields);
  return found.map((store) => {
    // What has been read at a position may be another word.
    const isLoaded =
      store.takes === 'items' &&
      loads.some((load) => load.role === store.role && load.layout === store.layout);
    const layout = memory.layouts[store.layout];
    if (layout === undefined) throw new Error(`no layout ${store.layout}`);
    const leavesItems = singles.has(store.layout) && layout.itemsPerWord > 1;
    const keptOnce = memory.fields.filter((field) => field.layout === store.layout && field.perWord);
    const fieldBits = keptOnce.reduce((sum, { bits }) => sum + bits, layout.itemBits);
    const leavesFields = (writtenBits.get(store.layout) ?? 0) < fieldBits;
    const hasMask = memory.banks[layout.bank]?.bitMask !== false;
    return { ...store, readsFirst: (leavesItems || leavesFields) && !isLoaded && !hasMask };
  });
}

/** The most words in which the items of a tile lie, at one position of a field of neurons. */
export function mostWordsOfTile(
  { domain }: Pick<BoundKernel, 'domain'>,
  layout: Layout,
  lanes: number,
): number {
  if (domainNamed(domain).single) return 1;
  let most = 1;
  for (let first = 0; first < layout.rowLength; first += lanes) {
    const last = Math.min(first + lanes, layout.rowLength) - 1;
    most = Math.max(most, wordOf(layout, last) - wordOf(layout, first) + 1);
  }
  return most;
}

/** The layout of a sparse projection's index, which a kernel reads row by row; undefined if it has none. */
export function indexLayoutOf(
  { domain, projection }: Pick<BoundKernel, 'domain' | 'projection'>,
  {
    projections,
    fields,
  }: { readonly projections: readonly Projection[]; readonly fields: readonly FieldPlace[] },
): number | undefined {
  const { index } = projections[projection ?? -1] ?? {};
  return index === undefined || domain === 'weights' ? undefined : fields[index.target]?.layout;
}

/** Whether every row of a projection is one segment onto all neurons, with its own weights. */
export function isDense(
  { populations }: { readonly populations: readonly Pick<Population, 'size'>[] },
  { segments, target, weightRowLength, index }: Projection,
): boolean {
  if (index !== undefined) return false;
  const size = populations[target]?.size ?? 0;
  const { rowStart, firstWeight, firstPost, length } = segments;
  if (weightRowLength !== size || length.length !== rowStart.length - 1) return false;
  return length.every(
    (count, row) =>
      rowStart[row] === row && count === size && firstPost[row] === 0 && firstWeight[row] === row * size,
  );
}

function add(found: StoredAccess[], role: Role, field: FieldPlace, takes: StoredAccess['takes']): void {
  const { layout } = field;
  if (layout === undefined) return;
  const isFound =
    takes !== 'own' &&
    found.some((access) => access.role === role && access.layout === layout && access.takes === takes);
  if (!isFound) found.push({ role, layout, takes });
}

/** The population of a kernel's items, or of its synapses' targets. Spikes that the kernel emits are its spikes. */
export function emittingPopulation(image: Pick<ProgramView, 'projections'>, kernel: BoundKernel): number {
  const population = kernel.population ?? image.projections[kernel.projection ?? -1]?.target;
  if (population === undefined) throw new Error(`kernel ${kernel.name} is bound to nothing`);
  return population;
}

/** Side effects of a kernel besides computing and storing, for which engines and controllers must provide. */
export interface KernelFacts {
  /** How many instructions step the lanes' generators: each steps once for every visited tile. */
  readonly draws: number;
  /** The declared generators that it draws from, one for each such instruction, in text order. */
  readonly drawsFrom: readonly number[];
  /** Whether it emits spikes, to the FIFO or to a controller. */
  readonly emits: boolean;
  /** Whether its spikes carry a value. */
  readonly sends: boolean;
  /** Whether it takes the value that a spike carries. */
  readonly takesValue: boolean;
  /** Whether it sums over rows. */
  readonly reduces: boolean;
  /** Whether it tests if any item of a tile is set. */
  readonly asksAny: boolean;
  /** Whether it names positions of fields. */
  readonly namesPositions: boolean;
}

/** Facts follow from a kernel's code. They are not stored in the image, where they could contradict it. */
export function factsOf({ code }: Code): KernelFacts {
  const operations = code.map(({ mnemonic }) => operationNamed(mnemonic));
  const does = (what: 'emit' | 'reduce' | 'any'): boolean =>
    operations.some(({ effect }) => effect.does === what);
  return {
    draws: operations.filter(({ draws }) => draws).length,
    drawsFrom: code.flatMap(({ operands }) =>
      operands.flatMap((operand) => (operand.is === 'generator' ? [operand.generator] : [])),
    ),
    emits: does('emit'),
    sends: operations.some(({ effect }) => effect.does === 'emit' && effect.sends),
    takesValue: code.some(({ operands }) => operands.some(({ is }) => is === 'payload')),
    reduces: does('reduce'),
    asksAny: does('any'),
    namesPositions: operations.some((operation) => takesOf(operation) !== 'items'),
  };
}
