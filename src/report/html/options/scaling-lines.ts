import type { EChartsOption } from 'echarts';
import type { Chart } from '../markup.ts';
import { colourOf, symbolOf } from '../theme.ts';
import { axis, chartWidth, legend, valueAxis } from './common.ts';

/** Designs that differ in their number of cores alone. */
export interface ScalingLine {
  readonly name: string;
  readonly points: readonly { readonly cores: number; readonly value: number; readonly shown: string }[];
}

/** A quantity over the number of cores, on a logarithmic axis. */
export function scalingChart(lines: readonly ScalingLine[], yName: string): Chart {
  const below = legend(lines.map(({ name }) => name));
  const bottom = below.height + 44;
  const cores = lines.flatMap(({ points }) => points.map((point) => point.cores));
  const option: EChartsOption = {
    grid: { left: 58, right: 22, top: 16, bottom },
    legend: below.option as object,
    xAxis: {
      type: 'log',
      logBase: 2,
      min: 2 ** Math.floor(Math.log2(Math.min(...cores))),
      max: 2 ** Math.ceil(Math.log2(Math.max(...cores))),
      ...axis('cores', 26),
    },
    yAxis: { type: 'value', min: 0, ...valueAxis(yName, 42) },
    series: lines.map(({ name, points }, colour) => ({
      type: 'line',
      name,
      symbol: symbolOf(colour),
      symbolSize: 8,
      showAllSymbol: true,
      itemStyle: { color: colourOf(colour) },
      lineStyle: { color: colourOf(colour), width: 2 },
      data: points.map(({ cores: count, value, shown }) => ({
        value: [count, value],
        name: `${name}, ${count} ${count === 1 ? 'core' : 'cores'}: ${shown}`,
      })),
    })),
  };
  return { option, width: chartWidth, height: 260 + bottom };
}
