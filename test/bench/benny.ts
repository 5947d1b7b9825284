import { add, complete, suite } from 'benny';

/** Work to repeat and time. */
export interface BenchmarkCase {
  readonly name: string;
  readonly run: () => void;
  /** What one run amounts to, and in which units. */
  readonly amount: number;
  readonly unit: string;
}

export interface BenchmarkResult {
  readonly name: string;
  /** Units of work a second: the median of the runs, and its margin of error in per cent. */
  readonly speed: number;
  readonly marginPercent: number;
  readonly unit: string;
}

/** Runs cases with benny, each for about half a second. The only file that knows benny. */
export async function runBenchmarks(
  name: string,
  cases: readonly BenchmarkCase[],
): Promise<BenchmarkResult[]> {
  const options = { initCount: 1, minSamples: 3, maxTime: 0.5 };
  const summary = await suite(
    name,
    ...cases.map((each) => add(each.name, () => each.run(), options)),
    // Its own words name the fastest case by runs, but the cases' runs differ in size.
    complete(() => undefined),
  );
  return summary.results.map((result, index) => {
    const { amount = 0, unit = '' } = cases[index] ?? {};
    return { name: result.name, speed: amount / result.details.median, marginPercent: result.margin, unit };
  });
}
