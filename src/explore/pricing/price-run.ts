import { type CostBasis, imageOn } from '../../compiler/index.ts';
import type { HwModel } from '../../hardware/index.ts';
import { type Counters, energyBounds, type Image, price } from '../../image/index.ts';
import {
  areaReport,
  figuresOfRun,
  itemsThatCount,
  knownEnergyPj,
  priceRemarks,
  type Remark,
  type ReportedPhase,
  type RunCounts,
  type RunFigures,
  shareOfPj,
  sumOfEpochs,
} from '../../report/index.ts';

/** A run whose counts several designs share. */
export interface SharedRun {
  /** Without the contents of its banks; its prices mean nothing. */
  readonly image: Image;
  readonly basis: CostBasis;
  readonly counts: RunCounts;
  readonly trained: { readonly samples: number; readonly counters: Counters };
  /** Scored samples, and the share of right answers among them. */
  readonly scored: { readonly samples: number; readonly accuracy: number | null };
  readonly memory: { readonly totalBits: number; readonly inferenceBits: number };
  /** Those that do not depend on prices. */
  readonly remarks: readonly Remark[];
}

export function sharedRun(run: Omit<SharedRun, 'trained'>): SharedRun {
  const { history } = run.counts;
  const samples = history.reduce((sum, epoch) => sum + epoch.samples, 0);
  return { ...run, trained: { samples, counters: sumOfEpochs(history, run.image) } };
}

/**
 * The figures of a design from the counts of a run, which it may share with other designs.
 *
 * @throws PlasticoreError `fit` if the program does not fit the core
 */
export function priceRun(hw: HwModel, run: SharedRun): RunFigures {
  const { image: unpriced, basis, counts, trained, scored, memory, remarks } = run;
  const image = imageOn(unpriced, hw, basis);
  return figuresOfRun(
    {
      train: phaseOf(image, trained.counters, { samples: trained.samples, accuracy: null }),
      memory,
      core: { area: areaReport(image.costs) },
      remarks: [...priceRemarks(image, [trained.counters, counts.scored]), ...remarks],
    },
    phaseOf(image, counts.scored, scored),
  );
}

/** A phase as far as figures rest on it: a report has more, which takes longer to make for each of many designs. */
function phaseOf(
  image: Image,
  counters: Counters,
  { samples, accuracy }: SharedRun['scored'],
): ReportedPhase {
  if (samples === 0) return { accuracy, samples, perSample: null };
  const { costs } = image;
  const priced = price(counters, costs);
  const { energyPj, latencyNs, cycles, workCycles } = priced;
  const totalPj = knownEnergyPj(priced, costs);
  const { low, high } = energyBounds(priced, costs);
  const share = (parts: Readonly<Record<string, number>>) =>
    Object.fromEntries(Object.entries(parts).map(([name, pj]) => [name, pj / samples]));
  return {
    accuracy,
    samples,
    perSample: {
      energyPj: {
        total: shareOfPj(totalPj, samples),
        byUnit: share(energyPj.byUnit),
        bySource: share(energyPj.bySource),
        interval: totalPj === null ? null : { low: low / samples, high: high / samples },
      },
      latencyNs: latencyNs / samples,
      counters: {
        cycles: cycles / samples,
        updates: itemsThatCount(image, counters, 'update') / samples,
        // In all samples: what bounds them are shares.
        byKernel: costs.work.map(({ boundBy }, index) => ({ boundBy, cycles: workCycles[index] ?? 0 })),
      },
    },
  };
}
