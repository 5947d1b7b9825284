import type { EChartsOption, SeriesOption } from 'echarts';
import { smallest } from '../../../text/index.ts';
import type { Chart } from '../markup.ts';
import { ink, muted, surface } from '../theme.ts';
import {
  axisEnds,
  boundedAxis,
  boundedLogAxis,
  chartWidth,
  legend as legendOf,
  textWidth,
} from './common.ts';
import { fittingLabels } from './labels.ts';

/** A design among many. */
export interface Dot {
  /** Shown at the mark, where it fits; empty for none. */
  readonly label: string;
  /** Shown to the pointer. */
  readonly name: string;
  /** The number of the design, for the page's script. */
  readonly design: number;
  readonly x: number;
  readonly y: number;
  /** Standard errors, drawn as bars; 0 for none. */
  readonly errorX: number;
  readonly errorY: number;
  readonly colour: string;
  readonly isHollow: boolean;
  readonly isSelected: boolean;
}

interface DotAxis {
  readonly name: string;
  readonly isLog: boolean;
}

/** Two quantities of many designs: those that no other betters in both, joined by steps, before all others. */
export interface Dots {
  readonly front: readonly Dot[];
  readonly others: readonly Dot[];
  readonly x: DotAxis;
  readonly y: DotAxis;
  /** The meaning of the colours. */
  readonly legend: readonly { readonly name: string; readonly colour: string }[];
  readonly width: number;
  /** Without the legend. */
  readonly height: number;
}

const box = { left: 62, right: 20, top: 16 };

export function frontChart({ front, others, x, y, legend, width, height }: Dots): Chart {
  const all = [...front, ...others];
  const below = legendOf(
    legend.map(({ name }) => name),
    width,
  );
  const bottom = 48 + below.height;
  const across = scaleOf(
    all.flatMap((dot) => [dot.x - dot.errorX, dot.x + dot.errorX]),
    x.isLog,
    width - box.left - box.right,
  );
  const tall = height - box.top - 48;
  const up = scaleOf(
    all.flatMap((dot) => [dot.y - dot.errorY, dot.y + dot.errorY]),
    y.isLog,
    tall,
  );
  const sorted = [...front].sort((a, b) => a.x - b.x);
  const placeOf = (dot: Dot) => ({ label: dot.label, x: across.at(dot.x), y: tall - up.at(dot.y) });
  const labelled = [...sorted, ...others].filter(({ label }) => label !== '');
  const fitting = fittingLabels(
    labelled.map(placeOf),
    width - box.left - box.right,
    tall,
    others.filter(({ label }) => label === '').map(placeOf),
    (text) => textWidth(text, 11),
  );
  const positions = new Map(labelled.map((dot, at) => [dot, fitting[at]]));
  const labelOf = (dot: Dot) => ({
    show: positions.get(dot) !== undefined,
    position: positions.get(dot) ?? 'right',
    formatter: () => dot.label,
    color: ink,
    fontSize: 11,
    opacity: 1,
    textBorderColor: surface,
    textBorderWidth: 3,
  });
  const axisOf = ({ name, isLog }: DotAxis, { min, max }: Scale, gap: number) =>
    isLog
      ? { type: 'log' as const, min, max, ...boundedLogAxis(name, gap, { min, max }) }
      : { type: 'value' as const, min, max, ...boundedAxis(name, gap) };
  const option: EChartsOption = {
    grid: { ...box, bottom },
    legend: below.option as object,
    xAxis: axisOf(x, across, 28),
    yAxis: axisOf(y, up, 44),
    series: [
      // A series without dots has a colour for the legend.
      ...legend.map(
        ({ name, colour }): SeriesOption => ({
          type: 'scatter',
          name,
          itemStyle: { color: colour },
          data: [],
        }),
      ),
      ...all.flatMap(errorBars),
      {
        type: 'scatter',
        data: others.map((dot) => ({
          ...markOf(dot, false, width),
          ...(dot.label !== '' && { label: labelOf(dot) }),
        })),
        // Above error bars and steps, which are lines, so that the pointer meets it.
        z: 4,
      },
      {
        type: 'line',
        silent: true,
        step: 'end',
        symbol: 'none',
        lineStyle: { color: ink, width: 1.2, type: 'dashed' },
        data: sorted.map((dot) => [dot.x, dot.y]),
      },
      {
        type: 'scatter',
        data: sorted.map((dot) => ({ ...markOf(dot, true, width), label: labelOf(dot) })),
        z: 4,
      },
    ],
  };
  return { option, width, height: height + below.height };
}

function markOf(
  { name, design, x, y, colour, isHollow, isSelected }: Dot,
  isOnFront: boolean,
  width: number,
) {
  const isClear = isOnFront || isSelected;
  return {
    name,
    design,
    value: [x, y],
    symbolSize: isSelected ? 14 : isOnFront ? 10 : width > chartWidth ? 8 : 6,
    itemStyle: {
      color: isHollow ? 'none' : colour,
      opacity: isClear ? 1 : colour === muted ? 0.45 : 0.75,
      borderColor: isClear ? ink : isHollow ? colour : surface,
      borderWidth: isSelected ? 2.5 : isOnFront ? 0.75 : isHollow ? 1 : 0.3,
    },
  };
}

/** Lines of one standard error to either side, with symbols as caps: ECharts has no error bars. */
function errorBars({ x, y, errorX, errorY, colour }: Dot): SeriesOption[] {
  const bar = (cap: [number, number], by: number, at: (by: number) => number[]): SeriesOption[] =>
    by === 0
      ? []
      : [
          {
            type: 'line',
            silent: true,
            symbol: 'rect',
            symbolSize: cap,
            showAllSymbol: true,
            itemStyle: { color: colour },
            lineStyle: { color: colour, width: 1.5 },
            data: [-by, by].map(at),
          },
        ];
  return [...bar([9, 1.5], errorY, (by) => [x, y + by]), ...bar([1.5, 9], errorX, (by) => [x + by, y])];
}

interface Scale {
  readonly min: number;
  readonly max: number;
  /** Where a value is, in pixels from the least. */
  readonly at: (value: number) => number;
}

function scaleOf(values: readonly number[], isLog: boolean, length: number): Scale {
  const onto = isLog ? Math.log10 : (value: number) => value;
  // No figure of a design is below zero, where all of them are not: energies, areas, shares.
  const { min, max } = isLog || smallest(values) < 0 ? axisEnds(values.map(onto)) : axisEnds(values, 0);
  const back = (value: number): number => (isLog ? Number((10 ** value).toPrecision(6)) : value);
  return {
    min: back(min),
    max: back(max),
    at: (value) => (length * (onto(value) - min)) / (max - min),
  };
}
