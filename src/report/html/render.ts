import type { EChartsOption } from 'echarts';
import { init, setPlatformAPI } from './echarts.ts';
import { type Draw, escapeHtml } from './markup.ts';
import { textWidth } from './options/common.ts';
import { adaptive } from './theme.ts';

// Without a document, ECharts cannot measure text.
setPlatformAPI({
  measureText: (text, font) => ({
    width: textWidth(text, Number.parseFloat(/([\d.]+)px/.exec(font ?? '')?.[1] ?? '12')),
  }),
});

const fonts = 'system-ui,-apple-system,Segoe UI,Roboto,Helvetica,Arial,sans-serif';

/** Draws a chart as SVG, without a document. Equal charts give equal text. */
export const draw: Draw = (id, { option, width, height }) => {
  const chart = init(null, null, { renderer: 'svg', ssr: true, width, height });
  try {
    chart.setOption({ animation: false, backgroundColor: 'transparent', ...option });
    return tidy(chart.renderToSVGString(), id, option);
  } finally {
    chart.dispose();
  }
};

/**
 * Prepares the output of ECharts for the page. Colours follow the scheme; identifiers are local to the chart (ECharts
 * numbers them across all charts of a process); each mark has its name as `data-tip`, a design its number as
 * `data-design`; mouse styles are removed.
 */
function tidy(svg: string, id: string, option: EChartsOption): string {
  return svg
    .replace(/<style.*?<\/style>\s*/gs, '')
    .replace(/<[a-z][^>]*>/gi, (tag) => tidyTag(tag, id, option))
    .replace(/>\s*\n\s*</g, '>\n<');
}

function tidyTag(tag: string, id: string, option: EChartsOption): string {
  const attribute = (name: string) => new RegExp(` ${name}="([^"]*)"`).exec(tag)?.[1];
  const isMark = attribute('ecmeta_ssr_type') === 'chart' && attribute('ecmeta_silent') === undefined;
  const { name, design } = isMark
    ? itemOf(option, Number(attribute('ecmeta_series_index')), Number(attribute('ecmeta_data_index')))
    : {};
  const kept = tag
    .replace(/ (?:class|pointer-events|xml:space|ecmeta_\w+|xmlns:xlink|version|baseProfile)="[^"]*"/g, '')
    .replace(/font-family:sans-serif;/, '')
    .replace(/ style=""/, '')
    .replace(/zr\d+-c/g, `${id}-c`)
    .replace(/="(#[0-9a-f]{6})"/g, (_, colour: string) => `="${adaptive(colour)}"`);
  const told = [
    ...(typeof name === 'string' ? [` data-tip="${escapeHtml(name)}"`] : []),
    ...(typeof design === 'number' ? [` data-design="${design}"`] : []),
  ].join('');
  const own = kept.replace(/\/?>$/, (end) => `${told}${end}`);
  return own.startsWith('<svg ')
    ? own.replace(/<svg width="[^"]*" height="[^"]*"/, `<svg font-family="${fonts}"`)
    : own;
}

/** The label of a mark in a chart: its name, and the number of its design. */
function itemOf(
  option: EChartsOption,
  seriesIndex: number,
  dataIndex: number,
): { readonly name?: unknown; readonly design?: unknown } {
  const all = Array.isArray(option.series) ? option.series : [option.series];
  const data: unknown = all[seriesIndex]?.data;
  const item: unknown = Array.isArray(data) ? data[dataIndex] : undefined;
  return typeof item === 'object' && item !== null ? item : {};
}
