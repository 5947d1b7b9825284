import type { AccuracyPoint } from '../shared/protocol.ts';

/** Accuracies of two runs on test samples, at the latest sample that both have a point for. */
export interface AtSameSample {
  readonly position: number;
  readonly one: number;
  readonly other: number;
}

/** Compares two curves where both stand, at the point of the one that is behind. Undefined without such a point. */
export function atSameSample(
  one: readonly AccuracyPoint[],
  other: readonly AccuracyPoint[],
): AtSameSample | undefined {
  const known = new Map(other.map(({ position, heldOut }) => [position, heldOut]));
  for (const { position, heldOut } of [...one].reverse()) {
    const there = known.get(position);
    if (heldOut !== undefined && there !== undefined) return { position, one: heldOut, other: there };
  }
  return undefined;
}
