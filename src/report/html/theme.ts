/**
 * Colours. Everything drawn on the page's own background has a light and a dark value; everything else is the same in
 * both schemes.
 */

/** For each custom property, its values in the light and the dark scheme. */
export const tokens = {
  blue: ['#0072b2', '#3a95dc'],
  sky: ['#56b4e9', '#9ad6f7'],
  ink: ['#1b2430', '#e8ecf1'],
  muted: ['#566373', '#9fabb8'],
  grid: ['#d5dce4', '#38434f'],
  surface: ['#ffffff', '#161c24'],
} as const;

/** The light value, for charts; `adaptive` turns it into one that follows the scheme. */
export const ink = tokens.ink[0];
export const muted = tokens.muted[0];
export const grid = tokens.grid[0];
export const surface = tokens.surface[0];

const properties = new Map<string, string>(
  Object.entries(tokens).map(([name, [light]]) => [light, `var(--${name},${light})`]),
);

/** A colour for SVG on the page. A token follows the scheme; in a file saved on its own, it has its light value. */
export function adaptive(colour: string): string {
  return properties.get(colour) ?? colour;
}

/**
 * The palette of Okabe and Ito ("Color Universal Design", 2008), distinguishable with any colour vision. Its black
 * becomes the scheme's ink, its blues are lighter on dark, and its yellow comes last because it is weak on white.
 */
const series = [
  tokens.blue[0],
  '#d55e00',
  '#009e73',
  '#e69f00',
  '#cc79a7',
  tokens.sky[0],
  ink,
  '#f0e442',
] as const;

/** Symbols distinguishable without colour. */
const symbols = [
  'circle',
  'rect',
  'triangle',
  'diamond',
  'path://M0 0H10L5 9Z',
  'path://M3.5 0H6.5V3.5H10V6.5H6.5V10H3.5V6.5H0V3.5H3.5Z',
  'path://M5 0L6.2 3.8H10L7 6.2L8.1 10L5 7.7L1.9 10L3 6.2L0 3.8H3.8Z',
] as const;

/** The colour of the n-th item, from 0. */
export function colourOf(index: number): string {
  return series[index % series.length] ?? ink;
}

/** The symbol of the n-th item. Colour and symbol together repeat only after 56 items. */
export function symbolOf(index: number): string {
  return symbols[index % symbols.length] ?? 'circle';
}

/** From none to all, in steps of equal lightness. Blues, because a single hue reads well with any colour vision. */
export const sequential = ['#eef4fa', '#c3dbef', '#8dbbe0', '#4f94c9', '#1f6aa8', '#0b3f73'] as const;

/** From negative through zero to positive: blue, white, vermillion. */
export const diverging = [
  '#00467a',
  '#0072b2',
  '#8cc0e0',
  '#f7f7f7',
  '#f2b48c',
  '#d55e00',
  '#8a3a00',
] as const;

/** Red, green and blue (0..255) at position `share` (0..1) on a colour scale. */
export function shade(scale: readonly string[], share: number): readonly [number, number, number] {
  const at = Math.min(1, Math.max(0, share)) * (scale.length - 1);
  const low = Math.min(Math.floor(at), scale.length - 2);
  const channel = (offset: number): number => {
    const [a = 0, b = 0] = [low, low + 1].map((index) =>
      Number.parseInt((scale[index] ?? '#000000').slice(offset, offset + 2), 16),
    );
    return Math.round(a + (b - a) * (at - low));
  };
  return [channel(1), channel(3), channel(5)];
}
