import { axons, axonTypes, neurons, slots } from './contents.ts';

/** A cache line: regions begin at one, so that threads do not write into each other's. */
const lineBytes = 64;

/** Bytes of a packet, core, axon and slot, or of a neuron's number. */
const packetBytes = 4;

/** Byte addresses in the memory of a chip. Regions hold one part for each core, in order, unless stated otherwise. */
export interface ChipMemory {
  readonly cores: number;
  readonly threads: number;
  /** Neighbouring cores that a thread runs; the last thread may have fewer. */
  readonly coresPerThread: number;
  /** A bit for each axon and neuron. */
  readonly crossbar: number;
  /** 16 bits for each type and neuron. */
  readonly weights: number;
  /** 32 bits for each neuron. */
  readonly potentials: number;
  /** 16 bits for each neuron. */
  readonly leaks: number;
  readonly positives: number;
  readonly negatives: number;
  /** 32 bits for each neuron: what the potential becomes after a spike. */
  readonly resets: number;
  /** A bit for each neuron: whether the threshold is subtracted instead. */
  readonly modes: number;
  /** 32 bits for each neuron's destination, see `destination`, and 32 beside them for the number of its spikes. */
  readonly outputs: number;
  /** A byte for each axon. */
  readonly types: number;
  /** 16 bits for each axon: the neurons that are connected to it. */
  readonly fanOut: number;
  /** A bit for each slot and axon. */
  readonly schedule: number;
  /** 64 bits each for what is counted: active axons, events, busy ticks. */
  readonly counts: number;
  /** For each thread: its active axons, each with the places of its row and its weights. */
  readonly active: number;
  /** For each thread: the neurons that have spiked in the tick, 32 bits for each. */
  readonly spiked: number;
  /**
   * For each thread, each of two ticks and each thread that takes them: packets sent, 32 bits for each, and how many.
   * While the packets of one tick are taken, those of the next are sent.
   */
  readonly sent: number;
  readonly sentCounts: number;
  readonly bytes: number;
}

/** Bytes of each region for a core. */
export const coreBytes = {
  crossbar: (axons * neurons) / 8,
  weights: 2 * axonTypes * neurons,
  potentials: 4 * neurons,
  leaks: 2 * neurons,
  positives: 2 * neurons,
  negatives: 2 * neurons,
  resets: 4 * neurons,
  modes: neurons / 8,
  outputs: 8 * neurons,
  types: axons,
  fanOut: 2 * axons,
  schedule: (slots * axons) / 8,
  counts: 3 * 8,
} as const;

/** Bytes of the list of active axons of a thread: a place of 32 bits for the row, one for the weights. */
export const activeBytes = 8 * axons;

/** Bytes of a list of spikes or packets of a thread in a tick, at most: each neuron of its cores has one. */
export function listBytes({ coresPerThread }: Pick<ChipMemory, 'coresPerThread'>): number {
  return packetBytes * neurons * coresPerThread;
}

/** The memory for the cores of a chip, and for the threads that run them. */
export function chipMemory(cores: number, threads: number): ChipMemory {
  const coresPerThread = Math.ceil(cores / threads);
  let bytes = 0;
  const take = (size: number): number => {
    const first = bytes;
    bytes += Math.ceil(size / lineBytes) * lineBytes;
    return first;
  };
  const parts = Object.entries(coreBytes).map(([name, size]) => [name, take(size * cores)]);
  const lists = 2 * threads * threads;
  return {
    ...(Object.fromEntries(parts) as Record<keyof typeof coreBytes, number>),
    cores,
    threads,
    coresPerThread,
    active: take(activeBytes * threads),
    spiked: take(threads * listBytes({ coresPerThread })),
    sent: take(lists * listBytes({ coresPerThread })),
    sentCounts: take(lists * lineBytes),
    bytes,
  };
}

/** The list of packets from one thread to another, sent in an even or an odd tick. */
export function listNumber({ threads }: ChipMemory, from: number, parity: number, to: number): number {
  return (from * 2 + parity) * threads + to;
}

export const countBytes = lineBytes;
