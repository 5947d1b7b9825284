import { activityOf, type CostTable, exact, totalInterval } from '../hardware/index.ts';
import type { ProgramView } from '../image/index.ts';
import type { CoreReport, NetworkReport } from './schema.ts';

export function coreReport({ costs, work }: ProgramView): CoreReport {
  return {
    clockMhz: costs.clockMhz,
    area: areaReport(costs),
    sources: Object.fromEntries(
      Object.entries(costs.kinds).map(([name, kind]) => [
        name,
        { kind, ...(costs.intervals[name] ?? exact) },
      ]),
    ),
    lanes: costs.lanes,
    activity: activityOf(costs),
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

/** Of all cores of a chip, idle ones included. */
function areaReport({ area, intervals, network }: CostTable): CoreReport['area'] {
  const cores = network?.cores ?? 1;
  const { low, high } = totalInterval(area.bySource, intervals);
  return {
    totalUm2: cores * area.totalUm2,
    cores,
    byUnit: area.byUnit,
    bySource: area.bySource,
    interval: { low: cores * low, high: cores * high },
  };
}

export function networkReport({ input, populations, projections }: ProgramView): NetworkReport {
  const nameOf = (population: number) => populations[population]?.name ?? '';
  return {
    input: nameOf(input),
    populations: populations.map(({ name, size }) => ({ name, size })),
    projections: projections
      .filter(({ partOf }) => partOf === undefined)
      .map(({ name, source, target }) => ({ name, from: nameOf(source), to: nameOf(target) })),
  };
}
