import { price } from '../../src/image/index.ts';
import type { Counted } from '../chips/counted.ts';
import { odinAtFullRate } from '../chips/odin/full-rate.ts';
import { reckonAtFullRate } from '../chips/reckon/full-rate.ts';
import { textTable } from './text-table.ts';

/*
 * npx tsx test/bench/energy.ts
 *
 * Energy of a synaptic operation of the chips' models at full rate, the condition of the published figures.
 */

/** Published energy of a synaptic operation; the sources are in the hw-models. */
const publishedPj = { odin: 12.7, reckon: 5.3 } as const;

function row(name: keyof typeof publishedPj, { counters, image }: Counted): string[] {
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
    String(publishedPj[name]),
  ];
}

console.log(
  textTable(
    ['chip', 'operations', 'cycles each', 'pJ: operation', 'static', 'clock', 'in all', 'published'],
    [row('odin', odinAtFullRate(2000)), row('reckon', reckonAtFullRate(200))],
    'lrrrrrrr',
  ),
);
