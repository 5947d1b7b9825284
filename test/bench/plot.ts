import type { Line, Point } from './fit.ts';

/** Points of one kind, in one colour. */
export interface Series {
  readonly name: string;
  readonly points: readonly Point[];
}

const width = 640;
const height = 440;
const margin = { left: 64, right: 120, top: 16, bottom: 48 };
const colours = ['#0072b2', '#d55e00', '#009e73', '#cc79a7', '#e69f00', '#56b4e9', '#000000'];

/** An SVG of series of points and of the line through all of them, on logarithmic axes; all values are above 0. */
export function plotSvg(series: readonly Series[], line: Line, xLabel: string, yLabel: string): string {
  const all = series.flatMap(({ points }) => points);
  const x = new Axis(
    all.map((point) => point.x),
    margin.left,
    width - margin.right,
  );
  const y = new Axis(
    all.map((point) => point.y),
    height - margin.bottom,
    margin.top,
  );
  const fitted = Array.from({ length: 100 }, (_, index) => x.valueAt(index / 99))
    .map((at) => ({ x: at, y: line.intercept + line.slope * at }))
    .filter((point) => point.y >= y.low && point.y <= y.high)
    .map((point) => `${x.place(point.x)},${y.place(point.y)}`);
  const right = width - margin.right;
  const bottom = height - margin.bottom;
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" font-family="sans-serif" font-size="12">`,
    `<title>${yLabel} against ${xLabel}</title>`,
    `<rect width="${width}" height="${height}" fill="white"/>`,
    ...x.ticks.flatMap(({ at, text }) => [
      `<path d="M${at} ${margin.top}V${bottom}" stroke="#ddd"/>`,
      `<text x="${at}" y="${bottom + 18}" text-anchor="middle">${text}</text>`,
    ]),
    ...y.ticks.flatMap(({ at, text }) => [
      `<path d="M${margin.left} ${at}H${right}" stroke="#ddd"/>`,
      `<text x="${margin.left - 8}" y="${at + 4}" text-anchor="end">${text}</text>`,
    ]),
    `<polyline points="${fitted.join(' ')}" fill="none" stroke="#888"/>`,
    ...series.flatMap(({ name, points }, index) => {
      const colour = colours[index % colours.length];
      const legend = margin.top + 16 * (index + 1);
      return [
        ...points.map(
          (point) => `<circle cx="${x.place(point.x)}" cy="${y.place(point.y)}" r="3.5" fill="${colour}"/>`,
        ),
        `<circle cx="${right + 14}" cy="${legend - 4}" r="3.5" fill="${colour}"/>`,
        `<text x="${right + 24}" y="${legend}">${name}</text>`,
      ];
    }),
    `<text x="${(margin.left + right) / 2}" y="${height - 10}" text-anchor="middle">${xLabel}</text>`,
    `<text transform="translate(16 ${(margin.top + bottom) / 2}) rotate(-90)" text-anchor="middle">${yLabel}</text>`,
    '</svg>',
    '',
  ].join('\n');
}

/** A logarithmic axis over whole decades. */
class Axis {
  readonly low: number;
  readonly high: number;
  readonly #from: number;
  readonly #to: number;

  constructor(values: readonly number[], from: number, to: number) {
    this.low = 10 ** Math.floor(Math.log10(Math.min(...values)));
    this.high = 10 ** Math.ceil(Math.log10(Math.max(...values)));
    this.#from = from;
    this.#to = to;
  }

  /** Where a value is, in the drawing's units. */
  place(value: number): number {
    const share = Math.log10(value / this.low) / Math.log10(this.high / this.low);
    return Math.round(10 * (this.#from + share * (this.#to - this.#from))) / 10;
  }

  /** The value at a share of the axis. */
  valueAt(share: number): number {
    return this.low * (this.high / this.low) ** share;
  }

  /** One for each decade. */
  get ticks(): { readonly at: number; readonly text: string }[] {
    const decades = Math.round(Math.log10(this.high / this.low));
    return Array.from({ length: decades + 1 }, (_, index) => {
      const value = this.low * 10 ** index;
      return { at: this.place(value), text: value.toLocaleString('en-US', { maximumFractionDigits: 6 }) };
    });
  }
}
