import type { EChartsOption } from 'echarts';
import { grid, ink, muted } from '../theme.ts';

/** Of a chart that stands beside another. */
export const chartWidth = 440;

const legendRow = 20;

/**
 * About how wide a text is, in pixels: wide enough for most fonts, for nobody knows which one the reader has, and the
 * same on every machine.
 */
export function textWidth(text: string, fontSize = 12): number {
  return 0.6 * fontSize * text.length;
}

/** A legend below the chart, and the height it takes: ECharts wraps it but keeps no room for its rows. */
export function legend(
  names: readonly string[],
  width = chartWidth,
): { option: EChartsOption['legend']; height: number } {
  if (names.length === 0) return { option: { show: false }, height: 0 };
  let rows = 1;
  let used = 0;
  for (const name of names) {
    const own = 32 + textWidth(name);
    if (used > 0 && used + own > width - 20) {
      rows += 1;
      used = 0;
    }
    used += own;
  }
  return {
    option: {
      bottom: 4,
      left: 'center',
      width: width - 20,
      itemGap: 10,
      itemWidth: 14,
      itemHeight: 10,
      data: [...names],
      textStyle: { color: ink, fontSize: 12 },
      inactiveBorderWidth: 0,
    },
    height: rows * legendRow + 12,
  };
}

/** The look of an axis, with a name along its middle. */
export function axis(name: string, nameGap: number) {
  return {
    name,
    nameLocation: 'middle' as const,
    nameGap,
    nameTextStyle: { color: ink, fontSize: 12 },
    axisLabel: { color: muted, fontSize: 11 },
    axisLine: { show: true, lineStyle: { color: muted } },
    axisTick: { show: false },
    splitLine: { lineStyle: { color: grid } },
  };
}

/** An axis of numbers, its ticks rounded: between values that hardly differ they would have eighteen digits. */
export function valueAxis(name: string, nameGap: number) {
  const plain = axis(name, nameGap);
  return {
    ...plain,
    axisLabel: { ...plain.axisLabel, formatter: (value: number) => String(Number(value.toPrecision(5))) },
  };
}
