import { useEffect, useRef, useState } from 'preact/hooks';
import type uPlot from 'uplot';
import { grouped, percent, whileLearning } from '../../../src/report/index.ts';
import type { AccuracyPoint, Frame, OpenDesign } from '../../shared/protocol.ts';
import { colours, isDark } from '../marks/colours.ts';
import { bench, pinned } from '../store.ts';
import { inTurns } from '../turns.ts';
import { Panel } from './panel.tsx';

/**
 * In a part of its own, which the browser reads while nothing runs yet. The library makes a formatter of numbers and
 * one of times as it is read, and the browser's first of each takes longer than all the rest: they are made in turns
 * before.
 */
const loading = inTurns(
  () => new Intl.NumberFormat(navigator.language),
  () => new Intl.DateTimeFormat(),
).then(() => import('uplot'));

/** The curve of learning: on samples as they are learned, and on samples that are never learned. */
export function Accuracy() {
  const frame = bench.frame.value;
  const points = bench.points.value;
  const other = pinned.value?.points.value;
  const heldOut = points.at(-1)?.heldOut;
  const shown = frame?.testAccuracy ?? heldOut;
  const otherShown = pinned.value?.frame.value?.testAccuracy ?? other?.at(-1)?.heldOut;
  return (
    <Panel id="accuracy" title="Accuracy">
      <p class="figure">
        <strong id="accuracy-now">{shown === undefined ? '…' : percent(shown)}</strong>{' '}
        <span>{askedWords(frame, bench.opened.value)}</span>
        {otherShown !== undefined && <span class="pinned"> · pinned {percent(otherShown)}</span>}
      </p>
      <Curve points={points} pinned={other} />
      <p class="about">{aboutOf(bench.opened.value)}</p>
    </Panel>
  );
}

/** The share at the end is of more samples than those before it, and may differ. */
function askedWords(frame: Frame | undefined, opened: OpenDesign | undefined): string {
  if (frame === undefined || opened === undefined) return 'of test samples right';
  if (frame.part === 'done') return `of all ${grouped(opened.testSamples)} test samples right`;
  if (frame.part === 'test') return 'of the test samples so far right';
  return opened.probed === 0 ? 'of test samples right' : `of ${opened.probed} test samples right`;
}

function aboutOf(opened: OpenDesign | undefined): string | undefined {
  if (opened === undefined || opened.classes === 0) return undefined;
  const asked =
    opened.probed === 0
      ? ''
      : `Each point asks ${opened.probed} test samples, which the core never learns. At the end it is asked all ${grouped(opened.testSamples)}, so the last figure may differ. `;
  return `${asked}The dashed curve is ${whileLearning}, when labels have moved weights already: it is optimistic. A guess is right one time in ${opened.classes}.`;
}

interface CurveProps {
  readonly points: readonly AccuracyPoint[];
  readonly pinned: readonly AccuracyPoint[] | undefined;
}

function Curve({ points, pinned: other }: CurveProps) {
  const host = useRef<HTMLDivElement>(null);
  const plot = useRef<uPlot | undefined>(undefined);
  const [Plot, setPlot] = useState<typeof uPlot>();
  const dark = isDark.value;
  const isPinned = other !== undefined;
  useEffect(() => {
    void loading.then((loaded) => setPlot(() => loaded.default));
  }, []);
  useEffect(() => {
    if (host.current === null || Plot === undefined) return undefined;
    void dark;
    const made = new Plot(options(host.current.clientWidth, isPinned), [[], [], [], []], host.current);
    plot.current = made;
    const resized = new ResizeObserver(([entry]) => {
      if (entry === undefined) return;
      const width = Math.floor(entry.contentRect.width);
      made.setSize({ width, height: chartHeight(width) });
    });
    resized.observe(host.current);
    return () => {
      resized.disconnect();
      made.destroy();
    };
  }, [Plot, dark, isPinned]);
  useEffect(() => {
    plot.current?.setData(joined(points, other));
  }, [Plot, points, other, dark, isPinned]);
  const last = points.at(-1);
  const label =
    last === undefined
      ? 'Accuracy: no points yet'
      : `Accuracy: ${percent(last.heldOut ?? last.recent)} of ${last.heldOut === undefined ? 'samples while they are learnt' : 'test samples'} after ${last.position} samples`;
  return <div class="curve" ref={host} role="img" aria-label={label} />;
}

/** Low on a narrow screen, so that the whole of it stands under the pad. */
function chartHeight(width: number): number {
  return Math.max(110, Math.min(260, Math.round(width / 2.5)));
}

function options(width: number, isPinned: boolean): uPlot.Options {
  const { blue, muted, grid, orange } = colours.value;
  const axis = {
    stroke: muted,
    grid: { stroke: grid, width: 1 },
    ticks: { stroke: grid, width: 1 },
    font: '12px system-ui',
  };
  const share = (_: unknown, value: number | null) => (value === null ? '' : percent(value));
  return {
    width: Math.max(200, width),
    height: chartHeight(width),
    cursor: { drag: { x: false, y: false } },
    legend: { show: true, live: false },
    scales: { x: { time: false }, y: { range: [0, 1] } },
    series: [
      { label: 'samples', value: (_, value) => (value === null ? '' : String(value)) },
      { label: 'test samples', stroke: blue, width: 2, value: share, spanGaps: true },
      { label: 'samples being learnt', stroke: muted, width: 1, dash: [4, 3], value: share, spanGaps: true },
      ...(isPinned ? [{ label: 'pinned', stroke: orange, width: 2, value: share, spanGaps: true }] : []),
    ],
    axes: [
      {
        ...axis,
        values: (_, ticks) => ticks.map((tick) => (tick >= 1000 ? `${tick / 1000}k` : String(tick))),
        size: 28,
      },
      { ...axis, values: (_, ticks) => ticks.map((tick) => `${Math.round(100 * tick)} %`), size: 56 },
    ],
  };
}

/** Both curves over one axis of samples. */
function joined(
  points: readonly AccuracyPoint[],
  other: readonly AccuracyPoint[] | undefined,
): uPlot.AlignedData {
  const positions = [...new Set([...points, ...(other ?? [])].map(({ position }) => position))].sort(
    (a, b) => a - b,
  );
  const at = (list: readonly AccuracyPoint[]) => new Map(list.map((point) => [point.position, point]));
  const mine = at(points);
  const theirs = other && at(other);
  return [
    positions,
    positions.map((position) => mine.get(position)?.heldOut ?? null),
    positions.map((position) => mine.get(position)?.recent ?? null),
    ...(theirs === undefined ? [] : [positions.map((position) => theirs.get(position)?.heldOut ?? null)]),
  ];
}
