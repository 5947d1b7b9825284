import type { Counters, WorkCount } from '../../hardware/index.ts';
import type { Image } from '../../image/index.ts';

/** The counts of one piece of work, while they are counted. */
export class WorkCounter implements WorkCount {
  runs = 0;
  passes = 0;
  tiles = 0;
  items = 0;
  scannedTiles = 0;
  readonly reads: number[];
  readonly writes: number[];

  constructor(banks: number) {
    this.reads = new Array<number>(banks).fill(0);
    this.writes = new Array<number>(banks).fill(0);
  }

  reset(): void {
    this.runs = this.passes = this.tiles = this.items = this.scannedTiles = 0;
    this.reads.fill(0);
    this.writes.fill(0);
  }

  read(bank: number, words: number): void {
    this.reads[bank] = (this.reads[bank] ?? 0) + words;
  }

  write(bank: number, words: number): void {
    this.writes[bank] = (this.writes[bank] ?? 0) + words;
  }
}

/** All counts of a core. */
export class CoreCounter {
  readonly work: readonly WorkCounter[];
  readonly spikes: number[];
  pushes = 0;
  pops = 0;
  drops = 0;
  stalls = 0;
  samples = 0;
  steps = 0;

  constructor(image: Image) {
    this.work = image.work.map(() => new WorkCounter(image.banks.length));
    this.spikes = image.populations.map(() => 0);
  }

  reset(): void {
    for (const counter of this.work) counter.reset();
    this.spikes.fill(0);
    this.pushes = this.pops = this.drops = this.stalls = this.samples = this.steps = 0;
  }

  of(work: number): WorkCounter {
    const counter = this.work[work];
    if (counter === undefined) throw new Error(`no piece of work ${work}`);
    return counter;
  }

  snapshot(): Counters {
    return {
      work: this.work.map((counter) => ({
        runs: counter.runs,
        passes: counter.passes,
        tiles: counter.tiles,
        items: counter.items,
        scannedTiles: counter.scannedTiles,
        reads: [...counter.reads],
        writes: [...counter.writes],
      })),
      spikes: [...this.spikes],
      pushes: this.pushes,
      pops: this.pops,
      drops: this.drops,
      stalls: this.stalls,
      samples: this.samples,
      steps: this.steps,
    };
  }
}

/**
 * Which words of a layout a segment of a row (of a pre-synaptic neuron: the whole row) has touched already. Within a
 * segment words come in ascending order, so the highest one says it all: a word counts when it is first touched.
 */
export class TouchedWords {
  #highest = -1;

  start(): void {
    this.#highest = -1;
  }

  /** How many of the words `first` to `last` are touched for the first time. */
  touch(first: number, last: number): number {
    const fresh = last - Math.max(first - 1, this.#highest);
    if (fresh <= 0) return 0;
    this.#highest = last;
    return fresh;
  }
}
