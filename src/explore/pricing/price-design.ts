import { type CostBasis, imageOn } from '../../compiler/index.ts';
import type { HwModel } from '../../hardware/index.ts';
import { type Counters, type Image, price } from '../../image/index.ts';
import {
  type ExploredFigures,
  type ExploredParts,
  type FigureSpreads,
  figureSpreads,
  knownEnergyPj,
  mean,
  meansOf,
  type Parts,
  priceRemarks,
  type Remark,
  type RunCounts,
  shareOfPj,
  sumOfEpochs,
} from '../../report/index.ts';
import { tableOf } from '../../text/index.ts';

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

export interface PricedDesign {
  readonly figures: ExploredFigures;
  readonly spreads: FigureSpreads;
  readonly parts: ExploredParts;
  /** Of each run. */
  readonly scoredSamples: number;
  readonly remarks: readonly Remark[];
}

/**
 * The figures of a design from the counts of its runs, one for each seed, which it may share with other
 * designs.
 *
 * @throws PlasticoreError `fit` if the program does not fit the core
 */
export function priceDesign(hw: HwModel, runs: readonly SharedRun[]): PricedDesign {
  const priced = runs.map((run) => priceRun(hw, run));
  const valuesOf = (figure: (one: (typeof priced)[number]) => number | null | undefined) =>
    priced.flatMap((one) => figure(one) ?? []);
  const values: Readonly<Record<keyof ExploredFigures, readonly number[]>> = {
    accuracy: valuesOf(({ accuracy }) => accuracy),
    energyPj: valuesOf(({ scored }) => scored?.energyPj),
    trainingEnergyPj: valuesOf(({ trained }) => trained?.energyPj),
    latencyNs: valuesOf(({ scored }) => scored?.latencyNs),
    trainingLatencyNs: valuesOf(({ trained }) => trained?.latencyNs),
    areaUm2: valuesOf(({ areaUm2 }) => areaUm2),
    bits: valuesOf(({ memory }) => memory.totalBits),
    inferenceBits: valuesOf(({ memory }) => memory.inferenceBits),
  };
  const spreads = figureSpreads((name) => values[name]);
  const remarks = new Map(priced.flatMap((one) => one.remarks).map((remark) => [remark.text, remark]));
  return {
    figures: meansOf(spreads),
    spreads,
    parts: {
      energyPj: meanParts(priced.flatMap(({ scored }) => scored?.parts ?? [])),
      trainingEnergyPj: meanParts(priced.flatMap(({ trained }) => trained?.parts ?? [])),
      areaUm2: meanParts(priced.map(({ areaParts }) => areaParts)),
      bound: meanByName(priced.flatMap(({ scored }) => (scored === undefined ? [] : [scored.bound]))),
      trainingBound: meanByName(
        priced.flatMap(({ trained }) => (trained === undefined ? [] : [trained.bound])),
      ),
    },
    scoredSamples: Math.min(...runs.map(({ scored }) => scored.samples)),
    remarks: [...remarks.values()],
  };
}

function priceRun(
  hw: HwModel,
  { image: unpriced, basis, counts, trained, scored, memory, remarks }: SharedRun,
) {
  const image = imageOn(unpriced, hw, basis);
  const { area, network } = image.costs;
  const cores = network?.cores ?? 1;
  const times = (parts: Readonly<Record<string, number>>) =>
    Object.fromEntries(Object.entries(parts).map(([name, um2]) => [name, um2 * cores]));
  return {
    accuracy: scored.accuracy,
    memory,
    // An FPGA has none, and neither has a model that states none.
    areaUm2: area.totalUm2 === 0 ? undefined : area.totalUm2 * cores,
    areaParts: { byUnit: times(area.byUnit), bySource: times(area.bySource) },
    trained: perSample(image, trained.counters, trained.samples),
    scored: perSample(image, counts.scored, scored.samples),
    remarks: [...priceRemarks(image, [trained.counters, counts.scored]), ...remarks],
  };
}

/** Costs of a sample; undefined without samples. */
function perSample({ costs }: Image, counters: Counters, samples: number) {
  if (samples === 0) return undefined;
  const priced = price(counters, costs);
  const { energyPj, latencyNs, workCycles } = priced;
  const totalPj = knownEnergyPj(priced, costs);
  const share = (parts: Readonly<Record<string, number>>) =>
    Object.fromEntries(Object.entries(parts).map(([name, pj]) => [name, pj / samples]));
  return {
    energyPj: shareOfPj(totalPj, samples),
    latencyNs: latencyNs / samples,
    parts:
      totalPj === null
        ? { byUnit: {}, bySource: {} }
        : { byUnit: share(energyPj.byUnit), bySource: share(energyPj.bySource) },
    bound: boundOf(workCycles, costs.work),
  };
}

/** Shares of the cycles by what bounds them. */
function boundOf(
  workCycles: readonly number[],
  work: readonly { readonly boundBy: string }[],
): Readonly<Record<string, number>> {
  const all = workCycles.reduce((sum, cycles) => sum + cycles, 0);
  const shares = tableOf<number>();
  for (const [index, { boundBy }] of work.entries()) {
    const cycles = workCycles[index] ?? 0;
    if (cycles > 0) shares[boundBy] = (shares[boundBy] ?? 0) + cycles / all;
  }
  return shares;
}

function meanParts(parts: readonly Parts[]): Parts {
  return {
    byUnit: meanByName(parts.map(({ byUnit }) => byUnit)),
    bySource: meanByName(parts.map(({ bySource }) => bySource)),
  };
}

/** A missing name counts as zero. */
function meanByName(all: readonly Readonly<Record<string, number>>[]): Record<string, number> {
  const names = new Set(all.flatMap((one) => Object.keys(one)));
  return Object.fromEntries([...names].map((name) => [name, mean(all.map((one) => one[name] ?? 0)) ?? 0]));
}
