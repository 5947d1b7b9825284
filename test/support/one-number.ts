import type { Dice } from '../engine/random/dice.ts';

type Path = readonly (string | number)[];

/** Where the numbers of a value are. */
function numbersIn(value: unknown, path: Path = []): Path[] {
  if (typeof value === 'number') return [path];
  // Of the many numbers of an array of words, a few.
  if (ArrayBuffer.isView(value)) {
    const length = (value as Uint32Array).length;
    return [0, length >> 1, length - 1].filter((at) => at >= 0 && at < length).map((at) => [...path, at]);
  }
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, inner]) =>
    numbersIn(inner, [...path, Array.isArray(value) ? Number(key) : key]),
  );
}

/** A copy of a value with one number changed, and in words what was changed. */
export function withOneNumberChanged<T extends object>(
  original: T,
  dice: Dice,
): { readonly value: T; readonly change: string } {
  // First one of its parts, so that the many numbers of one do not hide those of the others.
  const parts = Object.entries(original).map(([key, part]) => numbersIn(part, [key]));
  const path = dice.pick(dice.pick(parts.filter(({ length }) => length > 0)));
  const value = structuredClone(original);
  let owner = value as Record<string | number, unknown>;
  for (const step of path.slice(0, -1)) owner = owner[step] as Record<string | number, unknown>;
  const last = path.at(-1) ?? '';
  const before = Number(owner[last]);
  const values = [
    before + 1,
    before - 1,
    0,
    1,
    -before,
    before * 2,
    before ^ (1 << dice.whole(0, 30)),
    dice.whole(0, 40),
    2 ** 31,
    -1,
    before + 0.5,
    Number.NaN,
    Number.POSITIVE_INFINITY,
    1e300,
  ];
  const after = dice.pick(values.filter((other) => other !== before));
  owner[last] = after;
  return { value, change: `${path.join('.')}: ${before} -> ${after}` };
}
