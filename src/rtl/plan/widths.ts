import type { ValueRange } from '../../isa/index.ts';

/** Widths of the numbers that a core passes around. */
export interface Widths {
  readonly lanes: number;
  /** Of a tile's number. */
  readonly tile: number;
  /** Of a neuron's number, which is also a row's. */
  readonly neuron: number;
  readonly population: number;
  /** Of the values that spikes carry; 0 if none do. */
  readonly value: number;
  /** Of the number of a row of stored weights, and of a place in it. */
  readonly weightRow: number;
  readonly place: number;
  /** By bank, of an address. */
  readonly address: readonly number[];
  /** Of the number of a bank. */
  readonly bank: number;
  /** Of the number of a step of the lists, of a kernel, and of a gate as scans name it. */
  readonly step: number;
  readonly kernel: number;
  readonly gate: number;

  /** Of what a command says: the label, the number of the step, the interval of the schedule, a named event. */
  readonly label: number;
  readonly stepScalar: number;
  readonly interval: number;
  readonly event: number;

  /** Of the widest word that the host reads or writes, of an address, and of the number of a bank. */
  readonly host: number;
  readonly hostAddress: number;
  readonly hostBank: number;

  /*
   * Of counters, each as wide as what it counts: cycles of a state (a start, a row, a scan, a drain, a pass over
   * words), tiles of a pass, cycles of an interval, and spikes in the FIFO or of a tile.
   */
  readonly cycle: number;
  readonly tileCount: number;
  readonly phase: number;
  readonly room: number;
}

/** Narrower slices of a bank than the smallest memories of an FPGA waste them. */
export const leastSliceBits = 4;

/** Bits of an unsigned number below `count`; at least 1. */
export function indexBits(count: number): number {
  return Math.max(1, Math.ceil(Math.log2(count)));
}

/** Bits of a two's complement number that holds every value of a range. */
export function signedBits({ low, high }: ValueRange): number {
  const magnitude = Math.max(high, -1 - low);
  return magnitude <= 0 ? 1 : Math.floor(Math.log2(magnitude)) + 2;
}

/** A name of the model as a Verilog identifier. */
export function identifier(name: string): string {
  return name.replace(/[^A-Za-z0-9_]/g, '_');
}
