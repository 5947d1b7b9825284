import { at } from '../arrays/index.ts';
import { type CoreEvent, factsOf, type PlacedCore, type SpreadImage } from '../image/index.ts';

/**
 * The spikes that a core needs. It does not need those of a neuron without synapses on it, if they would only visit the
 * neuron's row.
 */
export class Reach {
  /** By core and event: for each neuron that the event may name, whether it does anything; undefined if all do. */
  readonly #acts: readonly (readonly (Uint8Array | undefined)[])[];

  constructor({ cores }: SpreadImage) {
    this.#acts = cores.map((part) => part.image.events.named.map((_, event) => neuronsWithRows(part, event)));
  }

  /** Whether an event does anything for a neuron of its population. */
  takes(on: CoreEvent, neuron: number): boolean {
    if (neuron < on.first || neuron >= on.first + on.size) return false;
    const acts = this.actsOf(on);
    return acts === undefined || acts[neuron - on.first] === 1;
  }

  /** For each neuron that an event may name, 1 if it does anything; undefined if it does for all. */
  actsOf({ core, event }: CoreEvent): Uint8Array | undefined {
    return at(this.#acts, core)[event];
  }
}

/** For an event that only visits rows: which of them have synapses here. Undefined if all do, and for other events. */
function neuronsWithRows({ image }: PlacedCore, event: number): Uint8Array | undefined {
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
