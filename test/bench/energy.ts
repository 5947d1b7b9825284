import { existsSync } from 'node:fs';
import { chips } from '../../src/chips/kit.ts';
import { price } from '../../src/image/index.ts';
import type { FullRate } from '../chips/counted.ts';
import { textTable } from './text-table.ts';

/*
 * npx tsx test/bench/energy.ts
 *
 * Energy per synaptic operation of the chips' models at full rate, the condition of the published figures.
 */

function row(name: string, { publishedPj, count }: FullRate): string[] {
  const { counters, image } = count();
  const { cycles, energyPj, latencyNs } = price(counters, image.costs);
  const operations = image.kernels.reduce(
    (sum, { counts }, kernel) => sum + (counts === 'sop' ? (counters.work[kernel]?.items ?? 0) : 0),
    0,
  );
  const perOperation = (pj: number): string => (pj / operations).toFixed(2);
  const { kernels = 0, static: leakage = 0, clock = 0 } = energyPj.byUnit;
  return [
    name,
    `${((operations / latencyNs) * 1e3).toFixed(2)} M/s`,
    (cycles / operations).toFixed(3),
    ...[kernels, leakage, clock, energyPj.total].map(perOperation),
    String(publishedPj),
  ];
}

/** Chips that publish an energy at full rate have a load for it. */
const rated = chips.filter(({ name }) =>
  existsSync(new URL(`../chips/${name}/full-rate.ts`, import.meta.url)),
);
const rates = await Promise.all(
  rated.map(async ({ name }) => {
    const { fullRate } = (await import(`../chips/${name}/full-rate.ts`)) as { fullRate: FullRate };
    return row(name, fullRate);
  }),
);

console.log(
  textTable(
    ['chip', 'operations', 'cycles each', 'pJ: operation', 'static', 'clock', 'in all', 'published'],
    rates,
    'lrrrrrrr',
  ),
);
