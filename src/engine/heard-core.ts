import { type CoreImage, hexWord } from '../image/index.ts';
import { domainNamed, eventScalars, hostScalars } from '../isa/index.ts';
import { at, wordAt } from '../text/index.ts';
import type { Core } from './core.ts';

const neuronScalar = eventScalars.indexOf('neuron');
const labelScalar = eventScalars.length + hostScalars.indexOf('label');
const stepScalar = eventScalars.length + hostScalars.indexOf('step');

/** The requests to a core of a chip, in order. */
export type CoreDeed =
  | {
      readonly does: 'event';
      readonly event: number;
      readonly label: number;
      readonly step: number;
      /** The event runs for each of these, or once for none. */
      readonly neurons: readonly number[];
      /** Whether they have come as spikes that are taken from the FIFO. */
      readonly arrives: boolean;
      /** The spikes that the core emits, as addresses. */
      readonly emitted: readonly number[];
    }
  | { readonly does: 'write'; readonly words: readonly WrittenWord[] };

/** A word of a bank that another core's values have changed. */
interface WrittenWord {
  readonly bank: number;
  readonly address: number;
  /** Hexadecimal digits. */
  readonly bits: string;
}

/** A core of a chip that tells what the chip asks of it. */
export interface HeardCore {
  /** Takes the place of the core. */
  readonly core: Core;
  /** Cycles of its work, and of the spikes that it has taken from its FIFO. */
  readonly cycles: () => number;
  /** Says that spikes have arrived: those that trigger next are taken from the FIFO. */
  readonly arrive: (spikes: number) => void;
}

/** @param tell is told of each request when the core has carried it out */
export function hearCore(core: Core, tell: (deed: CoreDeed) => void): HeardCore {
  const { image } = core;
  /** Spikes that have arrived and triggered nothing yet; below 0, those that have triggered before they were told. */
  let arrived = 0;
  let taken = 0;
  const told = (event: number, neurons: readonly number[], arrives: boolean, run: () => number): number => {
    const label = at(core.event, labelScalar);
    const step = at(core.event, stepScalar);
    const count = run();
    const emitted = [...core.emitted.subarray(0, count)];
    tell({ does: 'event', event, label, step, neurons, arrives, emitted });
    return count;
  };
  const heard: Pick<Core, 'trigger' | 'triggerEach' | 'write' | 'resetCounters'> = {
    trigger(event) {
      const arrives = arrived > 0;
      if (arrives) arrived -= 1;
      const neurons = arrives || takesNeuron(image, event) ? [at(core.event, neuronScalar)] : [];
      return told(event, neurons, arrives, () => core.trigger(event));
    },
    triggerEach(event, neurons, from = 0, to = neurons.length) {
      const own = Array.from({ length: to - from }, (_, index) => at(neurons, from + index));
      arrived -= own.length;
      return told(event, own, true, () => core.triggerEach(event, neurons, from, to));
    },
    write(field, values) {
      const before = core.save().banks;
      core.write(field, values);
      const words = changedWords(image, before, core.save().banks);
      if (words.length > 0) tell({ does: 'write', words });
    },
    resetCounters() {
      core.resetCounters();
      taken = 0;
    },
  };
  return {
    core: new Proxy(core, {
      get(_, key) {
        const value: unknown = Reflect.get(Object.hasOwn(heard, key) ? heard : core, key);
        return typeof value === 'function' ? value.bind(core) : value;
      },
    }),
    cycles: () => core.busyCycles() + taken,
    arrive: (spikes) => {
      arrived += spikes;
      taken += spikes * image.costs.eventCycles;
    },
  };
}

/** Whether a list runs kernels that need the neuron of the event. */
function takesNeuron({ events, kernels }: CoreImage, event: number): boolean {
  return at(events.named, event).actions.some(
    (action) => action.does === 'run' && domainNamed(at(kernels, action.kernel).domain).needsEvent,
  );
}

function changedWords(
  { banks }: CoreImage,
  before: readonly Uint32Array[],
  after: readonly Uint32Array[],
): WrittenWord[] {
  return banks.flatMap(({ usedWords, wordBits }, bank) => {
    const changed: WrittenWord[] = [];
    for (let address = 0; address < usedWords; address++) {
      const first = address * wordBits;
      if (isEqual(at(before, bank), at(after, bank), first, first + wordBits)) continue;
      changed.push({ bank, address, bits: hexWord(at(after, bank), first, wordBits) });
    }
    return changed;
  });
}

/** Whether two banks have the same bits from one on to before another. */
function isEqual(a: Uint32Array, b: Uint32Array, from: number, to: number): boolean {
  // Words of a bank may begin and end within those of the array.
  for (let word = from >>> 5; word <= (to - 1) >>> 5; word++) {
    const low = Math.max(from - 32 * word, 0);
    const high = Math.min(to - 32 * word, 32);
    const mask = ((2 ** high - 1) & ~(2 ** low - 1)) >>> 0;
    if (((wordAt(a, word) ^ wordAt(b, word)) & mask) !== 0) return false;
  }
  return true;
}
