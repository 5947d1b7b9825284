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
  forEachBit,
  i8x16,
  i32,
  type Local,
  memory,
  type Value,
  v128,
  vectorBytes,
  whileBelow,
} from '../../../../wasm/index.ts';
import { elementBytes, type FieldArea, type MemoryMap } from '../../plan/memory/memory-map.ts';
import { zeroVector } from '../body/context.ts';
import type { NeuronList } from '../loops/row-tally.ts';
import { StoredI32 } from './fifo.ts';

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
