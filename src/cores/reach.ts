import type { CoreEvent, CorePart, SystemImage } from '../compiler/index.ts';
import { at } from '../engine/index.ts';
import { factsOf } from '../image/index.ts';

/**
 * Which spikes a core has to know of. Those of a neuron without synapses on it need not come, if all that they would do
 * there is to visit the neuron's row.
 */
export class Reach {
  /** By core and event: for each neuron that the event may name, whether it does anything; undefined if all do. */
  readonly #acts: readonly (readonly (Uint8Array | undefined)[])[];

  /** For events that are served together. */
  readonly #spreads = new Map<readonly CoreEvent[], Spread>();

  constructor({ cores }: SystemImage) {
    this.#acts = cores.map((part) => part.image.events.named.map((_, event) => neuronsWithRows(part, event)));
  }

  /** Whether an event does anything for a neuron of the population that it is an event of. */
  takes(on: CoreEvent, neuron: number): boolean {
    if (neuron < on.first || neuron >= on.first + on.size) return false;
    const acts = this.#actsOf(on);
    return acts === undefined || acts[neuron - on.first] === 1;
  }

  /**
   * For each of some events that may name all neurons of a population of `size`: those of some spikes for which it does
   * anything, in their order. The lists are valid until the next call.
   *
   * @param mask the bits of a spike that are its neuron
   */
  among(
    events: readonly CoreEvent[],
    size: number,
    spikes: ArrayLike<number>,
    mask: number,
  ): readonly ArrayLike<number>[] {
    let spread = this.#spreads.get(events);
    if (spread === undefined) {
      spread = new Spread(
        events.map((on) => this.#actsOf(on)),
        size,
        mask,
      );
      this.#spreads.set(events, spread);
    }
    return spread.of(spikes);
  }

  #actsOf({ core, event }: CoreEvent): Uint8Array | undefined {
    return at(this.#acts, core)[event];
  }
}

/** An event that acts on one neuron in so many is not asked about each. */
const mostAsked = 4;

/**
 * Shares spikes out to the events that act on them. Where few do, each spike looks its events up, however many cores there
 * are; where most do, each event is asked.
 */
class Spread {
  readonly #acts: readonly (Uint8Array | undefined)[];
  /** The bits of a spike that are its neuron. */
  readonly #mask: number;
  /** By neuron: where the events that act on it begin in `#acting`; undefined where each event is asked. */
  readonly #starts: Uint32Array | undefined;
  readonly #acting: Uint16Array;
  /** The lists, one behind the other, each with room for so many spikes, and where each ends. */
  #lists = new Uint32Array();
  #room = 0;
  readonly #ends: Uint32Array;

  constructor(acts: readonly (Uint8Array | undefined)[], size: number, mask: number) {
    this.#acts = acts;
    this.#mask = mask;
    this.#ends = new Uint32Array(acts.length);
    this.#acting = new Uint16Array();
    const count = acts.reduce(
      (sum, own) => sum + (own?.reduce((acting, does) => acting + does, 0) ?? size),
      0,
    );
    if (count * mostAsked > acts.length * size) return;
    const starts = new Uint32Array(size + 1);
    for (const own of acts)
      for (let neuron = 0; neuron < size; neuron++)
        if (own === undefined || own[neuron] === 1) starts[neuron + 1] = (starts[neuron + 1] ?? 0) + 1;
    for (let neuron = 0; neuron < size; neuron++)
      starts[neuron + 1] = (starts[neuron + 1] ?? 0) + (starts[neuron] ?? 0);
    const next = starts.slice();
    const acting = new Uint16Array(starts[size] ?? 0);
    for (const [event, own] of acts.entries())
      for (let neuron = 0; neuron < size; neuron++) {
        if (own !== undefined && own[neuron] !== 1) continue;
        const place = next[neuron] ?? 0;
        acting[place] = event;
        next[neuron] = place + 1;
      }
    this.#starts = starts;
    this.#acting = acting;
  }

  of(spikes: ArrayLike<number>): readonly ArrayLike<number>[] {
    if (this.#acts.every((own) => own === undefined)) return this.#acts.map(() => spikes);
    const { length } = spikes;
    if (length > this.#room) {
      this.#room = 2 * length;
      this.#lists = new Uint32Array(this.#acts.length * this.#room);
    }
    const lists = this.#lists;
    const ends = this.#ends;
    const room = this.#room;
    for (let event = 0; event < ends.length; event++) ends[event] = event * room;
    if (this.#starts === undefined) this.#askEach(spikes);
    else this.#lookUp(spikes, this.#starts);
    return Array.from(ends, (end, event) => lists.subarray(event * room, end));
  }

  #askEach(spikes: ArrayLike<number>): void {
    const lists = this.#lists;
    for (const [event, own] of this.#acts.entries()) {
      let end = this.#ends[event] ?? 0;
      for (let index = 0; index < spikes.length; index++) {
        const spike = spikes[index] ?? 0;
        lists[end] = spike;
        end += own === undefined ? 1 : (own[spike & this.#mask] ?? 0);
      }
      this.#ends[event] = end;
    }
  }

  #lookUp(spikes: ArrayLike<number>, starts: Uint32Array): void {
    const acting = this.#acting;
    const lists = this.#lists;
    const ends = this.#ends;
    const { length } = spikes;
    const mask = this.#mask;
    for (let index = 0; index < length; index++) {
      const spike = spikes[index] ?? 0;
      const neuron = spike & mask;
      const end = starts[neuron + 1] ?? 0;
      for (let place = starts[neuron] ?? 0; place < end; place++) {
        const event = acting[place] ?? 0;
        const at = ends[event] ?? 0;
        lists[at] = spike;
        ends[event] = at + 1;
      }
    }
  }
}

/** For an event that only visits rows: which of them have synapses here. Undefined if all do, and for other events. */
function neuronsWithRows({ image }: CorePart, event: number): Uint8Array | undefined {
  const starts: Uint32Array[] = [];
  for (const action of at(image.events.named, event).actions) {
    const kernel = action.does === 'run' ? image.kernels[action.kernel] : undefined;
    // A sum is 0 where a row has no synapses, so that this row is visited, too.
    if (kernel?.projection === undefined || kernel.domain !== 'row' || factsOf(kernel).reduces)
      return undefined;
    starts.push(at(image.projections, kernel.projection).segments.rowStart);
  }
  const [first] = starts;
  if (first === undefined) return undefined;
  const acts = Uint8Array.from({ length: first.length - 1 }, (_, row) =>
    starts.some((start) => (start[row + 1] ?? 0) > (start[row] ?? 0)) ? 1 : 0,
  );
  return acts.every((does) => does === 1) ? undefined : acts;
}
