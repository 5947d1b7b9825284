import type { Image } from '../image/index.ts';
import type { CoreReport, NetworkReport } from './schema.ts';

export function coreReport({ costs, work }: Image): CoreReport {
  return {
    clockMhz: costs.clockMhz,
    lanes: costs.lanes,
    kernels: costs.work.map(({ intervalCycles, passCycles, runCycles, boundBy, utilisation }, index) => ({
      name: work[index] ?? '',
      intervalCycles,
      passCycles,
      runCycles,
      boundBy,
      utilisation,
    })),
  };
}

export function networkReport({ input, populations, projections }: Image): NetworkReport {
  const nameOf = (population: number) => populations[population]?.name ?? '';
  return {
    input: nameOf(input),
    populations: populations.map(({ name, size }) => ({ name, size })),
    projections: projections
      .filter(({ partOf }) => partOf === undefined)
      .map(({ name, source, target }) => ({ name, from: nameOf(source), to: nameOf(target) })),
  };
}
