import { type CoreImage, loadedField, Memory } from '../../image/index.ts';
import { hostScalars, weightView } from '../../isa/index.ts';
import { at } from '../../text/index.ts';
import { checkState, checkValues, fixedItems } from '../checks.ts';
import { roomForSpikes } from '../spike-address.ts';
import { type CoreState, drawState, drawStates, drawsIn } from '../state.ts';
import type { CoreModule } from './core-module.ts';
import { mostPages } from './emit/events/module.ts';
import { FailingAreas } from './failing-areas.ts';
import { loadDeclared, stateOfDeclared } from './plan/memory/declared-memory.ts';
import {
  areaBehind,
  type FieldArea,
  memoryElementsOf,
  readItems,
  transfer,
  writeItems,
} from './plan/memory/memory-map.ts';
import { writeSegments } from './plan/memory/segment-map.ts';

/** A stored field as it lies in a linear memory; void once the memory has grown. */
export interface FieldElements extends FieldArea {
  readonly elements: ReturnType<typeof memoryElementsOf>;
}

/** A core's part of a linear memory: the fields, the generators and the tables of its module, and lists behind them. */
export class LinearMemory {
  readonly space: MemorySpace;
  readonly #image: CoreImage;
  readonly #module: CoreModule;
  /** Undefined where no cell fails. */
  readonly #failing: FailingAreas | undefined;
  #views: CoreViews;

  /**
   * @param space of which the module's part has been taken
   * @param core its number on the chip
   */
  constructor(image: CoreImage, module: CoreModule, space: MemorySpace, core: number) {
    const { segmentations, map } = module;
    this.#image = image;
    this.#module = module;
    this.space = space;
    this.#views = viewsOf(this.buffer, image, module);
    space.onMove(() => {
      this.#views = viewsOf(this.buffer, image, module);
    });
    this.#markColumns();
    writeSegments(segmentations, map.segments, this.buffer);
    if (image.contents.length > 0) transfer(image, map, new Memory(image), this.buffer, 'linear');
    this.#loadDeclared(new Uint32Array(image.generators.length));
    this.#failing =
      image.faults === undefined ? undefined : new FailingAreas(image, module, core, () => this.buffer);
  }

  /** Cells of items that have flipped since they were forgotten; undefined where none do. */
  get flips(): number | undefined {
    return drawStates(this.#image) === 0 ? undefined : this.#failing?.flips;
  }

  forgetFlips(): void {
    if (this.#failing !== undefined) this.#failing.flips = 0;
  }

  /** Draws the cells that flip from now on. */
  drawFlips(): void {
    this.#failing?.draw();
  }

  get buffer(): ArrayBuffer {
    return this.space.buffer;
  }

  /** Void once the memory has grown. */
  get views(): CoreViews {
    return this.#views;
  }

  /** Marks the columns of populations, and the items of rows of weights, that are no padding. */
  #markColumns(): void {
    const { populations, projections } = this.#image;
    const { map } = this.#module;
    const mark = (mask16: number | undefined, mask32: number | undefined, count: number): void => {
      new Int16Array(this.buffer, mask16, count).fill(-1);
      new Int32Array(this.buffer, mask32, count).fill(-1);
    };
    for (const [index, { size }] of populations.entries())
      mark(map.columns16[index], map.columns32[index], size);
    for (const { domain, projection = -1 } of this.#image.kernels)
      if (domain === 'weights')
        mark(
          map.weights16[projection],
          map.weights32[projection],
          projections[projection]?.weightRowLength ?? 0,
        );
  }

  read(index: number): Float64Array {
    const named = this.#image.fields[index];
    const field = loadedField(this.#image.fields, index);
    if (field.fixed === true) return fixedItems(this.#image, field);
    const area = this.#module.map.fields[this.#image.fields.indexOf(field)];
    if (named === undefined || area === undefined) throw new Error(`no field ${index}`);
    const values = readItems(this.buffer, area, new Float64Array(field.count));
    if (area.flipped !== undefined) {
      const flipped = readItems(this.buffer, areaBehind(area, area.flipped), new Float64Array(values.length));
      for (const [item, value] of values.entries()) values[item] = value ^ at(flipped, item);
    }
    if (named === field || named.view === undefined) return values;
    const { droppedBits } = named.view;
    const toView =
      field.storage === 'float32'
        ? (value: number) => value * 2 ** -droppedBits
        : weightView(droppedBits, named.bits);
    return values.map(toView);
  }

  /** The items of a stored field without what a load flips. */
  readHeld(index: number): Float64Array {
    const area = this.#module.map.fields[index];
    if (area === undefined) throw new Error(`field ${index} has no place`);
    return readItems(this.buffer, area, new Float64Array(at(this.#image.fields, index).count));
  }

  elementsOf(index: number): FieldElements {
    const area = at(this.#module.map.fields, index);
    if (area === undefined) throw new Error(`field ${index} has no place`);
    return { ...area, elements: memoryElementsOf(this.buffer, area) };
  }

  write(index: number, values: ArrayLike<number>): void {
    const field = this.#image.fields[index];
    const area = this.#module.map.fields[index];
    if (field === undefined) throw new Error(`no field ${index}`);
    checkValues(this.#image, field, values);
    if (area === undefined) throw new Error(`${field.name} has no place`);
    const items = new Float64Array(values.length);
    items.set(values);
    writeItems(this.buffer, area, items);
    const view = this.#image.fields[field.storedView ?? -1];
    const viewArea = this.#module.map.fields[field.storedView ?? -1];
    if (view?.view !== undefined && viewArea !== undefined)
      writeItems(this.buffer, viewArea, items.map(weightView(view.view.droppedBits, view.bits)));
    this.#failing?.settle([area, viewArea]);
  }

  save(): CoreState {
    const packed = new Memory(this.#image);
    transfer(this.#image, this.#module.map, packed, this.buffer, 'packed');
    const declared = this.#image.generators.map((generator, index) => {
      const area = this.#module.map.declared.generators[index];
      return area === undefined ? 0 : stateOfDeclared(this.buffer, area, generator);
    });
    return {
      banks: packed.banks.map((words) => words.slice()),
      generators: Uint32Array.from([
        ...this.views.generators,
        ...declared,
        ...drawState(this.#image, this.#failing?.draws ?? 0),
      ]),
    };
  }

  restore(state: CoreState): void {
    checkState(this.#image, state);
    const { banks, generators } = state;
    transfer(this.#image, this.#module.map, new Memory(this.#image, banks), this.buffer, 'linear');
    const { lanes } = this.#image.core;
    this.views.generators.set(generators.subarray(0, lanes));
    this.#loadDeclared(generators.subarray(lanes));
    this.#failing?.settle();
    this.#failing?.flipAfter(drawsIn(this.#image, generators));
  }

  #loadDeclared(states: Uint32Array): void {
    for (const [index, generator] of this.#image.generators.entries()) {
      const area = this.#module.map.declared.generators[index];
      if (area !== undefined) loadDeclared(this.buffer, area, generator, at(states, index));
    }
  }
}

const pageBytes = 65_536;
/** How much a memory that threads share may grow: a gigabyte. Nothing is reserved but addresses. */
const morePages = 2 ** 14;
/** What lies side by side shares no line of the cache. */
const lineBytes = 64;

/** A linear memory: of one core, or of several that lie in it one behind the other. */
export class MemorySpace {
  readonly memory: WebAssembly.Memory;
  /** Pages that it may have. */
  readonly #most: number;
  #end = 0;
  readonly #moves: (() => void)[] = [];

  /** @param bytes to begin with @param isShared whether threads share it */
  constructor(bytes: number, isShared = false) {
    const initial = Math.ceil(bytes / pageBytes);
    this.#most = isShared ? Math.min(initial + morePages, mostPages) : mostPages;
    this.memory = new WebAssembly.Memory(
      isShared ? { initial, maximum: this.#most, shared: true } : { initial },
    );
  }

  get buffer(): ArrayBuffer {
    return this.memory.buffer;
  }

  /** Where a further core may begin. */
  get end(): number {
    return this.#end;
  }

  /** Takes bytes at the end, and returns their address. All views are void if the memory has to grow. */
  take(bytes: number): number {
    const address = this.#end;
    this.#end = Math.ceil((address + bytes) / lineBytes) * lineBytes;
    const held = this.buffer.byteLength / pageBytes;
    const needed = Math.ceil(this.#end / pageBytes);
    if (needed > held) {
      // It doubles: Node counts all of a memory that has grown as new, and collects garbage after a few. Pages that
      // nothing touches take only addresses.
      this.memory.grow(Math.max(needed, Math.min(2 * held, this.#most)) - held);
      for (const move of this.#moves) move();
    }
    return address;
  }

  /** Has views made anew whenever the memory has grown. */
  onMove(move: () => void): void {
    this.#moves.push(move);
  }
}

/** The parts of the linear memory that the host reads and writes. Made anew when the memory has grown. */
export interface CoreViews {
  readonly host: Int32Array;
  readonly event: Int32Array;
  /** Properties of the sample that conditions of lists test, as the memory map has them. */
  readonly sample: Int32Array;
  /** Address and number of the input's spikes of the current step. */
  readonly input: Int32Array;
  readonly parameters: Int32Array;
  readonly generators: Uint32Array;
  readonly counters: BigInt64Array;
  /** The same in halves, the lower one first. */
  readonly counterWords: Uint32Array;
  /** Addresses of emitted spikes, and how many there are. */
  readonly emitted: Uint32Array;
  readonly emittedCount: Int32Array;
}

function viewsOf(buffer: ArrayBuffer, image: CoreImage, { map, counters }: CoreModule): CoreViews {
  return {
    host: new Int32Array(buffer, map.host, hostScalars.length),
    sample: new Int32Array(buffer, map.sample, 6),
    input: new Int32Array(buffer, map.input, 2),
    event: new Int32Array(buffer, map.event, image.eventScalars.length),
    parameters: new Int32Array(buffer, map.parameters, image.parameters.length),
    generators: new Uint32Array(buffer, map.generators, image.core.lanes),
    counters: new BigInt64Array(buffer, map.counters, counters.slots),
    counterWords: new Uint32Array(buffer, map.counters, 2 * counters.slots),
    emitted: new Uint32Array(buffer, map.emitted, roomForSpikes(image)),
    emittedCount: new Int32Array(buffer, map.emittedCount, 1),
  };
}
