import type { EChartsOption } from 'echarts';
import type { Chart } from '../markup.ts';
import { ink, sequential } from '../theme.ts';
import { axis, chartWidth, textWidth } from './common.ts';

/** Shares by row and column. */
export interface Heat {
  readonly rows: readonly string[];
  readonly columns: readonly string[];
  /** null leaves a cell empty. */
  readonly shares: readonly (readonly (number | null)[])[];
}

/** Shares as colours, with their percentages. */
export function heatChart({ rows, columns, shares }: Heat): Chart {
  const longest = Math.max(40, ...rows.map((row) => textWidth(row, 11)));
  const room = Math.min(longest, 180);
  const left = 14 + room;
  const bottom = 26 + 0.75 * Math.max(...columns.map((column) => textWidth(column, 11)));
  const width = Math.max(chartWidth, left + 30 + 44 * columns.length);
  const height = 20 + 24 * rows.length + bottom;
  const option: EChartsOption = {
    grid: { left, right: 16, top: 10, bottom },
    xAxis: {
      type: 'category',
      data: [...columns],
      ...axis('', 0),
      ...bare,
      axisLabel: { color: ink, fontSize: 11, rotate: 45, interval: 0 },
    },
    yAxis: {
      type: 'category',
      inverse: true,
      data: [...rows],
      ...axis('', 0),
      ...bare,
      axisLabel: {
        color: ink,
        fontSize: longest > room ? 10 : 11,
        ...(longest > room && { width: room, overflow: 'break' as const, lineHeight: 11 }),
        interval: 0,
      },
    },
    ...shaded(
      shares.flatMap((row, at) =>
        row.flatMap((share, column) =>
          share === null
            ? []
            : [
                {
                  value: [column, at, share, `${(100 * share).toFixed(0)}`],
                  name: `${rows[at]}: ${columns[column]} ${(100 * share).toFixed(1)} %`,
                  label: { color: textOn(share), show: share >= 0.005 },
                },
              ],
        ),
      ),
    ),
  };
  return { option, width, height };
}

/** A cell whose value is its column, its row, its share, and what it says. */
interface Shaded {
  readonly value: (number | string)[];
  readonly name?: string;
  readonly label: { readonly show?: boolean; readonly color?: string };
}

/** Cells that are the darker the larger their share is. */
function shaded(data: Shaded[], fontSize = 11): Pick<EChartsOption, 'visualMap' | 'series'> {
  return {
    visualMap: {
      show: false,
      type: 'continuous',
      dimension: 2,
      min: 0,
      max: 1,
      inRange: { color: [...sequential] },
    },
    series: [
      {
        type: 'heatmap',
        itemStyle: { borderColor: '#fffffe', borderWidth: 1 },
        label: { show: true, formatter: '{@[3]}', fontSize, textBorderWidth: 0 },
        data,
      },
    ],
  };
}

/** The colour of text on a cell. None belongs to the scheme, because a cell is equally dark in both schemes. */
function textOn(share: number): string {
  return share > 0.45 ? '#fffffe' : '#1b2431';
}

/** Neither lines nor axes run between cells. */
const bare = { splitLine: { show: false }, axisLine: { show: false } };

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
