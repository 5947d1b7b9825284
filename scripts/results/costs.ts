import { energy, type Report } from '../../src/report/index.ts';
import { known, of, percent, precisions, table } from './common.ts';

const networks = ['mnist-snn', 'mnist-csnn', 'spoken-snn', 'spoken-rsnn'];

/** Bits saved relative to FP32, by network and precision, on every basis that a report states. */
export function memoryTable(reports: readonly Report[]): string {
  const rows = ['mnist-snn', 'mnist-csnn'].flatMap((network) =>
    precisions.flatMap((precision) => {
      const [report] = of(reports, network, precision);
      if (report === undefined || precision === 'fp32') return [];
      const saved = (basis: string, inferenceWeights: string): string => {
        const found = report.memory.savings.find(
          (saving) => saving.basis === basis && saving.inferenceWeights === inferenceWeights,
        );
        return found === undefined ? '-' : `${percent(found.ratio, 1)} %`;
      };
      return [
        [
          network,
          precision,
          ...['stored', 'sliced'].flatMap((kind) => [
            saved('training', kind),
            saved('training, FP32 with gradients', kind),
            saved('inference', kind),
          ]),
        ],
      ];
    }),
  );
  const kinds = ['stored', 'sliced'].flatMap((kind) => [
    `training, ${kind}`,
    `training, ${kind}, FP32 with gradients`,
    `inference, ${kind}`,
  ]);
  return table(['network', 'precision', ...kinds], rows);
}

const microjoules = (energyPj: number): string => (energyPj / 1e6).toPrecision(3);

/** Energy per sample of mp16-8 integers and FP32, at each network's own activity and by unit. */
export function energyTable(reports: readonly Report[]): string {
  const rows = networks.flatMap((network) =>
    (['train', 'test'] as const).flatMap((phase) => {
      const [integer, float] = ['mp16-8', 'fp32'].map(
        (precision) => of(reports, network, precision)[0]?.[phase]?.perSample,
      );
      if (integer == null || float == null) return [];
      const operations = (of: typeof integer) =>
        Object.entries(of.energyPj.byUnit)
          .filter(([unit]) => arithmetic.includes(unit))
          .reduce((sum, [, energyPj]) => sum + energyPj, 0);
      const banks = (of: typeof integer) =>
        Object.entries(of.energyPj.byUnit)
          .filter(([unit]) => unit.endsWith(' bank'))
          .reduce((sum, [, energyPj]) => sum + energyPj, 0);
      const ratio = (a: number, b: number): string => `${(a / b).toFixed(2)}x`;
      return [
        [
          network,
          phase,
          microjoules(known(integer.energyPj.total)),
          microjoules(known(float.energyPj.total)),
          ratio(known(float.energyPj.total), known(integer.energyPj.total)),
          ratio(operations(float), operations(integer)),
          ratio(banks(float), banks(integer)),
          microjoules(equalVisits(integer, float)),
          ratio(equalVisits(integer, float), known(integer.energyPj.total)),
        ],
      ];
    }),
  );
  return table(
    [
      'network',
      'phase',
      'mp16-8, µJ a sample',
      'fp32, µJ',
      'ratio',
      'of operations',
      'of bank accesses',
      'fp32 at the visits of mp16-8, µJ',
      'ratio',
    ],
    rows,
  );
}

/** Where an inference of mnist-snn spends its energy, the largest share first. */
export function shareTable(reports: readonly Report[]): string {
  const perSample = of(reports, 'mnist-snn', 'mp16-8')[0]?.test?.perSample;
  if (perSample == null) return table([], []);
  const { total, byUnit, interval } = perSample.energyPj;
  const shares = new Map<string, number>();
  for (const [unit, energyPj] of Object.entries(byUnit)) {
    const name = unit.endsWith(' bank') ? 'banks' : arithmetic.includes(unit) ? 'arithmetic' : unit;
    shares.set(name, (shares.get(name) ?? 0) + energyPj);
  }
  const bounds = interval == null ? '' : ` (${energy(interval.low)} to ${energy(interval.high)})`;
  const rows = [...shares]
    .filter(([, energyPj]) => energyPj > 0)
    .sort(([, a], [, b]) => b - a)
    .map(([name, energyPj]) => [name, energy(energyPj), `${percent(energyPj / known(total), 1)} %`]);
  return table(
    ['mnist-snn, mp16-8, an inference', 'energy', 'share'],
    [['all', `${energy(known(total))}${bounds}`, '100 %'], ...rows],
  );
}

const arithmetic = ['move', 'add', 'multiply', 'shift', 'compare', 'logic', 'random'];

type PerSample = NonNullable<Report['train']['perSample']>;

/**
 * FP32's energy if each kernel visited as many items as at mp16-8: its energy per item times those items; the rest is
 * unchanged.
 */
function equalVisits(integer: PerSample, float: PerSample): number {
  const itemsOf = (of: PerSample, name: string): number => {
    const work = of.counters.byKernel.find((kernel) => kernel.name === name);
    return work === undefined ? 0 : work.items || work.tiles || work.scannedTiles;
  };
  const dynamic = float.energyPj.byKernel.reduce((sum, { name, energyPj }) => {
    const items = itemsOf(float, name);
    const pj = known(energyPj);
    return sum + (items === 0 ? pj : (pj * itemsOf(integer, name)) / items);
  }, 0);
  const kernels = float.energyPj.byKernel.reduce((sum, { energyPj }) => sum + known(energyPj), 0);
  return dynamic + (known(float.energyPj.total) - kernels);
}

/** Items that the learning kernels visit per sample. */
export function visitTable(reports: readonly Report[]): string {
  const rows = networks.flatMap((network) =>
    ['mp16-8', 'fp32'].flatMap((precision) => {
      const counters = of(reports, network, precision)[0]?.train.perSample?.counters;
      if (counters === undefined) return [];
      const spikes = Object.values(counters.spikes).reduce((sum, count) => sum + count, 0);
      const whole = (value: number): string => Math.round(value).toLocaleString('en').replaceAll(',', ' ');
      return [
        [
          network,
          precision,
          whole(spikes),
          whole(counters.sops),
          whole(counters.updates),
          whole(counters.cycles),
        ],
      ];
    }),
  );
  return table(
    ['network', 'precision', 'spikes a sample', 'synaptic operations', 'weight updates', 'cycles'],
    rows,
  );
}
