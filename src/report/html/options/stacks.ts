import type { EChartsOption } from 'echarts';
import { largest } from '../../../text/index.ts';
import { scaleOf } from '../../text/format.ts';
import type { Chart } from '../markup.ts';
import { colourOf, ink, muted, surface } from '../theme.ts';
import { axis, chartWidth, legend, textWidth } from './common.ts';

/** Bars, each a stack of parts. */
export interface Stacks {
  /** Names of the bars. */
  readonly bars: readonly string[];
  readonly parts: readonly { readonly name: string; readonly values: readonly number[] }[];
}

/** Bars of records: what each consists of, by name. */
export function stacksOf(
  bars: readonly string[],
  records: readonly Readonly<Record<string, number>>[],
): Stacks {
  const names = [...new Set(records.flatMap((record) => Object.keys(record)))];
  return {
    bars,
    parts: names.map((name) => ({ name, values: records.map((record) => record[name] ?? 0) })),
  };
}

/** The sum of the largest bar. */
export function tallest(stacks: Stacks): number {
  return largest(totalsOf(stacks), 0);
}

function totalsOf({ bars, parts }: Stacks): number[] {
  return bars.map((_, bar) => parts.reduce((sum, { values }) => sum + (values[bar] ?? 0), 0));
}

/** Longer names take two lines. */
const widestName = 170;

/** The number of parts with a colour of their own; all others share one. */
const mostParts = 7;

/** Names of the parts with a nonzero size in any stack, largest first. */
export function namesOfParts(all: readonly Stacks[]): string[] {
  const sizes = new Map<string, number>();
  for (const { name, values } of all.flatMap(({ parts }) => parts)) {
    sizes.set(name, Math.max(sizes.get(name) ?? 0, ...values));
  }
  return [...sizes]
    .filter(([, size]) => size > 0)
    .sort(([, a], [, b]) => b - a)
    .map(([name]) => name);
}

/** A part as it is drawn. */
interface DrawnPart {
  readonly name: string;
  readonly values: readonly number[];
  readonly colour: number;
}

/**
 * The parts in the order of `names`, which also determines their colours. Parts beyond the seventh are merged, unless
 * there is only one of them. Parts of zero size and parts not named are left out.
 */
export function drawnParts({ bars, parts }: Stacks, names: readonly string[]): DrawnPart[] {
  const own = names.length <= mostParts + 1 ? names : names.slice(0, mostParts);
  const rest = names.slice(own.length);
  const valuesOf = (name: string) => parts.find((part) => part.name === name)?.values ?? bars.map(() => 0);
  const shown = own.map((name, colour) => ({ name, values: valuesOf(name), colour }));
  const others = rest.map(valuesOf);
  const merged = {
    name: `${rest.length} others`,
    values: bars.map((_, bar) => others.reduce((sum, values) => sum + (values[bar] ?? 0), 0)),
    colour: mostParts,
  };
  return [...shown, merged].filter(({ values }) => values.some((value) => value > 0));
}

export interface StackLook {
  /** Title of the value axis, with its unit. */
  readonly axisName: string;
  /** Formats a value. */
  readonly format: (value: number) => string;
  /** Size of one unit of the axis. */
  readonly unit: number;
  /** Upper end of the axis, if the quantity has a natural maximum. */
  readonly max?: number | undefined;
  /** Reference values, drawn as lines across the bars. */
  readonly references?: readonly { readonly name: string; readonly value: number }[] | undefined;
}

/**
 * The look of amounts in a unit of SI, whose prefix fits the largest bar. @param size of the unit, in that of the
 * values
 */
export function lookOf(
  stacks: Stacks,
  quantity: string,
  unit: string,
  size: number,
  format: (value: number) => string,
): StackLook {
  const scale = scaleOf(tallest(stacks) / size);
  return { axisName: `${quantity}, ${scale.prefix}${unit}`, format, unit: scale.size * size };
}

/**
 * Horizontal stacked bars, in the given order, from the top.
 *
 * @param names the parts in the order in which they get colours; use the same names for adjacent charts
 */
export function stackChart(stacks: Stacks, look: StackLook, names = namesOfParts([stacks])): Chart {
  const { bars } = stacks;
  const parts = drawnParts(stacks, names);
  const { references = [], unit } = look;
  const below = legend(parts.map(({ name }) => name));
  const top = references.length === 0 ? 10 : 14 + 14 * references.length;
  const bottom = below.height + 46;
  const longest = Math.max(40, ...bars.map((bar) => textWidth(bar)));
  const room = Math.min(longest, widestName);
  const left = 14 + room;
  const totals = totalsOf({ bars, parts });
  const reach = Math.max(0, ...totals, ...references.map(({ value }) => value)) / unit;
  const option: EChartsOption = {
    grid: { left, right: 22, top, bottom },
    legend: below.option as object,
    xAxis: {
      type: 'value',
      min: 0,
      ...(look.max === undefined ? { max: roundUp(reach) } : { max: look.max / unit }),
      splitNumber: longest > widestName / 2 ? 3 : 5,
      ...axis(look.axisName, 28),
    },
    yAxis: {
      type: 'category',
      inverse: true,
      data: [...bars],
      axisLabel: {
        color: ink,
        fontSize: longest > widestName ? 10 : 12,
        ...(longest > widestName && { width: room, overflow: 'break' as const, lineHeight: 11 }),
        interval: 0,
      },
      axisTick: { show: false },
      axisLine: { lineStyle: { color: muted } },
    },
    series: parts.map(({ name, values, colour }, index) => ({
      type: 'bar' as const,
      name,
      stack: 'all',
      barWidth: 16,
      itemStyle: { color: colourOf(colour), borderColor: surface, borderWidth: 0.5 },
      data: values.map((value, bar) => ({
        value: value / unit,
        name: `${bars[bar] ?? ''}, ${name}: ${look.format(value)}${parts.length === 1 ? '' : shareOf(value, totals[bar] ?? 0)}`,
      })),
      ...(index > 0 || references.length === 0
        ? {}
        : {
            markLine: {
              silent: true,
              symbol: 'none',
              lineStyle: { color: ink, type: 'dashed' as const, width: 1 },
              data: references.map((reference, line) => ({
                xAxis: reference.value / unit,
                name: reference.name,
                label: {
                  position: 'start',
                  formatter: '{b}',
                  color: ink,
                  fontSize: 11,
                  distance: [0, 4 + 13 * line],
                },
              })),
            },
          }),
    })),
  };
  return { option, width: chartWidth, height: top + bottom + 26 * bars.length };
}

function shareOf(value: number, total: number): string {
  return total === 0 ? '' : ` (${((100 * value) / total).toFixed(1)} %)`;
}

/** Rounds up to the next of 1, 1.2, 1.5, 2, 2.5, 3, 4, 5, 6, 8 or 10 times a power of ten. */
function roundUp(value: number): number {
  if (value <= 0) return 1;
  const power = 10 ** Math.floor(Math.log10(value));
  const step = [1, 1.2, 1.5, 2, 2.5, 3, 4, 5, 6, 8, 10].find((factor) => factor * power >= value * 1.02);
  return Number(((step ?? 12) * power).toPrecision(3));
}
