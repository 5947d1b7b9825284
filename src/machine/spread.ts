import { copyWords } from '../engine/index.ts';
import { isLost } from '../image/index.ts';
import { addAt, at, numberAt, wordAt } from '../text/index.ts';

/** How spikes of a population are distributed to events, one event a core: plain data that passes between threads. */
export interface SpreadPlan {
  /** The neuron bits of a spike. */
  readonly mask: number;
  /** Events. */
  readonly events: number;
  /** For each neuron, a list of the events that act on it, or of those that do not, whichever lists are shorter. */
  readonly listed: EventLists;
  /** Whether the listed events act. */
  readonly listedAct: boolean;
  /** By neuron: the core that sends its spikes; undefined if no core does. */
  readonly homes: Uint16Array | undefined;
  /** Which of them are lost on their way; undefined if all arrive. */
  readonly losses: Losses | undefined;
}

/** See `src/image/lost-packets.ts`. */
export interface Losses {
  /** By neuron: the index of its core, to which nothing travels. */
  readonly homes: Uint16Array;
  /** By event: the index of its core, and its number on the chip. */
  readonly cores: readonly number[];
  readonly numbers: readonly number[];
  readonly below: number;
}

/** For each neuron, a list of events. */
interface EventLists {
  /** By neuron: where its list begins; the last one's end follows. */
  readonly starts: Uint32Array;
  readonly events: Uint16Array;
}

/**
 * @param acts by event: for each neuron, 1 if the event does anything for it; undefined if it does for all
 * @param size neurons of the population
 */
export function planSpread(
  acts: readonly (Uint8Array | undefined)[],
  size: number,
  { mask, homes, losses }: Pick<SpreadPlan, 'mask' | 'homes' | 'losses'>,
): SpreadPlan {
  const events = acts.length;
  const count = acts.reduce((sum, own) => sum + (own?.reduce((acting, does) => acting + does, 0) ?? size), 0);
  // Where spikes can be lost, each needs a look for each event.
  const listedAct = losses !== undefined || 2 * count <= events * size;
  return { mask, events, listed: listEvents(acts, size, Number(listedAct)), listedAct, homes, losses };
}

/** The events that act on each neuron, or those that do not. */
function listEvents(acts: readonly (Uint8Array | undefined)[], size: number, does: number): EventLists {
  const starts = new Uint32Array(size + 1);
  const eachListed = (visit: (event: number, neuron: number) => void): void => {
    for (const [event, own] of acts.entries())
      for (let neuron = 0; neuron < size; neuron++)
        if ((own === undefined ? 1 : own[neuron]) === does) visit(event, neuron);
  };
  eachListed((_, neuron) => {
    starts[neuron + 1] = wordAt(starts, neuron + 1) + 1;
  });
  for (let neuron = 0; neuron < size; neuron++)
    starts[neuron + 1] = wordAt(starts, neuron + 1) + wordAt(starts, neuron);
  const next = starts.slice();
  const events = new Uint16Array(wordAt(starts, size));
  eachListed((event, neuron) => {
    const place = wordAt(next, neuron);
    events[place] = event;
    next[neuron] = place + 1;
  });
  return { starts, events };
}

/** Distributes spikes to events: each event gets those that act on it, in their order. */
export class SpikeShares {
  readonly #plan: SpreadPlan;
  readonly #isList: boolean;
  /** The current spikes; an event may take all of them. */
  #spikes: Uint32Array = new Uint32Array();
  /** The events' lists in a row, each with room for all current spikes. */
  #lists: Uint32Array = new Uint32Array();
  #room = 0;
  /** By event: start and end of its spikes in {@link SpikeShares.listOf}. */
  readonly starts: Uint32Array;
  readonly ends: Uint32Array;
  /** By event: the spikes that it takes of the current sender. */
  readonly #fromSender: Int32Array;
  /** By event: the spikes of the current sender that are lost. */
  readonly #lost: Int32Array;
  /** By event, if the listed ones do not act: spikes from here on are not copied yet. */
  readonly #copied: Uint32Array;

  /** @param isList whether what events take is listed, or only counted */
  constructor(plan: SpreadPlan, isList: boolean) {
    this.#plan = plan;
    this.#isList = isList;
    this.starts = new Uint32Array(plan.events);
    this.ends = new Uint32Array(plan.events);
    this.#fromSender = new Int32Array(plan.events);
    this.#lost = new Int32Array(plan.events);
    this.#copied = new Uint32Array(plan.events);
  }

  /**
   * Distributes the first `count` spikes. The lists are valid until the next call.
   *
   * @param drawn decides which are lost, if any can be
   * @param sent is called with the number of spikes from each sender to each event, if a core sends them, and how many
   * of these are lost
   */
  share(
    spikes: Uint32Array,
    count: number,
    drawn: number,
    sent: (sender: number, event: number, spikes: number, lost: number) => void,
  ): void {
    this.#clear(spikes, count);
    const { homes, mask, events, listed, listedAct, losses } = this.#plan;
    const fromSender = this.#fromSender;
    for (let first = 0, end = 0; first < count; first = end) {
      // Neighbours of one core together.
      const home = homes?.[wordAt(spikes, first) & mask] ?? 0;
      end = homes === undefined ? count : first + 1;
      while (end < count && homes?.[wordAt(spikes, end) & mask] === home) end += 1;
      for (let event = 0; event < events; event++) fromSender[event] = listedAct ? 0 : end - first;
      if (losses !== undefined) this.#giveArriving(first, end, drawn, losses);
      else if (listedAct) this.#giveListed(first, end);
      else if (listed.events.length > 0) this.#passListed(first, end);
      if (homes === undefined) continue;
      for (let event = 0; event < events; event++) {
        const taken = numberAt(fromSender, event);
        if (taken > 0) sent(home, event, taken, numberAt(this.#lost, event));
      }
    }
    if (!listedAct) for (let event = 0; event < events; event++) this.#endList(event, count);
  }

  /** An event's list: valid from `starts` to `ends`. */
  listOf(event: number): Uint32Array {
    return this.#takesAll(event) ? this.#spikes : this.#lists;
  }

  #takesAll(event: number): boolean {
    return !this.#plan.listedAct && this.#copied[event] === 0;
  }

  #clear(spikes: Uint32Array, count: number): void {
    this.#spikes = spikes;
    if (count > this.#room) {
      this.#room = 2 * count;
      this.#lists = new Uint32Array(this.ends.length * this.#room);
    }
    for (let event = 0; event < this.starts.length; event++) {
      this.starts[event] = event * this.#room;
      this.ends[event] = event * this.#room;
      this.#copied[event] = 0;
    }
  }

  /** Gives spikes to the events that are listed for their neurons. */
  #giveListed(first: number, end: number): void {
    const { mask, listed } = this.#plan;
    const { starts, events } = listed;
    const { ends } = this;
    const fromSender = this.#fromSender;
    const lists = this.#lists;
    const spikes = this.#spikes;
    for (let from = first; from < end; from++) {
      const spike = wordAt(spikes, from);
      const neuron = spike & mask;
      const past = wordAt(starts, neuron + 1);
      for (let place = wordAt(starts, neuron); place < past; place++) {
        const event = wordAt(events, place);
        const at = wordAt(ends, event);
        lists[at] = spike;
        ends[event] = at + 1;
        addAt(fromSender, event, 1);
      }
    }
  }

  /** The same, but for those that are lost. */
  #giveArriving(first: number, end: number, drawn: number, { homes, cores, numbers, below }: Losses): void {
    const { mask, listed } = this.#plan;
    const { starts, events } = listed;
    this.#lost.fill(0);
    for (let from = first; from < end; from++) {
      const spike = wordAt(this.#spikes, from);
      const neuron = spike & mask;
      const past = wordAt(starts, neuron + 1);
      for (let place = wordAt(starts, neuron); place < past; place++) {
        const event = at(events, place);
        addAt(this.#fromSender, event, 1);
        const isOwn = homes[neuron] === at(cores, event);
        if (!isOwn && isLost(drawn, neuron, at(numbers, event), below)) {
          addAt(this.#lost, event, 1);
          continue;
        }
        const next = wordAt(this.ends, event);
        this.#lists[next] = spike;
        this.ends[event] = next + 1;
      }
    }
  }

  /** Gives spikes to all events that are not listed: each first copies those before a spike that it leaves out. */
  #passListed(first: number, end: number): void {
    const { mask, listed } = this.#plan;
    const { starts, events } = listed;
    const fromSender = this.#fromSender;
    const spikes = this.#spikes;
    for (let from = first; from < end; from++) {
      const neuron = wordAt(spikes, from) & mask;
      const past = wordAt(starts, neuron + 1);
      for (let place = wordAt(starts, neuron); place < past; place++) {
        const event = wordAt(events, place);
        this.#copy(event, from);
        this.#copied[event] = from + 1;
        addAt(fromSender, event, -1);
      }
    }
  }

  /** An event that leaves no spike out uses the list of all spikes. */
  #endList(event: number, count: number): void {
    if (!this.#takesAll(event)) {
      this.#copy(event, count);
      return;
    }
    this.starts[event] = 0;
    this.ends[event] = count;
  }

  /** Copies the remaining spikes up to one. */
  #copy(event: number, end: number): void {
    const start = wordAt(this.#copied, event);
    const place = wordAt(this.ends, event);
    if (this.#isList) copyWords(this.#spikes, start, end, this.#lists, place);
    this.ends[event] = place + end - start;
  }
}
