import type { EChartsOption, SeriesOption } from 'echarts';
import type { Spread } from '../../statistics.ts';
import type { Chart } from '../markup.ts';
import { colourOf, ink, surface, symbolOf } from '../theme.ts';
import { axisEnds, boundedAxis, chartWidth, valueAxis } from './common.ts';
import { fittingLabels, type LabelPosition, placeLabels } from './labels.ts';

/** One design as a mark: its mean with error bars, and its runs drawn faintly behind. */
export interface Mark {
  readonly label: string;
  readonly x: Spread;
  readonly y: Spread;
  readonly runs: readonly { readonly name: string; readonly x: number; readonly y: number }[];
}

const box = { left: 58, right: 18, top: 16, bottom: 48 };
const height = 350;
/** With more marks, only labels that cover nothing are shown; marks tell their names to the pointer. */
const mostLabels = 12;

/** Points with error bars of one standard error in both directions. */
export function errorBarChart(marks: readonly Mark[], xName: string, yName: string): Chart {
  const points = marks.map(({ label, x, y }) => ({ label, x: x.mean ?? 0, y: y.mean ?? 0 }));
  const shownY = marks.flatMap(({ y, runs }) => {
    const [mean, deviation] = [y.mean ?? 0, y.standardError ?? 0];
    return [mean - deviation, mean + deviation, ...runs.map((run) => run.y)];
  });
  const [width, tall] = [chartWidth - box.left - box.right, height - box.top - box.bottom];
  const isDense = marks.length > mostLabels;
  const shownX = marks.flatMap(({ x }) => x.mean ?? []);
  const [xs, ys] = [axisEnds(shownX), axisEnds(shownY)];
  const placed = points.map(({ label, x, y }) => ({
    label,
    x: (width * (x - xs.min)) / (xs.max - xs.min),
    y: tall - (tall * (y - ys.min)) / (ys.max - ys.min),
  }));
  const positions = isDense ? fittingLabels(placed, width, tall) : placeLabels(points, width, tall, shownY);
  const option: EChartsOption = {
    grid: box,
    xAxis: isDense
      ? { type: 'value', ...xs, ...boundedAxis(xName, 28) }
      : { type: 'value', scale: true, boundaryGap: ['10%', '14%'], ...valueAxis(xName, 28) },
    yAxis: isDense
      ? { type: 'value', ...ys, ...boundedAxis(yName, 42) }
      : { type: 'value', scale: true, boundaryGap: ['4%', '4%'], ...valueAxis(yName, 42) },
    series: marks.flatMap((mark, index) => markSeries(mark, index, positions[index])),
  };
  return { option, width: chartWidth, height };
}

function markSeries(
  { label, x, y, runs }: Mark,
  index: number,
  position: LabelPosition | undefined,
): SeriesOption[] {
  if (x.mean === null || y.mean === null) return [];
  const [centreX, centreY] = [x.mean, y.mean];
  const colour = colourOf(index);
  const symbol = symbolOf(index);
  const bars = [
    bar(label, colour, [9, 1.5], y.standardError, (by) => [centreX, centreY + by]),
    bar(label, colour, [1.5, 9], x.standardError, (by) => [centreX + by, centreY]),
  ].flat();
  return [
    {
      type: 'scatter',
      name: label,
      symbol,
      symbolSize: 7,
      itemStyle: { color: colour, opacity: 0.35 },
      data: runs.length < 2 ? [] : runs.map((run) => ({ name: run.name, value: [run.x, run.y] })),
      z: 2,
    },
    ...bars,
    {
      type: 'scatter',
      name: label,
      symbol,
      symbolSize: 12,
      itemStyle: { color: colour, opacity: 1, borderColor: ink, borderWidth: 0.75 },
      data: [{ name: markName(label, y, runs.length), value: [centreX, centreY] }],
      label: {
        show: position !== undefined,
        position: position ?? 'right',
        formatter: '{a}',
        color: ink,
        fontSize: 12,
        textBorderColor: surface,
        textBorderWidth: 3,
        opacity: 1,
      },
      z: 4,
    },
  ];
}

/** A line of one standard error to either side, with symbols as caps: ECharts has no error bars. */
function bar(
  label: string,
  colour: string,
  cap: [number, number],
  deviation: number | null,
  at: (by: number) => [number, number],
): SeriesOption[] {
  if (deviation === null || deviation === 0) return [];
  return [
    {
      type: 'line',
      name: `${label} ± standard error`,
      silent: true,
      symbol: 'rect',
      symbolSize: cap,
      showAllSymbol: true,
      itemStyle: { color: colour },
      lineStyle: { color: colour, width: 1.5 },
      data: [-deviation, deviation].map((by) => ({ value: at(by) })),
      z: 3,
    },
  ];
}

function markName(label: string, { mean, standardError }: Spread, runs: number): string {
  const spread = standardError === null ? '' : ` ± ${standardError.toFixed(2)}`;
  return `${label}: ${(mean ?? 0).toFixed(2)}${spread} %, ${runs === 1 ? '1 run' : `mean of ${runs} runs`}`;
}
