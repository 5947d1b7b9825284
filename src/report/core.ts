import { activityOf, type CostTable, exact, totalInterval } from '../hardware/index.ts';
import type { Image, PlacedCore, ProgramView } from '../image/index.ts';
import type { ChipReport, CoreReport, NetworkReport } from './schema.ts';

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
export function areaReport({ area, intervals, network }: CostTable): CoreReport['area'] {
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

/** Which part of a program each core of a chip holds. */
export function chipReport({ cores, chip, populations: names }: Image): ChipReport | undefined {
  if (chip === undefined) return undefined;
  const { columns, rows, coresPerTile, numbering } = chip.mesh;
  return {
    costSet: chip.costSet,
    columns,
    rows,
    coresPerTile,
    numbering,
    delivery: chip.delivery,
    cores: cores.map((part) => ({
      core: part.number,
      slices: part.populations.flatMap(({ population, first, isCopy }, index) => {
        const size = part.image.populations[index]?.size ?? 0;
        const name = names[population]?.name ?? '';
        return isCopy ? [] : [{ population: name, first, last: first + size - 1 }];
      }),
      ...bitsOf(part),
    })),
  };
}

/** Bits of everything that a core stores, of its copies of what lives elsewhere, and of partial sums. */
function bitsOf({ image, fields }: PlacedCore): { totalBits: number; copyBits: number; sumBits: number } {
  const bits = { totalBits: 0, copyBits: 0, sumBits: 0 };
  for (const [index, { layout, bits: width, count, fixed }] of image.fields.entries()) {
    if (layout === undefined) continue;
    const part = fields[index];
    bits.totalBits += width * count;
    if (fixed === true) continue;
    if (part === undefined) bits.sumBits += width * count;
    else if (part.isCopy) bits.copyBits += width * count;
  }
  return bits;
}
