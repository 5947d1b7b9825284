import {
  type FunctionBuilder,
  type FunctionHandle,
  type I32,
  i32,
  type Local,
  type ModuleBuilder,
  memory,
  type Statement,
  select,
  type Value,
  whileBelow,
} from '../../../../wasm/index.ts';
import type { Probe } from '../../../probe.ts';
import { neuronBits } from '../../../spike-address.ts';
import type { PreviousSpikes } from '../../plan/memory/declared-memory.ts';
import type { MemoryMap } from '../../plan/memory/memory-map.ts';

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
