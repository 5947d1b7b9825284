/** Colours of drawings on canvas, which cannot take them from the style sheet by themselves. */
import { computed, type ReadonlySignal, signal } from '@preact/signals';
import { at } from '../../../src/text/index.ts';

const dark = matchMedia('(prefers-color-scheme: dark)');

/** Whether the page is dark: drawings read it, so that they are drawn anew when it changes. */
export const isDark = signal(dark.matches);
dark.addEventListener('change', () => {
  isDark.value = dark.matches;
});

interface Colours {
  readonly ink: string;
  readonly muted: string;
  readonly grid: string;
  readonly surface: string;
  readonly blue: string;
  readonly orange: string;
}

/**
 * The colours of the style sheet. They are read once for each scheme: to read them, the browser first lays out all that
 * has changed.
 */
export const colours: ReadonlySignal<Colours> = computed(() => {
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
  };
});

/** The last of the shades between two colours. */
export const lastShade = 255;

/**
 * The shades from one colour, written as `#rrggbb`, to another, from 0 to {@link lastShade}: each is the four bytes of
 * a pixel.
 */
export function shadesBetween(from: string, to: string): Uint32Array {
  const [start, end] = [rgbaOf(from), rgbaOf(to)];
  const bytes = Uint8Array.from({ length: 4 * (lastShade + 1) }, (_, index) => {
    const share = Math.floor(index / 4) / lastShade;
    return Math.round(at(start, index % 4) * (1 - share) + at(end, index % 4) * share);
  });
  return new Uint32Array(bytes.buffer);
}

function rgbaOf(colour: string): readonly number[] {
  const value = Number.parseInt(colour.slice(1), 16);
  return [(value >> 16) & 255, (value >> 8) & 255, value & 255, 255];
}
