import {
  type BoundKernel,
  type CoreImage,
  type Field,
  fitToField,
  layoutOf,
  loadedField,
  type Memory,
  mostWordsOfTile,
  storeRule,
  valuesFor,
  type WorkTally,
  wordOf,
} from '../../image/index.ts';
import { type Role, registerRange, weightView } from '../../isa/index.ts';
import { addAt, at, inLane, isSet } from '../../text/index.ts';
import { failNaN, type NaNPlace } from '../checks.ts';
import { partialSums } from '../state.ts';
import type { Tile } from './generator.ts';
import { type RegisterValues, sliced, type TileStep, type WorkWatch } from './stored-fields.ts';
import { KernelWords } from './words.ts';

/** Moves the items of a tile between a kernel's registers and the banks. Words are counted as they are touched. */
export class TilePorts {
  readonly #kernel: BoundKernel;
  readonly #image: CoreImage;
  readonly #memory: Memory;
  readonly #counter: WorkTally;
  readonly #where: () => Pick<NaNPlace, 'sample' | 'step'>;
  readonly #watch: WorkWatch | undefined;
  readonly #words: KernelWords;
  /** What each reduce has of the pass, and what it begins with. */
  readonly #partials: { readonly partials: RegisterValues; readonly none: number }[] = [];

  /** @param where tells sample and step, for error messages */
  constructor(
    kernel: BoundKernel,
    image: CoreImage,
    memory: Memory,
    counter: WorkTally,
    where: () => Pick<NaNPlace, 'sample' | 'step'>,
    watch?: WorkWatch,
  ) {
    this.#kernel = kernel;
    this.#image = image;
    this.#memory = memory;
    this.#counter = counter;
    this.#where = where;
    this.#watch = watch;
    this.#words = new KernelWords(kernel, image, counter, watch);
  }

  /** Starts a pass: nothing is summed, and no word has been touched yet. An error may have ended the pass before. */
  startPass(): void {
    for (const { partials, none } of this.#partials) partials.fill(none);
    this.#words.startPass();
  }

  startSegment(): void {
    this.#words.startSegment();
  }

  /** Loads a field's items into `result`. A view that is not stored is computed from the shadow weights. */
  reader(role: Role, index: number, result: RegisterValues): TileStep {
    const named = at(this.#image.fields, index);
    const field = loadedField(this.#image.fields, index);
    const access = this.#memory.access(this.#image, field);
    const { words } = this.#words.of('read', role, field);
    const slice = sliced(named, field);
    if (role === 'pre') {
      const convert = slice ?? ((value: number) => value);
      // By columns, each tile is that of another row.
      const turn = this.#kernel.order === 'columns' ? 'tile' : 'row';
      return ({ pre, from, to }) => {
        words.read(pre, 1, turn);
        fill(result, convert(access.read(pre)), from, to);
      };
    }
    return (tile) => {
      const { from, to } = tile;
      const first = itemIn(tile, role, from);
      words.read(first, to - from, 'tile');
      access.readRun(first, to - from, result, from);
      if (slice === undefined) return;
      for (let lane = from; lane < to; lane++) result[lane] = slice(inLane(result, lane));
    };
  }

  /** Loads, for each active item, the number at its own position. */
  readerAt(role: Role, index: number, positions: RegisterValues, result: RegisterValues): TileStep {
    const field = at(this.#image.fields, index);
    const layout = layoutOf(this.#image, field);
    const access = this.#memory.access(this.#image, field);
    return (tile) => {
      for (let lane = tile.from; lane < tile.to; lane++) {
        if (!isSet(tile.active, lane)) continue;
        const item = inLane(positions, lane) * layout.rowLength + itemIn(tile, role, lane);
        result[lane] = access.read(item);
        this.#words.readItem(layout, item, 'tile');
      }
    };
  }

  /** Stores, for each active item, a value at its own position. */
  writerAt(role: Role, index: number, values: RegisterValues, positions: RegisterValues): TileStep {
    const field = at(this.#image.fields, index);
    const layout = layoutOf(this.#image, field);
    const access = this.#memory.access(this.#image, field);
    const toField = fitToField(field);
    const readsFirst = this.#words.readsFirst(role, field);
    return (tile) => {
      if (field.storage === 'float32') this.#refuseNaN(field, role, values, tile);
      for (let lane = tile.from; lane < tile.to; lane++) {
        if (!isSet(tile.active, lane)) continue;
        const item = inLane(positions, lane) * layout.rowLength + itemIn(tile, role, lane);
        if (readsFirst) this.#words.readItem(layout, item, 'write');
        addAt(this.#counter.writes, layout.bank, 1);
        access.write(item, toField(inLane(values, lane)));
        this.#watch?.wrote(index, item, 1);
      }
    };
  }

  /**
   * For each item, the sum of the numbers at some positions of a field: those from which the flags at a distance are
   * set. All positions of both fields are loaded, whatever they hold.
   */
  correlator(
    flags: { readonly role: Role; readonly field: number },
    values: { readonly role: Role; readonly field: number },
    distances: RegisterValues,
    result: RegisterValues,
  ): TileStep {
    const chosen = this.#allPositions(flags);
    const summed = this.#allPositions(values);
    return (tile) => {
      chosen.count(tile);
      summed.count(tile);
      for (let lane = tile.from; lane < tile.to; lane++) {
        // The result may go into the register of the distance.
        const distance = inLane(distances, lane);
        result[lane] = 0;
        for (let position = 0; position < chosen.positions; position++) {
          const other = position - distance;
          if (other < 0 || other >= summed.positions || chosen.read(tile, lane, position) === 0) continue;
          result[lane] = inLane(result, lane) + summed.read(tile, lane, other);
        }
      }
    };
  }

  #allPositions({ role, field: index }: { readonly role: Role; readonly field: number }) {
    const field = at(this.#image.fields, index);
    const layout = layoutOf(this.#image, field);
    const access = this.#memory.access(this.#image, field);
    const ofTile = layout.rows * mostWordsOfTile(this.#kernel, layout, this.#image.core.lanes);
    const { words: touched, isShared: isCounted } = this.#words.of('read', role, field, 'all');
    return {
      positions: layout.rows,
      read: (tile: Tile, lane: number, position: number): number =>
        access.read(position * layout.rowLength + itemIn(tile, role, lane)),
      /** The words of the row's neuron once for the row, those of the tile's neurons in each tile. */
      count: (tile: Tile): void => {
        const first = itemIn(tile, role, tile.from);
        const last = role === 'pre' ? first : itemIn(tile, role, tile.to - 1);
        const isOfRow = role === 'pre';
        if (isOfRow ? touched.touch(first, 1) === 0 : isCounted) return;
        addAt(this.#counter.reads, layout.bank, isOfRow ? layout.rows : ofTile);
        for (let position = 0; position < layout.rows; position++) {
          const word = layout.firstWord + position * layout.wordsPerRow + wordOf(layout, first);
          const words = wordOf(layout, last) - wordOf(layout, first) + 1;
          this.#watch?.read(layout.bank, word, words, isOfRow ? 'row' : 'tile');
        }
      },
    };
  }

  /** Stores the active lanes' values, saturated or wrapped as the field declares, and a shadow weight's stored view. */
  writer(role: Role, index: number, values: RegisterValues): TileStep {
    const field = at(this.#image.fields, index);
    const rule = storeRule(field);
    const stored = valuesFor(field, values.length);
    const write = this.#writer(role, index, stored);
    const writeView =
      field.storedView === undefined ? undefined : this.#viewWriter(role, field.storedView, stored);
    return (tile) => {
      rule(values, stored, tile.from, tile.to);
      if (field.storage === 'float32') this.#refuseNaN(field, role, stored, tile);
      write(tile);
      writeView?.(tile);
    };
  }

  #viewWriter(role: Role, index: number, shadows: RegisterValues): TileStep {
    const view = at(this.#image.fields, index);
    const toView = weightView(viewOf(view).droppedBits, view.bits);
    const weights = new Int32Array(shadows.length);
    const write = this.#writer(role, index, weights);
    return (tile) => {
      for (let lane = tile.from; lane < tile.to; lane++) weights[lane] = toView(inLane(shadows, lane));
      write(tile);
    };
  }

  #writer(role: Role, index: number, values: RegisterValues): TileStep {
    const field = at(this.#image.fields, index);
    const access = this.#memory.access(this.#image, field);
    const { words } = this.#words.of('write', role, field);
    return (tile) => {
      const { from, to, active } = tile;
      const first = itemIn(tile, role, from);
      words.write(first, to - from);
      access.writeRun(first, to - from, values, from, active);
      this.#watch?.wrote(index, first, to - from, active, from);
    };
  }

  /**
   * Sums the active lanes' values over a pass, or finds the largest. At the end, the result overwrites the field of the
   * pre-synaptic neuron. A tree joins the partial results, so the order of float additions does not depend on the
   * number of lanes.
   */
  reducer(
    index: number,
    values: RegisterValues,
    joins: 'sum' | 'largest',
  ): { readonly add: TileStep; readonly finish: TileStep } {
    const field = at(this.#image.fields, index);
    const access = this.#memory.access(this.#image, field);
    const toField = fitToField(field);
    // Reduces into one record share its word, which counts once per row.
    const { words } = this.#words.of('write', 'pre', field);
    const partials = valuesFor(field, partialSums);
    const lowest = field.storage === 'float32' ? Number.NEGATIVE_INFINITY : registerRange.low;
    const none = joins === 'sum' ? 0 : lowest;
    const join = joins === 'sum' ? (a: number, b: number) => a + b : Math.max;
    this.#partials.push({ partials, none });
    return {
      add: (tile) => {
        for (let lane = tile.from; lane < tile.to; lane++) {
          if (!isSet(tile.active, lane)) continue;
          const one = (tile.column + lane) % partialSums;
          partials[one] = join(inLane(partials, one), inLane(values, lane));
        }
      },
      finish: (tile) => {
        for (let stride = partialSums / 2; stride >= 1; stride /= 2) {
          for (let i = 0; i < stride; i++)
            partials[i] = join(inLane(partials, i), inLane(partials, i + stride));
        }
        const value = toField(inLane(partials, 0));
        if (Number.isNaN(value)) this.#failNaN(field, tile.pre);
        words.write(tile.pre, 1);
        access.write(tile.pre, value);
        this.#watch?.wrote(index, tile.pre, 1);
      },
    };
  }

  #refuseNaN(field: Field, role: Role, values: RegisterValues, tile: Tile): void {
    for (let lane = tile.from; lane < tile.to; lane++) {
      if (isSet(tile.active, lane) && Number.isNaN(inLane(values, lane)))
        this.#failNaN(field, itemIn(tile, role, lane));
    }
  }

  #failNaN(field: Field, item: number): never {
    return failNaN({ kernel: this.#kernel.name, field: field.name, item, ...this.#where() });
  }
}

/** The field's view parameters. */
function viewOf({ name, view }: Field): NonNullable<Field['view']> {
  if (view === undefined) throw new Error(`${name} is no view`);
  return view;
}

/** Gives the lanes from `from` to before `to` one value. For so few items a loop is faster than the array's `fill`. */
export function fill(values: RegisterValues, value: number, from: number, to: number): void {
  for (let lane = from; lane < to; lane++) values[lane] = value;
}

function itemIn(tile: Tile, role: Role, lane: number): number {
  if (role === 'pre') return tile.pre;
  return role === 'syn' ? tile.synapse + lane : tile.column + lane;
}
