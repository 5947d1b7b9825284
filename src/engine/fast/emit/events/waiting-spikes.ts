import type { Action, Image } from '../../../../image/index.ts';
import { hostScalars } from '../../../../isa/index.ts';
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
import { at } from '../../../at.ts';
import type { FieldArea, MemoryMap } from '../../plan/memory/memory-map.ts';
import { zeroVector } from '../body/context.ts';
import { Cell } from './cell.ts';

/** A list of neurons in the linear memory, u32 each. */
export interface NeuronList {
  readonly first: Local<'i32'>;
  readonly count: Local<'i32'>;
}

/** Code for spikes that wait for delays, in rings of flags: the spikes of step t are in row t modulo the rows. */
export class WaitingSpikes {
  readonly #image: Image;
  readonly #map: MemoryMap;

  constructor(image: Image, map: MemoryMap) {
    this.#image = image;
    this.#map = map;
  }

  /** Lists the spikes that have waited for a delay. In the first steps of a sample there are none. */
  ifDue(f: FunctionBuilder, delayed: number, delay: number, then: (list: NeuronList) => void): void {
    const step = this.#step();
    f.if(step.value().isAtLeast(delay), () => {
      const row = this.#rowOf(f, delayed, step.value().minus(delay));
      const list = { first: f.keep(i32.const(this.#map.due)), count: f.keep(i32.const(0)) };
      collectFlags(f, row, this.#sizeOf(delayed), list);
      then(list);
    });
  }

  /** The address of the row for the spikes of this step, without any. */
  clearedRow(f: FunctionBuilder, { delayed, step }: Extract<Action, { does: 'keep' }>): Local<'i32'> {
    const now = step.is === 'event' ? new Cell(this.#map.event + 4 * step.scalar) : this.#step();
    const row = this.#rowOf(f, delayed, now.value());
    f.do(memory.fill(row, 0, this.#sizeOf(delayed)));
    return row;
  }

  #rowOf(f: FunctionBuilder, delayed: number, step: Value<'i32'>): Local<'i32'> {
    const { address, layout, rowStride } = this.#ring(delayed);
    return f.keep(step.modulo(layout.rows).times(rowStride).plus(address));
  }

  #ring(delayed: number): FieldArea {
    const ring = this.#map.fields[at(this.#image.events.delayed, delayed).field];
    if (ring === undefined) throw new Error('spikes wait in a field that is not stored');
    return ring;
  }

  #sizeOf(delayed: number): number {
    return at(this.#image.populations, at(this.#image.events.delayed, delayed).population).size;
  }

  #step(): Cell {
    return new Cell(this.#map.host + 4 * hostScalars.indexOf('step'));
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
): void {
  const neuron = f.keep(i32.const(0));
  whileBelow(f, neuron, size, vectorBytes, () => {
    const set = i8x16.ne(v128.load(flags.plus(neuron)), zeroVector());
    const bits = f.keep(i8x16.bitmask(set));
    forEachBit(f, bits, () => {
      f.do(i32.store(first.plus(count.shiftLeft(2)), neuron.plus(i32.ctz(bits))));
      f.set(count, count.plus(1));
    });
  });
}
