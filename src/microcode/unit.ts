/** The lanes and the instruction word of a core that runs microcode, as far as its schedules depend on them. */
export interface MicrocodeUnit {
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
  /** Registers for results, and as many for loaded items. They rotate: a tile has others than the one before it. */
  readonly registers: number;
  /** Tiles in flight. */
  readonly stages: number;
  /** The most words of a kernel, which are its interval. */
  readonly kernelWords: number;
  /** Words of microcode, kernels, accesses and scalars that a core holds. */
  readonly words: number;
  readonly kernels: number;
  readonly accesses: number;
  readonly scalars: number;
}

/** The unit of `templates/rtl/micro`. */
export const microcodeUnit: MicrocodeUnit = {
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
  registers: 16,
  stages: 16,
  kernelWords: 64,
  words: 512,
  kernels: 64,
  accesses: 64,
  scalars: 64,
};
