import type { Bank, HwModel, MicrocodeLimits } from '../hardware/index.ts';

/** The lanes of a core that runs microcode, as far as its schedules depend on them, and what it holds. */
export interface MicrocodeUnit extends Required<MicrocodeLimits> {
  /** Of its banks; one that reads and one that writes of those that are not named. */
  readonly ports: readonly Bank['ports'][];
  /**
   * Cycles from the issue of an operation until one that reads its result may issue: additions, comparisons, logic and
   * selections, and those that multiply or shift.
   */
  readonly short: number;
  readonly long: number;
  /** More cycles where the result is read as a predicate. */
  readonly predicate: number;
  /** Cycles from the issue of a load until what takes its word directly issues. */
  readonly load: number;
  /** More cycles for an item of the row's neuron, which all lanes take. */
  readonly broadcast: number;
  /** More cycles for what is kept in a register. */
  readonly keep: number;
  /** Cycles from a result until it is in its bank, and until the sum of a row is. */
  readonly store: number;
  readonly sum: number;
  /** Cycles from a result that spikes until the kernel that a list runs for its spikes, or after them, may start. */
  readonly emit: number;
  /** Cycles from the issue of an operation until it steps the generator. */
  readonly draw: number;
  /** Cycles in which a row of segments is looked up: its record, and its first segment. */
  readonly lookup: number;
  /** The most words of a kernel, which are its interval. */
  readonly kernelWords: number;
}

/** The unit of `templates/rtl/micro`, with as much of everything as an hw-model has that limits nothing. */
export const microcodeUnit: MicrocodeUnit = {
  ports: [],
  issue: 1,
  short: 3,
  long: 7,
  predicate: 1,
  load: 3,
  broadcast: 1,
  keep: 1,
  store: 1,
  sum: 5,
  emit: 10,
  draw: 2,
  lookup: 3,
  registers: 16,
  stages: 16,
  kernelWords: 127,
  words: 512,
  kernels: 64,
  accesses: 64,
  scalars: 64,
  entries: 256,
  conditions: 16,
  kept: 64,
  segments: 0,
};

/** The unit of an hw-model. */
export function microcodeUnitOf({ microcode, banks }: Pick<HwModel, 'microcode' | 'banks'>): MicrocodeUnit {
  return { ...microcodeUnit, ...microcode, ports: banks.map(({ ports }) => ports) };
}
