import { energy, grouped, percent, shareOfPj, time, unknown } from '../../../src/report/index.ts';
import type { Bench } from '../bench.ts';
import { atSameSample } from '../same-sample.ts';
import { bench, pinned } from '../store.ts';
import { Panel } from './panel.tsx';

interface Figure {
  readonly name: string;
  /** Undefined where there is none yet; null where nobody knows it. */
  readonly of: (bench: Bench) => number | null | undefined;
  readonly shown: (value: number) => string;
  /** A share differs by points, a cost by a factor; what is only told has no difference. */
  readonly kind: 'share' | 'cost' | 'told';
}

const perSample =
  (of: (cost: { readonly cycles: number; readonly latencyNs: number }) => number) =>
  ({ cost: { value: cost } }: Bench): number | undefined => {
    return cost === undefined || cost.samples === 0 ? undefined : of(cost) / cost.samples;
  };

/** The point of a design at the latest sample that both have one for. */
function pointOf(of: Bench) {
  const both = pinned.value && atSameSample(pinned.value.points.value, bench.points.value);
  return of === pinned.value ? both?.one : both?.other;
}

const figures: readonly Figure[] = [
  {
    name: 'accuracy at the same sample',
    of: (of) => {
      return pointOf(of)?.heldOut;
    },
    shown: (share) => percent(share),
    kind: 'share',
  },
  {
    name: 'energy a sample until then',
    of: (of) => {
      const point = pointOf(of);
      return point === undefined || point.position === 0
        ? undefined
        : shareOfPj(point.energyPj, point.position);
    },
    shown: energy,
    kind: 'cost',
  },
  { name: 'samples so far', of: ({ frame }) => frame.value?.position, shown: grouped, kind: 'told' },
  {
    name: 'memory to learn',
    of: ({ opened }) => opened.value?.memory.totalBits,
    shown: (bits) => `${grouped(bits / 8000)} kB`,
    kind: 'cost',
  },
  {
    name: 'memory to answer',
    of: ({ opened }) => opened.value?.memory.inferenceBits,
    shown: (bits) => `${grouped(bits / 8000)} kB`,
    kind: 'cost',
  },
  { name: 'cycles a sample', of: perSample(({ cycles }) => cycles), shown: grouped, kind: 'cost' },
  { name: 'time a sample', of: perSample(({ latencyNs }) => latencyNs), shown: time, kind: 'cost' },
  {
    name: 'area',
    of: ({ opened }) => {
      const um2 = opened.value?.core.area.totalUm2;
      return um2 === 0 ? undefined : um2;
    },
    shown: (um2) => `${(um2 / 1e6).toPrecision(3)} mm²`,
    kind: 'cost',
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
      about="Both designs run at the same time, each in a thread of its own. Energy falls while a core learns, so it is compared at the same sample."
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
          {figures.map(({ name, of, shown, kind }) => {
            const [before, now] = [of(other), of(bench)];
            return (
              <tr key={name}>
                <th scope="row">{name}</th>
                <td class="number">{told(before, shown)}</td>
                <td class="number">{told(now, shown)}</td>
                <td class="number">{difference(before, now, kind)}</td>
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

function told(value: number | null | undefined, shown: Figure['shown']): string {
  if (value === undefined) return '';
  return value === null ? unknown : shown(value);
}

function difference(before: number | null | undefined, now: number | null | undefined, kind: Figure['kind']) {
  if (typeof before !== 'number' || typeof now !== 'number' || kind === 'told') return '';
  const [words, isBetter] = kind === 'share' ? inPoints(now - before) : asFactor(before, now);
  if (words === '') return 'the same';
  return (
    <span class={isBetter ? 'better' : 'worse'}>
      {words} {isBetter ? 'better' : 'worse'}
    </span>
  );
}

type Difference = readonly [words: string, isBetter: boolean];

/** A share of a share would say something else. */
function inPoints(share: number): Difference {
  const points = Math.abs(100 * share).toFixed(1);
  if (points === '0.0') return ['', false];
  return [`${share > 0 ? '+' : '−'}${points} points`, share > 0];
}

function asFactor(before: number, now: number): Difference {
  const factor = (now / before).toPrecision(3);
  if (before === 0 || Number(factor) === 1) return ['', false];
  return [`× ${factor}`, now < before];
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
