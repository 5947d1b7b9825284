import type { EChartsOption } from 'echarts';
import type { Chart } from '../figure.ts';
import { colourOf, ink, muted, surface } from '../theme.ts';
import { boundedAxis, chartWidth, rangeOf, textWidth } from './common.ts';
import { fittingLabels } from './labels.ts';

/** A design among many. */
export interface Dot {
  /** Shown at the mark, where it fits, if the design is on the front. */
  readonly label: string;
  /** Shown to the pointer. */
  readonly name: string;
  readonly x: number;
  readonly y: number;
}

/** Two figures of many designs: those that no other betters in both, joined by steps, before all others. */
export interface Dots {
  readonly front: readonly Dot[];
  readonly others: readonly Dot[];
  readonly xName: string;
  readonly yName: string;
}

const box = { left: 62, right: 20, top: 16, bottom: 48 };
const height = 350;

export function frontChart({ front, others, xName, yName }: Dots): Chart {
  const all = [...front, ...others];
  const [xs, ys] = [rangeOf(all.map(({ x }) => x)), rangeOf(all.map(({ y }) => y))];
  const [width, tall] = [chartWidth - box.left - box.right, height - box.top - box.bottom];
  const sorted = [...front].sort((a, b) => a.x - b.x);
  const labels = fittingLabels(
    sorted.map(({ label, x, y }) => ({
      label,
      x: (width * (x - xs.min)) / (xs.max - xs.min),
      y: tall - (tall * (y - ys.min)) / (ys.max - ys.min),
    })),
    width,
    tall,
    (text) => textWidth(text, 11),
  );
  const option: EChartsOption = {
    grid: box,
    xAxis: { type: 'value', ...xs, ...boundedAxis(xName, 28) },
    yAxis: { type: 'value', ...ys, ...boundedAxis(yName, 44) },
    series: [
      {
        type: 'scatter',
        name: 'others',
        symbolSize: 6,
        itemStyle: { color: muted, opacity: 0.45 },
        data: others.map(({ name, x, y }) => ({ name, value: [x, y] })),
      },
      {
        type: 'line',
        name: 'front',
        silent: true,
        step: 'end',
        symbol: 'none',
        lineStyle: { color: ink, width: 1.2, type: 'dashed' },
        data: sorted.map(({ x, y }) => [x, y]),
      },
      {
        type: 'scatter',
        name: 'front',
        symbolSize: 10,
        itemStyle: { color: colourOf(1), opacity: 1, borderColor: ink, borderWidth: 0.75 },
        data: sorted.map(({ name, label, x, y }, at) => {
          const position = labels[at];
          return {
            name,
            value: [x, y],
            label: {
              show: position !== undefined,
              position: position ?? 'right',
              formatter: () => label,
              color: ink,
              fontSize: 11,
              textBorderColor: surface,
              textBorderWidth: 3,
            },
          };
        }),
        z: 4,
      },
    ],
  };
  return { option, width: chartWidth, height };
}
