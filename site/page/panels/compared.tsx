import { energy, grouped, percent, time } from '../../../src/report/index.ts';
import type { Bench } from '../bench.ts';
import { atSameSample } from '../same-sample.ts';
import { bench, pinned } from '../store.ts';
import { Panel } from './panel.tsx';

interface Figure {
  readonly name: string;
  readonly of: (bench: Bench) => number | undefined;
  readonly shown: (value: number) => string;
  /** Which of two is better; undefined where neither is. */
  readonly better?: 'more' | 'less';
}

const perSample =
  (
    of: (cost: { readonly cycles: number; readonly energyPj: number; readonly latencyNs: number }) => number,
  ) =>
  ({ cost: { value: cost } }: Bench): number | undefined => {
    return cost === undefined || cost.samples === 0 ? undefined : of(cost) / cost.samples;
  };

const figures: readonly Figure[] = [
  {
    name: 'accuracy at the same sample',
    of: (of) => {
      const both = pinned.value && atSameSample(pinned.value.points.value, bench.points.value);
      return of === pinned.value ? both?.one : both?.other;
    },
    shown: (share) => percent(share),
    better: 'more',
  },
  { name: 'samples so far', of: ({ frame }) => frame.value?.position, shown: grouped },
  {
    name: 'memory to learn',
    of: ({ opened }) => opened.value?.memory.totalBits,
    shown: (bits) => `${grouped(bits / 8000)} kB`,
    better: 'less',
  },
  {
    name: 'memory to answer',
    of: ({ opened }) => opened.value?.memory.inferenceBits,
    shown: (bits) => `${grouped(bits / 8000)} kB`,
    better: 'less',
  },
  { name: 'cycles a sample', of: perSample(({ cycles }) => cycles), shown: grouped, better: 'less' },
  { name: 'time a sample', of: perSample(({ latencyNs }) => latencyNs), shown: time, better: 'less' },
  { name: 'energy a sample', of: perSample(({ energyPj }) => energyPj), shown: energy, better: 'less' },
  {
    name: 'area',
    of: ({ opened }) => opened.value?.core.area.totalUm2,
    shown: (um2) => `${(um2 / 1e6).toPrecision(3)} mm²`,
    better: 'less',
  },
];

/** Two designs beside each other, and in what they differ. */
export function Compared() {
  const other = pinned.value;
  if (other === undefined) return null;
  const differences = differencesOf(other, bench);
  return (
    <Panel
      id="compared"
      title="Pinned and present"
      about="Both run side by side, each in a thread of its own."
      class="broad"
    >
      <table class="compared">
        <thead>
          <tr>
            <th scope="col">figure</th>
            <th scope="col">pinned</th>
            <th scope="col">present</th>
            <th scope="col">difference</th>
          </tr>
        </thead>
        <tbody>
          {figures.map(({ name, of, shown, better }) => {
            const [before, now] = [of(other), of(bench)];
            return (
              <tr key={name}>
                <th scope="row">{name}</th>
                <td class="number">{before === undefined ? '' : shown(before)}</td>
                <td class="number">{now === undefined ? '' : shown(now)}</td>
                <td class="number">{difference(before, now, better)}</td>
              </tr>
            );
          })}
        </tbody>
      </table>
      <h3>What differs</h3>
      {differences.length === 0 ? (
        <p class="about">Nothing yet: change the present design.</p>
      ) : (
        <ul class="differences">
          {differences.map((line) => (
            <li key={line}>{line}</li>
          ))}
        </ul>
      )}
    </Panel>
  );
}

function difference(before: number | undefined, now: number | undefined, better: Figure['better']) {
  if (before === undefined || now === undefined || before === 0) return '';
  const change = now / before - 1;
  if (Math.abs(change) < 0.0005) return 'the same';
  if (better === undefined) return '';
  const isBetter = change > 0 === (better === 'more');
  return (
    <span class={isBetter ? 'better' : 'worse'}>
      {change > 0 ? '+' : '−'}
      {percent(Math.abs(change))} {isBetter ? 'better' : 'worse'}
    </span>
  );
}

/** In words: settings, choices and files in which two designs differ. */
function differencesOf(one: Bench, other: Bench): string[] {
  const [before, now] = [one.opened.value, other.opened.value];
  if (before === undefined || now === undefined) return [];
  const told = (name: string, was: unknown, is: unknown): string[] =>
    was === is ? [] : [`${name}: ${String(was ?? 'its own')} → ${String(is ?? 'its own')}`];
  const paths = [...new Set([...Object.keys(before.design.settings), ...Object.keys(now.design.settings)])];
  const files = [...new Set([...Object.keys(before.design.edits), ...Object.keys(now.design.edits)])];
  return [
    ...told('experiment', before.design.experiment, now.design.experiment),
    ...told('core', before.hwModel, now.hwModel),
    ...told('precision', before.precision, now.precision),
    ...told('seed', before.seed, now.seed),
    ...paths.flatMap((path) => told(path, before.design.settings[path], now.design.settings[path])),
    ...files
      .filter((file) => before.design.edits[file] !== now.design.edits[file])
      .map((file) => `${file}: another text`),
  ];
}
