import type { EChartsOption } from 'echarts';
import type { Chart } from '../markup.ts';
import { ink } from '../theme.ts';
import { axis } from './common.ts';
import { bare, shaded, textOn } from './heat.ts';

/** Counts by label (row) and prediction (column). */
export type Confusion = readonly (readonly number[])[];

/** A confusion matrix: counts as text, the share of the label's samples as colour. */
export function confusionChart(matrix: Confusion): Chart {
  const classes = matrix.map((_, index) => String(index));
  const size = Math.max(340, 70 + 26 * matrix.length);
  const totals = matrix.map((row) => row.reduce((sum, count) => sum + count, 0));
  const names = { type: 'category' as const, data: classes };
  const option: EChartsOption = {
    grid: { left: 52, right: 12, top: 12, bottom: 50 },
    xAxis: { ...names, ...axis('prediction', 26), ...bare },
    yAxis: { ...names, inverse: true, ...axis('label', 34), ...bare },
    ...shaded(
      matrix.flatMap((row, label) =>
        row.map((count, prediction) => {
          const share = count / Math.max(1, totals[label] ?? 1);
          const value = [prediction, label, share, count];
          if (count === 0) return { value, label: { show: false } };
          return {
            value,
            name: `label ${label} taken for ${prediction}: ${count} of ${totals[label]} (${(100 * share).toFixed(1)} %)`,
            label: { color: textOn(share) },
          };
        }),
      ),
      matrix.length > 12 ? 9 : 11,
    ),
  };
  return { option: { textStyle: { color: ink }, ...option }, width: size, height: size };
}
