import type { SpikeTrain } from '../data/index.ts';
import { presented } from '../engine/index.ts';
import { type Image, price } from '../image/index.ts';
import { createMachine } from '../machine/index.ts';
import { energy, grouped, knownEnergyPj, memoryOf } from '../report/index.ts';
import { PlasticoreError } from '../text/index.ts';
import type { Decision } from './decision.ts';
import type { Imported } from './imported.ts';
import type { InputData } from './input-data.ts';
import { fullTrain, trainOf } from './input-train.ts';

/** One of several ways to put a network on a target. */
export interface Way<Made> {
  /** The subject of the choice, and the choice, in words. */
  readonly choices: readonly { readonly what: string; readonly value: string }[];
  /** @throws PlasticoreError `fit` if the target has no room for it */
  make(): Made;
}

/** A network with its image. */
export interface MadeNetwork {
  readonly imported: Imported;
  readonly image: Image;
}

/**
 * Makes the cheapest of several ways: the one whose energy for a sample, times its bits of memory, is least; of a core
 * whose energies nobody knows, the one with the fewest bits.
 *
 * @param data its first sample is run; without any, one of inputs that are at their most in each step
 * @throws PlasticoreError of the last way if a core takes none of them
 */
export function cheapest(
  ways: readonly Way<MadeNetwork>[],
  data: InputData | undefined,
  steps: number,
): MadeNetwork & { readonly decisions: readonly Decision[] } {
  const [only] = ways;
  if (only !== undefined && ways.length === 1) return { ...only.make(), decisions: [] };
  const sample = (imported: Imported) =>
    data === undefined ? fullTrain(imported, steps) : trainOf(imported, data, 0);
  const sampleName =
    data === undefined ? 'a sample of inputs at their most' : `the first sample of ${data.name}`;
  const tried = ways.map((way) => ({ ...way, ...tryOut(way, sample) }));
  const made = tried.flatMap((way) => ('cost' in way ? [way] : []));
  const best = made.reduce<(typeof made)[number] | undefined>(
    (least, way) => (least === undefined || productOf(way.cost) < productOf(least.cost) ? way : least),
    undefined,
  );
  if (best === undefined) throw tried.flatMap((way) => ('error' in way ? [way.error] : [])).at(-1);
  const decisions = best.choices.flatMap(({ what, value }, place): Decision[] => {
    // The other ways that differ in this choice alone.
    const others = tried.flatMap((way) => {
      const other = way.choices[place]?.value;
      const isAlike = way.choices.every(
        (choice, at) => at === place || choice.value === best.choices[at]?.value,
      );
      if (other === undefined || other === value || !isAlike) return [];
      return [`${other}: ${'cost' in way ? costText(way.cost) : 'does not fit'}`];
    });
    if (others.length === 0) return [];
    return [{ what, value, why: `${costText(best.cost)} for ${sampleName}; ${others.join('; ')}` }];
  });
  return { imported: best.imported, image: best.image, decisions };
}

/** The price of a way. */
interface Cost {
  /** Null where nobody knows it. */
  readonly energyPj: number | null;
  readonly bits: number;
}

function productOf({ energyPj, bits }: Cost): number {
  return (energyPj ?? 1) * bits;
}

function costText({ energyPj, bits }: Cost): string {
  return energyPj === null ? `${grouped(bits)} bits` : `${energy(energyPj)} and ${grouped(bits)} bits`;
}

function tryOut(way: Way<MadeNetwork>, sample: (imported: Imported) => SpikeTrain) {
  try {
    const made = way.make();
    return { ...made, cost: costOf(made.image, sample(made.imported)) };
  } catch (error) {
    if (error instanceof PlasticoreError && error.code === 'fit') return { error };
    throw error;
  }
}

/** The energy of a sample on a core, and the memory that inference takes. */
function costOf(image: Image, given: SpikeTrain): Cost {
  const machine = createMachine(image);
  const spikes = presented(image, given);
  machine.begin({ label: 0, learn: false, steps: spikes.steps, spikes });
  for (let step = 0; step < spikes.steps; step++) machine.step();
  return {
    energyPj: knownEnergyPj(price(machine.counters(), image.costs), image.costs),
    bits: memoryOf(image).inferenceBits,
  };
}
