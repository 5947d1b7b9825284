import type { SpikeTrain } from '../data/index.ts';
import type { Counters, PlaceInPass, ProgramView, SpikeKind } from '../image/index.ts';
import { sha256 } from '../random/index.ts';
import { at } from '../text/index.ts';

/** Properties that the host gives a sample at its start. */
export interface SampleStart {
  /** The value that kernels read as `host.label`. */
  readonly label: number;
  /** Whether actions marked `when: learning` run. */
  readonly learn: boolean;
  /** Whether the sample has been presented before, and is now presented again: see the image's `replay`. */
  readonly isReplay?: boolean | undefined;
  /** Its place in a pass over the data, which conditions of lists may ask for; absent if it is presented alone. */
  readonly place?: PlaceInPass | undefined;
  /** Time steps of this sample: 1 to the image's `steps`. */
  readonly steps: number;
  /** Spikes of the input that are known beforehand: each step finds its own, then those that it has received. */
  readonly spikes?: SpikeTrain | undefined;
}

/** The state that outlives a sample: the bits of the banks, and the random generators. */
export interface CoreState {
  /** One for each bank, in packed form, 32 bits to an element. */
  readonly banks: readonly Uint32Array[];
  /**
   * States of the lanes' generators, then of those that the hw-model declares: the `far` bits preceding the current
   * word, oldest bit first.
   */
  readonly generators: Uint32Array;
}

/** A core's state between two steps, from which either engine continues exactly. */
export interface Checkpoint {
  readonly state: CoreState;
  readonly epoch: number;
  /** The current sample, and the number of its steps that have run. */
  readonly sample: SampleStart;
  readonly stepsDone: number;
  /** Spikes that the latest step emitted, as addresses, and those of the input that it received. */
  readonly emitted: readonly number[];
  readonly received: readonly number[];
  /** The input's spikes received for the next step. */
  readonly pending: readonly number[];
  /** Events waiting in the FIFO, head first. */
  readonly waiting: readonly AddressEvent[];
  /** Scalars of named events. */
  readonly event: readonly number[];
  readonly counters: Counters;
}

/** An address event in the FIFO: a spike of this step, of the one before, or one whose delay has ended. */
export interface AddressEvent {
  readonly population: number;
  readonly neuron: number;
  readonly spikes: SpikeKind;
}

/** Below this number of words, copying one by one is faster than creating a view to copy from. */
const fewWords = 16;

/** Copies the words from index `start` up to, not including, `end` to a place in another list. */
export function copyWords(
  from: ArrayLike<number>,
  start: number,
  end: number,
  to: Uint32Array,
  place: number,
): void {
  if (end - start > fewWords && from instanceof Uint32Array)
    to.set(end - start === from.length ? from : from.subarray(start, end), place);
  else for (let index = start; index < end; index++) to[place + index - start] = from[index] ?? 0;
}

/**
 * Partial sums of a reduce: column c adds to sum c mod 16, whatever the number of lanes, and a tree joins the sums at
 * the end of a pass. This makes the order of float additions part of the specification.
 */
export const partialSums = 16;

/*
 * How often a core has drawn the cells that flip: the last of the states of its generators, on a core that does.
 */

/** How many words of a core's state say how often it has drawn the cells that flip. */
export function drawStates({ faults }: Pick<ProgramView, 'faults'>): number {
  return faults?.errors === 'fresh' ? 1 : 0;
}

export function drawState(image: Pick<ProgramView, 'faults'>, draws: number): readonly number[] {
  return drawStates(image) === 0 ? [] : [draws];
}

export function drawsIn(image: Pick<ProgramView, 'faults'>, generators: Uint32Array): number {
  return drawStates(image) === 0 ? 0 : at(generators, generators.length - 1);
}

/**
 * SHA-256 of the state that outlives a sample, in hexadecimal: for each bank, then for the generators, the number of
 * 32-bit words and the words, all little-endian. Equal runs end with equal hashes, on either engine and on any
 * computer.
 */
export function stateSha256({ banks, generators }: CoreState): string {
  return sha256([...banks, generators].flatMap((words) => [bytesOf([words.length]), bytesOf(words)]));
}

/** Little-endian, whatever the computer. */
function bytesOf(words: ArrayLike<number>): Uint8Array {
  const view = new DataView(new ArrayBuffer(4 * words.length));
  for (let index = 0; index < words.length; index++) view.setUint32(4 * index, words[index] ?? 0, true);
  return new Uint8Array(view.buffer);
}
