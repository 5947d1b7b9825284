import type { AccuracyPoint } from '../shared/protocol.ts';

/** A point of a curve that was asked test samples. */
type AskedPoint = AccuracyPoint & { readonly heldOut: number };

/** Points of two runs at the same sample. */
export interface AtSameSample {
  readonly one: AskedPoint;
  readonly other: AskedPoint;
}

/** Compares two curves at the latest sample that both have a point for. Undefined without such a point. */
export function atSameSample(
  one: readonly AccuracyPoint[],
  other: readonly AccuracyPoint[],
): AtSameSample | undefined {
  const known = new Map(other.map((point) => [point.position, point]));
  for (const point of [...one].reverse()) {
    const there = known.get(point.position);
    if (isAsked(point) && there !== undefined && isAsked(there)) return { one: point, other: there };
  }
  return undefined;
}

function isAsked(point: AccuracyPoint): point is AskedPoint {
  return point.heldOut !== undefined;
}
