import { neuronBits } from '../../../spike-address.ts';
import { addToCounter, type FunctionBuilder, type Local } from '../../builder/index.ts';
import type { MemoryMap } from '../../plan/memory/index.ts';

/** Code of the ring that holds the event FIFO: `trigger << 24 | neuron`, one u32 each. */
export class RingCode {
  readonly #address: number;
  readonly #depth: number;
  readonly #pushes: number;
  /** Place of the head in the ring, and how many events wait. */
  readonly #head: number;
  readonly #waiting: number;

  /** @param pushes address of the counter of pushes */
  constructor({ fifo, fifoHead, fifoWaiting }: MemoryMap, depth: number, pushes: number) {
    this.#address = fifo;
    this.#depth = depth;
    this.#pushes = pushes;
    this.#head = fifoHead;
    this.#waiting = fifoWaiting;
  }

  /** Empties the FIFO. */
  clear(f: FunctionBuilder): void {
    for (const cell of [this.#head, this.#waiting]) {
      f.i32.const(0);
      f.i32.const(0);
      f.i32.store(cell);
    }
  }

  putIsEmpty(f: FunctionBuilder): void {
    putCell(f, this.#waiting);
    f.i32.eqz();
  }

  putIsFull(f: FunctionBuilder): void {
    putCell(f, this.#waiting);
    f.i32.const(this.#depth);
    f.i32.ge_s();
  }

  /** Appends an event where there is a place, and counts it. */
  push(f: FunctionBuilder, trigger: number | Local, putNeuron: () => void): void {
    addToCounter(f, this.#pushes, 1);
    putCell(f, this.#head);
    putCell(f, this.#waiting);
    f.i32.add();
    this.#wrapOnce(f);
    f.i32.const(2);
    f.i32.shl();
    if (typeof trigger === 'number') f.i32.const(trigger);
    else f.get(trigger);
    f.i32.const(neuronBits);
    f.i32.shl();
    putNeuron();
    f.i32.or();
    f.i32.store(this.#address);
    f.i32.const(0);
    putCell(f, this.#waiting);
    f.i32.const(1);
    f.i32.add();
    f.i32.store(this.#waiting);
  }

  /** Puts the head's event; the FIFO is not empty. */
  putHead(f: FunctionBuilder): void {
    putCell(f, this.#head);
    f.i32.const(2);
    f.i32.shl();
    f.i32.load(this.#address);
  }

  /** Takes the head away. */
  pop(f: FunctionBuilder): void {
    f.i32.const(0);
    putCell(f, this.#head);
    f.i32.const(1);
    f.i32.add();
    this.#wrapOnce(f);
    f.i32.store(this.#head);
    f.i32.const(0);
    putCell(f, this.#waiting);
    f.i32.const(1);
    f.i32.sub();
    f.i32.store(this.#waiting);
  }

  /** Brings the place on the stack, which is below twice the depth, into the ring. */
  #wrapOnce(f: FunctionBuilder): void {
    const place = f.local('i32');
    f.tee(place);
    f.get(place);
    f.i32.const(this.#depth);
    f.i32.sub();
    f.get(place);
    f.i32.const(this.#depth);
    f.i32.lt_s();
    f.select();
  }
}

/** Puts the i32 at a fixed address. */
export function putCell(f: FunctionBuilder, address: number): void {
  f.i32.const(0);
  f.i32.load(address);
}

/** Puts what an event triggers. */
export function putTrigger(f: FunctionBuilder, event: Local): void {
  f.get(event);
  f.i32.const(neuronBits);
  f.i32.shr_u();
}

/** Puts the neuron of an event. */
export function putNeuron(f: FunctionBuilder, event: Local): void {
  f.get(event);
  f.i32.const(2 ** neuronBits - 1);
  f.i32.and();
}
