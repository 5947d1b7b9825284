import type { Probe, ReferenceCore, ReferenceOptions } from '../engine/index.ts';
import { addRuns, type Counters, noWork, type WorkTally, workCycles } from '../image/index.ts';
import { addAt } from '../text/index.ts';
import type { TimelineSink } from './estimate.ts';

/** A piece of work that is under way. */
interface Frame {
  readonly work: number;
  readonly neuron: number;
  readonly beganPs: number;
  readonly count: WorkTally;
  ownCycles: number;
}

/** The events of a core. */
export interface CoreTrackOptions {
  readonly sink: TimelineSink;
  /** Its place among the cores of the machine. */
  readonly core: number;
  /** Of each of its populations: the index in the whole program, and the position there of its first neuron. */
  readonly populations: readonly { readonly population: number; readonly first: number }[];
  /** Whether to tell what each tile accesses. */
  readonly tiles: boolean;
  /** Called when a piece of work has ended that none is waiting for. */
  readonly ended?: ((work: number, neuron: number, ps: number) => void) | undefined;
}

/**
 * Tells in time what a core on the reference engine does. Time is what `price` makes of its counts so far: pieces of
 * work follow one another at their intervals, and an event that leaves the FIFO takes its cycles. So times add up to
 * the cycles of the run.
 */
export class CoreTrack {
  readonly options: Pick<ReferenceOptions, 'probe' | 'visited'>;
  readonly #frames: Frame[] = [];
  readonly #known: CoreTrackOptions;
  #core: ReferenceCore | undefined;
  /** The counts when time was last told. */
  #before: readonly WorkTally[] = [];
  #cycles = 0;
  #basePs = 0;
  #baseCycles = 0;
  #reads: number[] = [];
  #writes: number[] = [];

  constructor(known: CoreTrackOptions) {
    this.#known = known;
    this.options = {
      probe: this.#probe(),
      ...(known.tiles && { visited: () => this.#accessed() }),
    };
  }

  /** Begins to tell, from the core's present counts on. */
  start(core: ReferenceCore): void {
    this.#core = core;
    const { work, banks } = core.image;
    this.#before = work.map(() => noWork(banks.length));
    for (const [index, count] of core.counting.work.entries()) addRuns(this.#tallyOf(index), count);
    this.#cycles = 0;
    this.#reads = banks.map(() => 0);
    this.#writes = banks.map(() => 0);
  }

  /** From here on, the core's work follows this moment. */
  moveTo(ps: number): void {
    this.#basePs = ps;
    this.#baseCycles = this.#cycles;
  }

  get ps(): number {
    return this.#basePs + this.#psOf(this.#cycles - this.#baseCycles);
  }

  #psOf(cycles: number): number {
    return (cycles * 1e6) / (this.#core?.image.costs.clockMhz ?? 1);
  }

  #tallyOf(work: number): WorkTally {
    const tally = this.#before[work];
    if (tally === undefined) throw new Error(`no piece of work ${work}`);
    return tally;
  }

  get #counting(): Counters {
    if (this.#core === undefined) throw new Error('a core that is not followed yet');
    return this.#core.counting;
  }

  /** Adds what the piece of work that is under way has counted since. */
  #settle(): void {
    const frame = this.#frames.at(-1);
    const cost = frame && this.#core?.image.costs.work[frame.work];
    const now = frame && this.#counting.work[frame.work];
    if (frame === undefined || cost === undefined || now === undefined) return;
    const before = this.#tallyOf(frame.work);
    const more = noWork(now.reads.length);
    addRuns(more, now);
    addRuns(more, before, -1);
    addRuns(frame.count, more);
    addRuns(before, more);
    const cycles = workCycles(more, cost);
    frame.ownCycles += cycles;
    this.#cycles += cycles;
    for (const [bank, words] of more.reads.entries()) addAt(this.#reads, bank, words);
    for (const [bank, words] of more.writes.entries()) addAt(this.#writes, bank, words);
  }

  #accessed(): void {
    if (this.#core === undefined) return;
    this.#settle();
    const { sink, core } = this.#known;
    sink({ is: 'accessed', ps: this.ps, core, reads: this.#reads, writes: this.#writes });
  }

  #probe(): Probe {
    const { sink, core, populations, ended } = this.#known;
    const named = (population: number, neuron: number) => {
      const { population: whole = population, first = 0 } = populations[population] ?? {};
      return { population: whole, neuron: first + neuron };
    };
    /** Nothing is told before the window. */
    const told =
      <Given extends readonly unknown[]>(tell: (...given: Given) => void) =>
      (...given: Given) => {
        if (this.#core === undefined) return;
        this.#settle();
        tell(...given);
      };
    const passed = (is: 'spike' | 'pushed' | 'dropped') =>
      told((population: number, neuron: number) => {
        sink({ is, ps: this.ps, core, ...named(population, neuron) });
      });
    return {
      began: told((work: number, neuron: number) => {
        const beganPs = this.ps;
        const count = noWork(this.#reads.length);
        this.#frames.push({ work, neuron, beganPs, count, ownCycles: 0 });
        sink({ is: 'began', ps: beganPs, core, work, neuron });
      }),
      ended: told(() => {
        const frame = this.#frames.pop();
        if (frame === undefined) return;
        const { work, neuron, beganPs, count, ownCycles } = frame;
        const ps = this.ps;
        const ownPs = this.#psOf(ownCycles);
        const [reads, writes] = [this.#reads, this.#writes];
        sink({ is: 'ended', ps, core, work, neuron, beganPs, ownPs, count, reads, writes });
        ended?.(work, this.#frames.length === 0 ? neuron : 0, ps);
      }),
      spiked: passed('spike'),
      pushed: passed('pushed'),
      dropped: passed('dropped'),
      popped: told((population: number, neuron: number) => {
        const beganPs = this.ps;
        this.#cycles += this.#core?.image.costs.eventCycles ?? 0;
        sink({ is: 'popped', ps: this.ps, core, beganPs, ...named(population, neuron) });
      }),
    };
  }
}
