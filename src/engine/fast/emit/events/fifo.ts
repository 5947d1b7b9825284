import {
  type Action,
  type CoreImage,
  type DelayedList,
  type Population,
  suppliedTo,
} from '../../../../image/index.ts';
import { hostScalars } from '../../../../isa/index.ts';
import { at } from '../../../../text/index.ts';
import {
  type FunctionBuilder,
  type FunctionHandle,
  forEachBit,
  type I32,
  i8x16,
  i32,
  type Local,
  type ModuleBuilder,
  memory,
  type Statement,
  select,
  type Value,
  v128,
  vectorBytes,
  whileBelow,
} from '../../../../wasm/index.ts';
import type { Probe } from '../../../core.ts';
import { neuronBits } from '../../../spike-address.ts';
import type { PreviousSpikes } from '../../plan/memory/declared-memory.ts';
import { elementBytes, type FieldArea, type MemoryMap } from '../../plan/memory/memory-map.ts';
import { zeroVector } from '../body/context.ts';
import type { NeuronList } from '../loops/row-tally.ts';

/** The event FIFO: a ring of `trigger << 24 | neuron`, where the trigger says which list the event runs. */
export class FifoCode {
  readonly #ring: number;
  readonly #depth: number;
  /** Place of the head in the ring, and how many events wait. */
  readonly #head: StoredI32;
  readonly #waiting: StoredI32;

  constructor({ fifo, fifoHead, fifoWaiting }: MemoryMap, depth: number) {
    this.#ring = fifo;
    this.#depth = depth;
    this.#head = new StoredI32(fifoHead);
    this.#waiting = new StoredI32(fifoWaiting);
  }

  clear(f: FunctionBuilder): void {
    f.do(this.#head.set(0), this.#waiting.set(0));
  }

  isEmpty(): Value<'i32'> {
    return this.#waiting.value().isZero();
  }

  isFull(): Value<'i32'> {
    return this.#waiting.value().isAtLeast(this.#depth);
  }

  /** Appends an event; the FIFO is not full. */
  push(f: FunctionBuilder, trigger: number | Local<'i32'>, neuron: Local<'i32'>): void {
    const upper = typeof trigger === 'number' ? trigger << neuronBits : trigger.shiftLeft(neuronBits);
    const place = f.keep(this.#head.value().plus(this.#waiting.value()));
    f.do(i32.store(this.#inRing(place).shiftLeft(2), neuron.or(upper), this.#ring), this.#waiting.add(1));
  }

  /** The event at the head; the FIFO is not empty. */
  head(f: FunctionBuilder): FifoEvent {
    const event = f.keep(i32.load(this.#head.value().shiftLeft(2), this.#ring));
    return {
      trigger: f.keep(event.shiftRight(neuronBits)),
      neuron: f.keep(event.and(2 ** neuronBits - 1)),
    };
  }

  /** Removes the head. */
  pop(f: FunctionBuilder): void {
    const next = f.keep(this.#head.value().plus(1));
    f.do(this.#head.set(this.#inRing(next)), this.#waiting.add(-1));
  }

  /** A place below twice the depth, brought into the ring. */
  #inRing(place: Local<'i32'>): Value<'i32'> {
    return select(place.isBelow(this.#depth), place, place.minus(this.#depth));
  }
}

interface FifoEvent {
  readonly trigger: Local<'i32'>;
  readonly neuron: Local<'i32'>;
}

/**
 * The hooks of a probe that code calls, with the number of their arguments. An event of the FIFO is reported by its
 * trigger (see `triggerOf`) and its neuron.
 */
const hookArguments = {
  began: 2,
  ended: 1,
  spiked: 2,
  pushed: 2,
  popped: 2,
  dropped: 2,
} satisfies Partial<Record<keyof Probe, number>>;

export type HookName = keyof typeof hookArguments;

/** The hooks that a probe has: a module's code calls these and no others. */
export function hooksOf(probe: Probe): HookName[] {
  return hookNames.filter((name) => probe[name] !== undefined);
}

const hookNames: readonly HookName[] = ['began', 'ended', 'spiked', 'pushed', 'popped', 'dropped'];

/** Calls of a probe's hooks, which are functions of the host. A hook that the probe lacks leaves no code. */
export class Hooks {
  readonly #functions = new Map<HookName, FunctionHandle>();

  constructor(module: ModuleBuilder, names: readonly HookName[]) {
    for (const name of names) {
      const params = new Array<'i32'>(hookArguments[name]).fill('i32');
      this.#functions.set(name, module.importFunction('probe', name, { params, results: [] }));
    }
  }

  /** Whether anything is reported: then events are served one by one, in the order of the reference engine. */
  get isAny(): boolean {
    return this.#functions.size > 0;
  }

  has(name: HookName): boolean {
    return this.#functions.has(name);
  }

  call(f: FunctionBuilder, name: HookName, ...args: readonly I32[]): void {
    const hook = this.#functions.get(name);
    if (hook !== undefined) f.call(hook, ...args);
  }
}

/** An i32 at a fixed address of the linear memory. */
export class StoredI32 {
  readonly #address: number;

  constructor(address: number) {
    this.#address = address;
  }

  value(): Value<'i32'> {
    return i32.load(0, this.#address);
  }

  set(value: I32): Statement {
    return i32.store(0, value, this.#address);
  }

  add(amount: number): Statement {
    return this.set(this.value().plus(amount));
  }
}

/** No neuron has spiked in this step, nor in the one before. */
export function forgetSpikes(f: FunctionBuilder, { flags, list, size }: PreviousSpikes): void {
  f.do(memory.fill(flags, 0, size), i32.store(0, 0, list));
}

/** A neuron has spiked in this step. */
export function keepSpike(f: FunctionBuilder, kept: PreviousSpikes, spike: Local<'i32'>): void {
  const { flags, values, neuronMask } = kept;
  if (values === undefined) {
    f.do(i32.store8(spike, 1, flags));
    return;
  }
  const neuron = f.keep(spike.and(neuronMask));
  f.do(i32.store8(neuron, 1, flags), i32.store(neuron.shiftLeft(2), spike, values));
}

/** A step begins: the neurons that spiked in the last one, each once and in ascending order, become the list. */
export function turnSpikes(f: FunctionBuilder, { flags, values, list, size }: PreviousSpikes): void {
  const neuron = f.keep(i32.const(0));
  const bytes = f.keep(i32.const(0));
  whileBelow(f, neuron, size, 1, () => {
    f.if(i32.load8_u(neuron, flags), () => {
      const spike = values === undefined ? neuron : i32.load(neuron.shiftLeft(2), values);
      f.do(i32.store(bytes, spike, list + 4));
      f.set(bytes, bytes.plus(4));
    });
  });
  f.do(i32.store(0, bytes.shiftRight(2), list), memory.fill(flags, 0, size));
}

/** Code for spikes that wait for delays, in rings of flags: the spikes of step t are in row t modulo the rows. */
export class WaitingSpikesCode {
  readonly #image: CoreImage;
  readonly #map: MemoryMap;

  constructor(image: CoreImage, map: MemoryMap) {
    this.#image = image;
    this.#map = map;
  }

  /** Lists the spikes that have waited for a delay. In the first steps of a sample there are none. */
  ifDue(
    f: FunctionBuilder,
    delayed: number,
    { delay, shift = 0 }: Pick<DelayedList, 'delay' | 'shift'>,
    then: (list: NeuronList) => void,
  ): void {
    const step = this.#step();
    f.if(step.value().isAtLeast(delay), () => {
      const row = this.#rowOf(f, delayed, step.value().minus(delay));
      const list = { first: f.keep(i32.const(this.#map.due)), count: f.keep(i32.const(0)) };
      this.#collect(f, delayed, row, list, shift);
      then(list);
    });
  }

  /** The address of the row for the spikes of this step, without any. */
  clearedRow(f: FunctionBuilder, { delayed, step }: Extract<Action, { does: 'keep' }>): Local<'i32'> {
    const now = step.is === 'event' ? new StoredI32(this.#map.event + 4 * step.scalar) : this.#step();
    const row = this.#rowOf(f, delayed, now.value());
    const bytes = elementBytes[this.#ring(delayed).element];
    f.do(memory.fill(row, 0, suppliedTo(this.#population(delayed)) * bytes));
    return row;
  }

  /** Sets the flag of a spike in a row, with the value that it carries. */
  keep(f: FunctionBuilder, delayed: number, row: Local<'i32'>, spike: Local<'i32'>): void {
    const { payload } = this.#population(delayed);
    if (payload === undefined) {
      f.do(i32.store8(row.plus(spike), 1));
      return;
    }
    const bytes = elementBytes[this.#ring(delayed).element];
    const neuron = spike.and(2 ** payload.shift - 1);
    const kept = spike.shiftRight(payload.shift).shiftLeft(1).or(1);
    const store = { 1: i32.store8, 2: i32.store16, 4: i32.store }[bytes];
    f.do(store(row.plus(neuron.shiftLeft(Math.log2(bytes))), kept));
  }

  /**
   * Lists the spikes of a row, ascending.
   *
   * @param shift an offset to each
   */
  #collect(f: FunctionBuilder, delayed: number, row: Local<'i32'>, list: NeuronList, shift: number): void {
    const population = this.#population(delayed);
    const size = suppliedTo(population);
    const { payload } = population;
    if (payload === undefined) {
      collectFlags(f, row, size, list, shift);
      return;
    }
    const bytes = elementBytes[this.#ring(delayed).element];
    const load = { 1: i32.load8_u, 2: i32.load16_u, 4: i32.load }[bytes];
    const neuron = f.keep(i32.const(0));
    whileBelow(f, neuron, size, 1, () => {
      const kept = f.keep(load(row.plus(neuron.shiftLeft(Math.log2(bytes)))));
      f.if(kept, () => {
        const spike = kept.shiftRight(1).shiftLeft(payload.shift).or(neuron);
        f.do(i32.store(list.first.plus(list.count.shiftLeft(2)), shift === 0 ? spike : spike.plus(shift)));
        f.set(list.count, list.count.plus(1));
      });
    });
  }

  #rowOf(f: FunctionBuilder, delayed: number, step: Value<'i32'>): Local<'i32'> {
    const { address, element, layout, rowStride } = this.#ring(delayed);
    const bytes = rowStride * elementBytes[element];
    return f.keep(step.modulo(layout.rows).times(bytes).plus(address));
  }

  #ring(delayed: number): FieldArea {
    const ring = this.#map.fields[at(this.#image.events.delayed, delayed).field];
    if (ring === undefined) throw new Error('spikes wait in a field that is not stored');
    return ring;
  }

  #population(delayed: number): Population {
    return at(this.#image.populations, at(this.#image.events.delayed, delayed).population);
  }

  #step(): StoredI32 {
    return new StoredI32(this.#map.host + 4 * hostScalars.indexOf('step'));
  }
}

/**
 * Appends the neurons whose flags are set to a list, ascending.
 *
 * @param flags one byte for each neuron, zeros up to a whole vector
 */
function collectFlags(
  f: FunctionBuilder,
  flags: Local<'i32'>,
  size: number,
  { first, count }: NeuronList,
  shift: number,
): void {
  const neuron = f.keep(i32.const(0));
  whileBelow(f, neuron, size, vectorBytes, () => {
    const set = i8x16.ne(v128.load(flags.plus(neuron)), zeroVector());
    const bits = f.keep(i8x16.bitmask(set));
    forEachBit(f, bits, () => {
      f.do(i32.store(first.plus(count.shiftLeft(2)), neuron.plus(i32.ctz(bits)).plus(shift)));
      f.set(count, count.plus(1));
    });
  });
}
