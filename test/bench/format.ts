/** A speed in four digits with its prefix: `12.3 G SOP/s`. */
export function formatSpeed(perSecond: number, unit: string): string {
  const [scale, prefix] =
    (
      [
        [1e9, 'G '],
        [1e6, 'M '],
      ] as const
    ).find(([least]) => perSecond >= least) ?? ([1, ''] as const);
  const value = perSecond / scale;
  const digits = value >= 1000 ? value.toFixed(0) : value.toPrecision(3);
  return `${digits} ${prefix}${unit}/s`;
}

/** The middle value; of an even number of them, the upper one of the middle two. */
export function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN;
}
