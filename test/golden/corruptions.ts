import { PlasticoreError } from '../../src/text/index.ts';
import { recordedFormats } from '../chips/recorded-formats.ts';
import { replayContext } from '../chips/replay-context.ts';
import type { Dice } from '../engine/random/dice.ts';
import { inThorough } from '../support/thorough.ts';

/** One change to a JSON value. */
export interface Corruption {
  /** The path of the value that is changed, with `*` for indices of lists. */
  readonly pattern: string;
  readonly what: string;
  readonly corrupted: unknown;
}

/** What becomes of a changed recording. */
export type Fate = 'refused' | 'diverges' | 'agrees';

/** Reads and replays a changed recording of a format. */
export function fateOf(corrupted: unknown, formatName: string): Fate {
  const format = recordedFormats.find(({ name }) => name === formatName);
  if (format === undefined) throw new Error(`no format ${formatName}`);
  try {
    const trace = format.read({ value: corrupted, file: 'x.json', locate: () => ({}) });
    return trace.replay(replayContext).agrees ? 'agrees' : 'diverges';
  } catch (error) {
    if (error instanceof PlasticoreError) return 'refused';
    throw error;
  }
}

/** All changes in the thorough run, every third one in the quick one: of each kind of path, at least one. */
export function* changesToTry(...of: Parameters<typeof corruptions>): Generator<Corruption> {
  let index = 0;
  for (const change of corruptions(...of)) if (inThorough(true, index++ % 3 === 0)) yield change;
}

type Path = readonly (string | number)[];

/**
 * Changes of one number, digit, entry or key of a value. Paths that differ in indices alone are alike: of each kind of
 * path, a few are changed in every way.
 */
export function* corruptions(root: unknown, dice: Dice, perPattern: number): Generator<Corruption> {
  const places = new Map<string, Path[]>();
  collect(root, [], places);
  for (const [pattern, paths] of places) {
    for (let i = 0; i < Math.min(perPattern, paths.length); i++) {
      const path = dice.pick(paths);
      for (const [what, changed] of changesOf(valueAt(root, path), dice)) {
        const at = path.length === 0 ? what : `${what} of ${path.join('.')}`;
        yield { pattern, what: at, corrupted: replaced(root, path, changed) };
      }
    }
  }
}

function collect(value: unknown, path: Path, places: Map<string, Path[]>): void {
  const pattern = path.map((part) => (typeof part === 'number' ? '*' : part)).join('.');
  places.set(pattern, [...(places.get(pattern)?.slice(-500) ?? []), path]);
  if (Array.isArray(value)) for (const [index, item] of value.entries()) collect(item, [...path, index], places);
  else if (typeof value === 'object' && value !== null)
    for (const [key, item] of Object.entries(value)) collect(item, [...path, key], places);
}

function* changesOf(value: unknown, dice: Dice): Generator<readonly [what: string, changed: unknown]> {
  if (typeof value === 'number') {
    yield ['one more', value + 1];
    yield ['one less', value - 1];
    yield ['a flipped bit', value ^ (1 << dice.whole(1, 6))];
  } else if (typeof value === 'string' && value !== '') {
    const at = dice.whole(0, value.length - 1);
    const digit = value[at] === '7' ? '6' : '7';
    yield [`character ${at}`, value.slice(0, at) + digit + value.slice(at + 1)];
  } else if (Array.isArray(value)) {
    const items: readonly unknown[] = value;
    const at = dice.whole(0, Math.max(0, items.length - 1));
    if (items.length === 0) return;
    yield [`without entry ${at}`, items.toSpliced(at, 1)];
    yield [`entry ${at} twice`, items.toSpliced(at, 0, items[at])];
    if (at + 1 < items.length && JSON.stringify(items[at]) !== JSON.stringify(items[at + 1]))
      yield [`entries ${at} and ${at + 1} exchanged`, items.toSpliced(at, 2, items[at + 1], items[at])];
  } else if (typeof value === 'object' && value !== null) {
    yield ['another key', { ...value, another: 0 }];
    const keys = Object.keys(value);
    if (keys.length === 0) return;
    const key = dice.pick(keys);
    yield [`without ${key}`, Object.fromEntries(Object.entries(value).filter(([name]) => name !== key))];
  }
}

function valueAt(root: unknown, path: Path): unknown {
  return path.reduce<unknown>(
    (value, part) => (typeof value === 'object' && value !== null ? Reflect.get(value, part) : undefined),
    root,
  );
}

/** A copy in which the value at a path is another; what does not change is shared. */
function replaced(root: unknown, path: Path, value: unknown): unknown {
  const [part, ...rest] = path;
  if (part === undefined) return value;
  if (Array.isArray(root)) {
    const items: readonly unknown[] = root;
    return items.map((item, index) => (index === part ? replaced(item, rest, value) : item));
  }
  if (typeof root !== 'object' || root === null) throw new Error(`nothing at ${path.join('.')}`);
  return { ...root, [part]: replaced(Reflect.get(root, part), rest, value) };
}
