import { type Axis, type DesignKey, shownValue } from '../report/index.ts';

/** The longest value that a name spells out. */
const longestValue = 24;

/**
 * Names of designs and cells that are names of folders on any file system: `mp16-8_gain=2_lanes=8`, and with a seed
 * `mp16-8_gain=2_lanes=8_seed=1`.
 *
 * An axis is named by the last part of its path, by as many parts as set it apart from the other axes. Values that are
 * no short plain words or numbers are counted instead: `hiddenRate=v1`, `hiddenRate=v2`.
 */
export function designNames(axes: readonly Axis[]): (design: DesignKey) => string {
  const heads = axes.map(({ path }) => shortPath(path, axes));
  const labels = axes.map(valueLabels);
  return ({ precision, values }) =>
    [
      precision,
      ...axes.map(({ path }, index) => `${heads[index]}=${labels[index]?.get(shownValue(values[path]))}`),
    ].join('_');
}

export function cellName(design: string, seed: number): string {
  return `${design}_seed=${seed}`;
}

function shortPath(path: string, axes: readonly Axis[]): string {
  const parts = path.split('.');
  for (let length = 1; length < parts.length; length++) {
    const tail = parts.slice(-length).join('.');
    const isAlone = axes.every((other) => other.path === path || !`.${other.path}`.endsWith(`.${tail}`));
    if (isAlone) return plain(tail);
  }
  return plain(path);
}

function valueLabels({ values }: Axis): ReadonlyMap<string, string> {
  const texts = values.map(shownValue);
  const isPlain = texts.every((text) => text === plain(text) && text.length <= longestValue && text !== '');
  // Some file systems take upper and lower case for the same.
  const isDistinct = new Set(texts.map((text) => text.toLowerCase())).size === texts.length;
  return new Map(texts.map((text, index) => [text, isPlain && isDistinct ? text : `v${index + 1}`]));
}

function plain(text: string): string {
  return text.replaceAll(/[^\w.+-]/g, '-');
}
