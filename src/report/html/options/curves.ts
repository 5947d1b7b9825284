import type { EChartsOption, SeriesOption } from 'echarts';
import type { Chart } from '../markup.ts';
import { colourOf, symbolOf } from '../theme.ts';
import { axis, chartWidth, legend } from './common.ts';

/** One design over its epochs: the mean of its runs, with each run drawn faintly. */
export interface Curve {
  readonly label: string;
  /** By epoch; null if the epoch has no value. */
  readonly mean: readonly (number | null)[];
  readonly runs: readonly (readonly (number | null)[])[];
}

/** Lines over epochs, or what `xName` says, numbered from 1. */
export function curveChart(curves: readonly Curve[], yName: string, xName = 'epoch'): Chart {
  const below = legend(curves.map(({ label }) => label));
  const epochs = Math.max(0, ...curves.map(({ mean }) => mean.length));
  const bottom = below.height + 44;
  const option: EChartsOption = {
    grid: { left: 58, right: 22, top: 16, bottom },
    legend: below.option as object,
    xAxis: {
      type: 'category',
      boundaryGap: epochs < 2,
      data: Array.from({ length: epochs }, (_, epoch) => String(epoch + 1)),
      ...axis(xName, 26),
    },
    // Percentages end at 100; the axis would otherwise round up beyond it.
    yAxis: { type: 'value', scale: true, max: ({ max }) => (max > 95 ? 100 : null), ...axis(yName, 42) },
    series: curves.flatMap((curve, index) => curveSeries(curve, index, xName)),
  };
  return { option, width: chartWidth, height: 300 + bottom };
}

function curveSeries({ label, mean, runs }: Curve, index: number, xName: string): SeriesOption[] {
  const colour = colourOf(index);
  const faint = runs.length < 2 ? [] : runs;
  return [
    ...faint.map(
      (run): SeriesOption => ({
        type: 'line',
        name: `${label}, one run`,
        silent: true,
        symbol: 'none',
        lineStyle: { color: colour, width: 1, opacity: 0.3 },
        data: [...run],
      }),
    ),
    {
      type: 'line',
      name: label,
      symbol: symbolOf(index),
      symbolSize: 8,
      showAllSymbol: true,
      itemStyle: { color: colour },
      lineStyle: { color: colour, width: 2 },
      data: mean.map((value, epoch) => ({
        value,
        name: `${label}, ${xName} ${epoch + 1}: ${value === null ? '-' : `${value.toFixed(2)} %`}`,
      })),
    },
  ];
}
