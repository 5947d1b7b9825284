import { sha256 } from '../../native/index.ts';
import { type Axis, type DesignKey, shownValue } from '../../report/index.ts';

/** Length of the longest value that a name spells out. */
const longestValue = 24;

/**
 * Names of designs and cells that are valid folder names on any file system: `mp16-8_gain=2_lanes=8`, or with
 * a seed `mp16-8_gain=2_lanes=8_seed=1`.
 *
 * An axis is named by the last part of its path, or by as many parts as distinguish it from the other axes. A
 * value that is not a short plain word or number is shortened, and a part of its SHA-256 is appended:
 * `hiddenRate=value-6-1f0c55`. A name does not depend on the other values of an axis, so names stay the same
 * when a sweep is extended.
 */
export function designNames(axes: readonly Axis[]): (design: DesignKey) => string {
  const heads = axes.map(({ path }) => shortPath(path, axes));
  return ({ precision, values }) =>
    [precision, ...axes.map(({ path }, index) => `${heads[index]}=${valueLabel(values[path])}`)].join('_');
}

/** Names a design's cell, or a run of the store, with its seed. */
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

function valueLabel(value: unknown): string {
  const text = shownValue(value);
  // Some file systems ignore case, and the text of true is the same as that of 'true'.
  const isPlain = /^[\da-z.+-]+$/.test(text) && text.length <= longestValue;
  const isItself = typeof value !== 'string' || !isScalar(text);
  if (isPlain && isItself) return text;
  const digest = sha256([new TextEncoder().encode(JSON.stringify(value ?? null))]).slice(0, 6);
  const short = text.replaceAll(/[^\w.+]+/g, '-').replaceAll(/^[-.]+|[-.]+$/g, '');
  return `${short.slice(0, longestValue)}-${digest}`.replace(/^-/, '');
}

/** Whether a text looks like a number, a boolean or null. */
function isScalar(text: string): boolean {
  return ['true', 'false', 'null'].includes(text) || String(Number(text)) === text;
}

function plain(text: string): string {
  return text.replaceAll(/[^\w.+-]/g, '-');
}
