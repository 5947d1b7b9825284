import type { EChartsOption } from 'echarts';
import type { Chart } from '../markup.ts';
import { colourOf } from '../theme.ts';
import { axis, chartWidth, textWidth } from './common.ts';

/** A bar for each of several names. */
export interface Bars {
  readonly names: readonly string[];
  readonly values: readonly number[];
  /** Title of the value axis, with its unit. */
  readonly axisName: string;
  readonly format: (value: number) => string;
}

const barHeight = 26;

/** Horizontal bars, the first on top. */
export function barChart({ names, values, axisName, format }: Bars): Chart {
  const left = Math.min(180, 16 + Math.max(0, ...names.map((name) => textWidth(name, 11))));
  const option: EChartsOption = {
    grid: { left, right: 22, top: 10, bottom: 44 },
    xAxis: { type: 'value', min: 0, ...axis(axisName, 26) },
    yAxis: { type: 'category', inverse: true, data: [...names], ...axis('', 0) },
    series: [
      {
        type: 'bar',
        barMaxWidth: 16,
        itemStyle: { color: colourOf(0) },
        data: values.map((value, bar) => ({ value, name: `${names[bar] ?? ''}: ${format(value)}` })),
      },
    ],
  };
  return { option, width: chartWidth, height: 60 + barHeight * names.length };
}
