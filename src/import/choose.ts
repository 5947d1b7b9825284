import type { SpikeTrain } from '../data/index.ts';
import { presented } from '../engine/index.ts';
import { type Image, price } from '../image/index.ts';
import { createMachine } from '../machine/index.ts';
import { energy } from '../report/index.ts';
import { PlasticoreError } from '../text/index.ts';
import type { Decision } from './decision.ts';
import type { ImportedNetwork } from './import.ts';

/** One of several ways to put a network on a core. */
export interface Way {
  /** What is chosen, and this choice, in words. */
  readonly what: string;
  readonly value: string;
  /** @throws PlasticoreError `fit` if the core has no room for it */
  make(): MadeNetwork;
}

/** A network with its image. */
export interface MadeNetwork {
  readonly imported: ImportedNetwork;
  readonly image: Image;
}

/**
 * Makes the cheapest of several ways: the one that takes least energy for a sample.
 *
 * @param sample what comes in
 * @param sampleName how a decision calls it
 * @throws PlasticoreError of the last way if a core takes none of them
 */
export function cheapest(
  ways: readonly Way[],
  sample: (imported: ImportedNetwork) => SpikeTrain,
  sampleName: string,
): MadeNetwork & { readonly decisions: readonly Decision[] } {
  const [only] = ways;
  if (only !== undefined && ways.length === 1) return { ...only.make(), decisions: [] };
  const tried = ways.map((way) => ({ ...way, ...tryOut(way, sample) }));
  const made = tried.flatMap((way) => ('cost' in way ? [way] : []));
  const best = made.reduce<(typeof made)[number] | undefined>(
    (least, way) => (least === undefined || way.cost < least.cost ? way : least),
    undefined,
  );
  if (best === undefined) throw tried.flatMap((way) => ('error' in way ? [way.error] : [])).at(-1);
  const others = tried
    .filter(({ value }) => value !== best.value)
    .map((way) => ('cost' in way ? `${way.value}: ${energy(way.cost)}` : `${way.value}: does not fit`));
  const decision = {
    what: best.what,
    value: best.value,
    why: `${energy(best.cost)} for ${sampleName}; ${others.join('; ')}`,
  };
  return { imported: best.imported, image: best.image, decisions: [decision] };
}

function tryOut(way: Way, sample: (imported: ImportedNetwork) => SpikeTrain) {
  try {
    const made = way.make();
    return { ...made, cost: energyOf(made.image, sample(made.imported)) };
  } catch (error) {
    if (error instanceof PlasticoreError && error.code === 'fit') return { error };
    throw error;
  }
}

/** Energy of a sample on a core, in pJ. */
function energyOf(image: Image, given: SpikeTrain): number {
  const machine = createMachine(image);
  const spikes = presented(image, given);
  machine.begin({ label: 0, learn: false, steps: spikes.steps, spikes });
  for (let step = 0; step < spikes.steps; step++) machine.step();
  return price(machine.counters(), image.costs).energyPj.total;
}
