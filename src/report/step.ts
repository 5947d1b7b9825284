import { type Counters, type ProgramView, price } from '../image/index.ts';
import { sum } from '../text/index.ts';
import { hasEnergies } from './known.ts';

/** The cost of one time step of a chip of many cores. */
export interface StepReport {
  /** Spikes, those of the input included. */
  readonly fired: number;
  /** Updates of neurons: a neuron counts once for each kernel that visits it, and for each copy that repeats it. */
  readonly updated: number;
  /** Packets from core to core. */
  readonly packets: number;
  readonly hops: number;
  /** Synaptic operations. */
  readonly sops: number;
  readonly timePs: number;
  /** By unit: classes of operations, banks, router, network, leakage and static power; none where nobody knows it. */
  readonly energyPj: Readonly<Record<string, number>>;
}

/** Prices what was counted in a step. */
export function stepReport({ kernels, costs }: ProgramView, counts: Counters): StepReport {
  const { network, spikes, work } = counts;
  if (network === undefined) throw new Error('a step on a single core');
  const itemsOf = (isMeant: (kernel: ProgramView['kernels'][number]) => boolean): number =>
    sum(kernels.map((kernel, index) => (isMeant(kernel) ? (work[index]?.items ?? 0) : 0)));
  return {
    fired: sum(spikes),
    updated: itemsOf(({ population }) => population !== undefined),
    packets: network.send,
    hops: network.hopX + network.hopY,
    sops: itemsOf(({ counts: as }) => as === 'sop'),
    timePs: network.timePs,
    energyPj: hasEnergies(costs) ? price(counts, costs).energyPj.byUnit : {},
  };
}
