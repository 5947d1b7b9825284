import type { EChartsOption, SeriesOption } from 'echarts';
import { largest, smallest } from '../../../text/index.ts';
import type { Chart } from '../markup.ts';
import { colourOf, ink, muted, symbolOf } from '../theme.ts';
import { axis, chartWidth, legend } from './common.ts';

/** A line across the plot, such as a roof. */
interface Line {
  readonly name: string;
  readonly points: readonly (readonly [number, number])[];
}

export interface LogScatter {
  /** Those of a group have one colour and symbol. */
  readonly dots: readonly {
    readonly group: string;
    readonly name: string;
    readonly x: number;
    readonly y: number;
  }[];
  readonly lines?: readonly Line[];
  readonly xName: string;
  readonly yName: string;
  /** The ends of the axes; default: the powers of ten around the dots. */
  readonly ends?: { readonly x: readonly [number, number]; readonly y: readonly [number, number] };
}

/** Dots on two logarithmic axes. Values are above 0. */
export function logScatter({ dots, lines = [], xName, yName, ends }: LogScatter): Chart {
  const groups = [...new Set(dots.map(({ group }) => group))];
  const below = legend(groups);
  const bottom = below.height + 46;
  const x = ends?.x ?? decadesAround(dots.map((dot) => dot.x));
  const y = ends?.y ?? decadesAround(dots.map((dot) => dot.y));
  const log = ([min, max]: readonly [number, number], name: string, gap: number) => ({
    type: 'log' as const,
    min,
    max,
    ...axis(name, gap),
    axisLabel: { color: muted, fontSize: 11, formatter: short },
  });
  const option: EChartsOption = {
    grid: { left: 64, right: 22, top: 18, bottom },
    legend: below.option as object,
    xAxis: log(x, xName, 28),
    yAxis: log(y, yName, 46),
    series: [
      ...lines.map(
        ({ name, points }): SeriesOption => ({
          type: 'line',
          name,
          silent: true,
          symbol: 'none',
          lineStyle: { color: ink, width: 1.2 },
          data: points.map((point) => [...point]),
          endLabel: { show: false },
        }),
      ),
      ...groups.map(
        (group, index): SeriesOption => ({
          type: 'scatter',
          name: group,
          symbol: symbolOf(index),
          symbolSize: 9,
          itemStyle: { color: colourOf(index), opacity: 0.85 },
          data: dots.flatMap((dot) =>
            dot.group === group ? [{ name: dot.name, value: [dot.x, dot.y] }] : [],
          ),
        }),
      ),
    ],
  };
  return { option, width: chartWidth, height: 290 + bottom };
}

/** The powers of ten around values. */
export function decadesAround(values: readonly number[]): readonly [number, number] {
  const logs = values.map(Math.log10);
  const low = Math.floor(smallest(logs));
  return [10 ** low, 10 ** Math.max(low + 1, Math.ceil(largest(logs)))];
}

/** 10, 1k, 1M: the labels of decades. */
function short(value: number): string {
  const [size, suffix] =
    value >= 1e9 ? [1e9, 'G'] : value >= 1e6 ? [1e6, 'M'] : value >= 1e3 ? [1e3, 'k'] : [1, ''];
  return `${Number((value / size).toPrecision(3))}${suffix}`;
}
