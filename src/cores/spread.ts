/**
 * How spikes of a population are shared out to events that act on them, one event a core. It is plain data, which passes
 * between threads.
 */
export interface SpreadPlan {
  /** The bits of a spike that are its neuron. */
  readonly mask: number;
  /** Events. */
  readonly events: number;
  /** By event: for each neuron, 1 if the event does anything for it; undefined if it does for all. */
  readonly acts: readonly (Uint8Array | undefined)[];
  /** Where few events act on a neuron, in place of `acts`: those that do. */
  readonly acting: Acting | undefined;
  /** By neuron: the core that sends its spikes; undefined where none does. */
  readonly homes: Uint16Array | undefined;
}

/** For each neuron, a list of events. */
interface Acting {
  /** By neuron: where its list begins; the last one's end follows. */
  readonly starts: Uint32Array;
  readonly events: Uint16Array;
}

/** An event that acts on one neuron in so many is not asked about each. */
const mostAsked = 4;

/**
 * Where few events act on a neuron, each spike looks them up, however many cores there are; where most do, each event is
 * asked.
 *
 * @param acts see {@link SpreadPlan}
 * @param size neurons of the population
 */
export function planSpread(
  acts: readonly (Uint8Array | undefined)[],
  size: number,
  { mask, homes }: Pick<SpreadPlan, 'mask' | 'homes'>,
): SpreadPlan {
  const events = acts.length;
  const count = acts.reduce((sum, own) => sum + (own?.reduce((acting, does) => acting + does, 0) ?? size), 0);
  if (count * mostAsked > events * size) return { mask, events, acts, acting: undefined, homes };
  return { mask, events, acts: [], acting: listActing(acts, size, count), homes };
}

function listActing(acts: readonly (Uint8Array | undefined)[], size: number, count: number): Acting {
  const starts = new Uint32Array(size + 1);
  for (const own of acts)
    for (let neuron = 0; neuron < size; neuron++)
      if (own === undefined || own[neuron] === 1) starts[neuron + 1] = (starts[neuron + 1] ?? 0) + 1;
  for (let neuron = 0; neuron < size; neuron++)
    starts[neuron + 1] = (starts[neuron + 1] ?? 0) + (starts[neuron] ?? 0);
  const next = starts.slice();
  const events = new Uint16Array(count);
  for (const [event, own] of acts.entries())
    for (let neuron = 0; neuron < size; neuron++) {
      if (own !== undefined && own[neuron] !== 1) continue;
      const place = next[neuron] ?? 0;
      events[place] = event;
      next[neuron] = place + 1;
    }
  return { starts, events };
}

/** Shares spikes out to events: for each event, those on which it acts, in their order. */
export class Spread {
  readonly #plan: SpreadPlan;
  /** The spikes at hand, all of which an event may take. */
  #spikes: Uint32Array = new Uint32Array();
  /** Lists of what other events take, one behind the other, each with room for so many spikes. */
  #lists: Uint32Array = new Uint32Array();
  #room = 0;
  /** By event: where what it takes begins and ends in its list. */
  readonly starts: Uint32Array;
  readonly ends: Uint32Array;
  /** By event: where its list ended before the spikes of the sender at hand. */
  readonly #before: Uint32Array;

  constructor(plan: SpreadPlan) {
    this.#plan = plan;
    this.starts = new Uint32Array(plan.events);
    this.ends = new Uint32Array(plan.events);
    this.#before = new Uint32Array(plan.events);
  }

  /**
   * Shares out the first `count` spikes. The lists are valid until the next call.
   *
   * @param sent is told how many spikes each sender sends to each event, where any core sends them
   */
  share(
    spikes: Uint32Array,
    count: number,
    sent: (sender: number, event: number, spikes: number) => void,
  ): void {
    this.#clear(spikes, count);
    const { homes, mask, events } = this.#plan;
    if (homes === undefined) {
      this.#append(spikes, 0, count);
      return;
    }
    const before = this.#before;
    const { ends } = this;
    for (let first = 0, end = 0; first < count; first = end) {
      // Neighbours of one core together.
      const home = homes[(spikes[first] ?? 0) & mask] ?? 0;
      end = first + 1;
      while (end < count && homes[(spikes[end] ?? 0) & mask] === home) end += 1;
      before.set(ends);
      this.#append(spikes, first, end);
      for (let event = 0; event < events; event++) {
        const more = (ends[event] ?? 0) - (before[event] ?? 0);
        if (more > 0) sent(home, event, more);
      }
    }
  }

  /** What an event takes: its part, from `starts` to `ends`. */
  listOf(event: number): Uint32Array {
    return this.#takesAll(event) ? this.#spikes : this.#lists;
  }

  #takesAll(event: number): boolean {
    return this.#plan.acting === undefined && this.#plan.acts[event] === undefined;
  }

  #clear(spikes: Uint32Array, count: number): void {
    const { starts, ends } = this;
    this.#spikes = spikes;
    if (count > this.#room) {
      this.#room = 2 * count;
      this.#lists = new Uint32Array(ends.length * this.#room);
      for (let event = 0; event < starts.length; event++)
        starts[event] = this.#takesAll(event) ? 0 : event * this.#room;
    }
    ends.set(starts);
  }

  #append(spikes: Uint32Array, first: number, end: number): void {
    const { acting } = this.#plan;
    if (acting === undefined) this.#askEach(spikes, first, end);
    else this.#lookUp(spikes, first, end, acting);
  }

  #askEach(spikes: Uint32Array, first: number, end: number): void {
    const { acts, mask } = this.#plan;
    const { ends } = this;
    const lists = this.#lists;
    for (let event = 0; event < ends.length; event++) {
      const own = acts[event];
      let place = ends[event] ?? 0;
      if (own === undefined) place += end - first;
      else
        for (let from = first; from < end; from++) {
          const spike = spikes[from] ?? 0;
          lists[place] = spike;
          place += own[spike & mask] ?? 0;
        }
      ends[event] = place;
    }
  }

  #lookUp(spikes: Uint32Array, first: number, end: number, { starts, events }: Acting): void {
    const { ends } = this;
    const lists = this.#lists;
    const { mask } = this.#plan;
    for (let from = first; from < end; from++) {
      const spike = spikes[from] ?? 0;
      const neuron = spike & mask;
      const past = starts[neuron + 1] ?? 0;
      for (let place = starts[neuron] ?? 0; place < past; place++) {
        const event = events[place] ?? 0;
        const at = ends[event] ?? 0;
        lists[at] = spike;
        ends[event] = at + 1;
      }
    }
  }
}
