import type { EChartsOption } from 'echarts';

/** A chart before it is drawn, sizes in CSS pixels. A datum's `name` is what a reader sees on pointing at it. */
export interface Chart {
  readonly option: EChartsOption;
  readonly width: number;
  readonly height: number;
}

/** Draws a chart as SVG; `id` sets its identifiers apart from those of others on the page. */
export type Draw = (id: string, chart: Chart) => string;
