import { type CostBasis, imageOn } from '../../compiler/index.ts';
import type { HwModel } from '../../hardware/index.ts';
import { type Counters, type Image, price } from '../../image/index.ts';
import {
  boundOf,
  knownEnergyPj,
  type Parts,
  priceRemarks,
  type Remark,
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
  const { area, network } = image.costs;
  const cores = network?.cores ?? 1;
  const ofAllCores = (parts: Readonly<Record<string, number>>) =>
    Object.fromEntries(Object.entries(parts).map(([name, um2]) => [name, um2 * cores]));
  const learning = perSample(image, trained.counters, trained.samples);
  const inference = perSample(image, counts.scored, scored.samples);
  return {
    figures: {
      accuracy: scored.accuracy,
      energyPj: inference.energyPj,
      trainingEnergyPj: learning.energyPj,
      latencyNs: inference.latencyNs,
      trainingLatencyNs: learning.latencyNs,
      cycles: inference.cycles,
      trainingCycles: learning.cycles,
      // An FPGA has none, and neither has a model that states none.
      areaUm2: area.totalUm2 === 0 ? null : area.totalUm2 * cores,
      bits: memory.totalBits,
      inferenceBits: memory.inferenceBits,
    },
    parts: {
      energyPj: inference.parts,
      trainingEnergyPj: learning.parts,
      areaUm2: { byUnit: ofAllCores(area.byUnit), bySource: ofAllCores(area.bySource) },
      bound: inference.bound,
      trainingBound: learning.bound,
    },
    scoredSamples: scored.samples,
    remarks: [...priceRemarks(image, [trained.counters, counts.scored]), ...remarks],
  };
}

const noParts: Parts = { byUnit: {}, bySource: {} };
const noCosts = { energyPj: null, latencyNs: null, cycles: null, parts: noParts, bound: {} };

/** Costs of a sample; none without samples. */
function perSample({ costs }: Image, counters: Counters, samples: number) {
  if (samples === 0) return noCosts;
  const priced = price(counters, costs);
  const { energyPj, latencyNs, cycles, workCycles } = priced;
  const totalPj = knownEnergyPj(priced, costs);
  const share = (parts: Readonly<Record<string, number>>) =>
    Object.fromEntries(Object.entries(parts).map(([name, pj]) => [name, pj / samples]));
  return {
    energyPj: shareOfPj(totalPj, samples),
    latencyNs: latencyNs / samples,
    cycles: cycles / samples,
    parts:
      totalPj === null ? noParts : { byUnit: share(energyPj.byUnit), bySource: share(energyPj.bySource) },
    bound: boundOf(costs.work.map(({ boundBy }, index) => ({ boundBy, cycles: workCycles[index] ?? 0 }))),
  };
}
