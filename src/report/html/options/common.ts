import type { EChartsOption } from 'echarts';
import { largest, smallest } from '../../../text/index.ts';
import { grid, ink, muted } from '../theme.ts';

/** Width of a chart placed next to another. */
export const chartWidth = 440;

const legendRow = 20;

/**
 * Approximate width of a text, in pixels. Wide enough for most fonts, because the reader's font is unknown; identical
 * on every computer.
 */
export function textWidth(text: string, fontSize = 12): number {
  return 0.6 * fontSize * text.length;
}

/** A legend below the chart, and its height. ECharts wraps a legend but does not reserve room for the extra rows. */
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

/** Style of an axis, with its name centred along it. */
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

/** A numeric axis with rounded ticks. Unrounded ticks between nearly equal values would have eighteen digits. */
export function valueAxis(name: string, nameGap: number) {
  const plain = axis(name, nameGap);
  return {
    ...plain,
    axisLabel: { ...plain.axisLabel, formatter: (value: number) => String(Number(value.toPrecision(5))) },
  };
}

/** An axis with ends of its own, which are no round numbers and have no label. */
export function boundedAxis(name: string, gap: number) {
  const plain = valueAxis(name, gap);
  return { ...plain, axisLabel: { ...plain.axisLabel, showMinLabel: false, showMaxLabel: false } };
}

/** The same with a logarithmic scale: labels at 1, 2 and 5 of each decade. */
export function boundedLogAxis(name: string, gap: number, { min, max }: Ends) {
  const plain = valueAxis(`${name} (log)`, gap);
  const decades = Array.from(
    { length: Math.ceil(Math.log10(max)) - Math.floor(Math.log10(min)) },
    (_, decade) => decade + Math.floor(Math.log10(min)),
  );
  const customValues = decades
    .flatMap((decade) => [1, 2, 5].map((factor) => factor * 10 ** decade))
    .filter((value) => value >= min && value <= max);
  return {
    ...plain,
    axisLabel: { ...plain.axisLabel, customValues },
    axisTick: { show: false, customValues },
  };
}

interface Ends {
  readonly min: number;
  readonly max: number;
}

/** The ends of an axis, a little beyond the values; of a quantity that is never negative, not below `least`. */
export function axisEnds(values: readonly number[], least = Number.NEGATIVE_INFINITY): Ends {
  const [low, high] = [smallest(values), largest(values)];
  const margin = high === low ? Math.abs(low) * 0.1 || 1 : 0.08 * (high - low);
  const round = (value: number) => Number(value.toPrecision(6));
  return { min: Math.max(least, round(low - margin)), max: round(high + margin) };
}
