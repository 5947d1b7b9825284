/** Colours of drawings on canvas, which cannot take them from the style sheet by themselves. */
import { signal } from '@preact/signals';

const dark = matchMedia('(prefers-color-scheme: dark)');

/** Whether the page is dark: drawings read it, so that they are drawn anew when it changes. */
export const isDark = signal(dark.matches);
dark.addEventListener('change', () => {
  isDark.value = dark.matches;
});

/** The colours of the style sheet at the moment. */
export function colours() {
  // Read, so that whoever draws with them draws again when the scheme changes.
  void isDark.value;
  const style = getComputedStyle(document.documentElement);
  const named = (name: string): string => style.getPropertyValue(`--${name}`).trim();
  return {
    ink: named('ink'),
    muted: named('muted'),
    grid: named('grid'),
    surface: named('surface'),
    blue: named('blue'),
    orange: named('orange'),
    green: named('green'),
  };
}

/** Red, green and blue of a colour written as `#rrggbb`. */
export function rgbOf(colour: string): readonly [number, number, number] {
  const value = Number.parseInt(colour.slice(1), 16);
  return [(value >> 16) & 255, (value >> 8) & 255, value & 255];
}

/** Between two colours. */
export function mixed(
  from: readonly [number, number, number],
  to: readonly [number, number, number],
  share: number,
): readonly [number, number, number] {
  const part = (index: 0 | 1 | 2): number => Math.round(from[index] + (to[index] - from[index]) * share);
  return [part(0), part(1), part(2)];
}
