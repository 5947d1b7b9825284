import { type FunctionBuilder, i32, type Local, select, type Value } from '../../../../wasm/index.ts';
import { neuronBits } from '../../../spike-address.ts';
import type { MemoryMap } from '../../plan/memory/memory-map.ts';
import { StoredI32 } from './stored-i32.ts';

/** The event FIFO: a ring of `trigger << 24 | neuron`, where the trigger says which list the event runs. */
export class Fifo {
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
