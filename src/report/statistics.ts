/** Null without values. Equal values are their own mean: their sum, divided, may differ in the last digit. */
export function mean(values: readonly number[]): number | null {
  const [first] = values;
  if (first === undefined) return null;
  if (values.every((value) => value === first)) return first;
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

/** Sample standard deviation (n - 1); null for fewer than two values. */
function standardDeviation(values: readonly number[]): number | null {
  const centre = mean(values);
  if (centre === null || values.length < 2) return null;
  const squares = values.reduce((sum, value) => sum + (value - centre) ** 2, 0);
  return Math.sqrt(squares / (values.length - 1));
}

/** A quantity over several runs. */
export interface Spread {
  readonly n: number;
  /** Null for n = 0. */
  readonly mean: number | null;
  /** Of the sample (n - 1); null for n < 2. */
  readonly standardDeviation: number | null;
  /** Of the mean: standard deviation / sqrt(n); null for n < 2. */
  readonly standardError: number | null;
}

export function spread(values: readonly number[]): Spread {
  const deviation = standardDeviation(values);
  return {
    n: values.length,
    mean: mean(values),
    standardDeviation: deviation,
    standardError: deviation === null ? null : deviation / Math.sqrt(values.length),
  };
}

/**
 * The variance within several groups that vary alike, such as the seeds of several designs; undefined if no group has
 * two values.
 *
 * @param isRelative as a share of each group's mean
 */
export function pooledSpread(
  groups: readonly Spread[],
  { isRelative }: { readonly isRelative: boolean },
): { readonly variance: number; readonly degrees: number } | undefined {
  let [squares, degrees] = [0, 0];
  for (const { n, mean: centre, standardDeviation: deviation } of groups) {
    if (deviation === null || centre === null || (isRelative && centre === 0)) continue;
    squares += (n - 1) * (deviation / (isRelative ? centre : 1)) ** 2;
    degrees += n - 1;
  }
  return degrees === 0 ? undefined : { variance: squares / degrees, degrees };
}

/**
 * The variance of a share that was counted in n samples, with two successes and two failures added: so it is not zero
 * where all samples were right (Agresti & Coull, Am. Stat. 52(2), 1998).
 */
export function shareVariance(share: number, n: number): number {
  const adjusted = (share * n + 2) / (n + 4);
  return (adjusted * (1 - adjusted)) / (n + 4);
}

/** The share of the most frequent label: the accuracy of always answering it. Undefined without labels. */
export function shareOfMostFrequent(labels: ArrayLike<number>): number | undefined {
  const counts = new Map<number, number>();
  for (const label of Array.from(labels)) counts.set(label, (counts.get(label) ?? 0) + 1);
  return labels.length === 0 ? undefined : Math.max(...counts.values()) / labels.length;
}

/** Whether an accuracy is within two standard errors of chance, so that n samples cannot tell it from guessing. */
export function isAtChance(scored: {
  readonly accuracy: number;
  readonly chance: number;
  readonly samples: number;
}): boolean {
  const { accuracy, chance, samples } = scored;
  return accuracy - chance <= 2 * Math.sqrt((chance * (1 - chance)) / samples);
}
