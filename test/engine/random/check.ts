import { runBoth } from './compare.ts';
import type { Coverage } from './coverage.ts';
import { imageOf, type RandomProgram, randomProgram } from './program.ts';
import { describeFailure } from './show.ts';

/**
 * Runs the random program of a seed on both engines.
 *
 * @returns the generated module
 * @throws Error that names the first divergence and the smallest program that still diverges
 */
export function checkProgram(seed: number, coverage: Coverage): Uint8Array {
  const program = randomProgram(seed, 'one core');
  const outcome = orFailure(program, () => runBoth(program, imageOf(program)));
  if (outcome.difference !== undefined) throw new Error(describeFailure(program));
  coverage.note(program, outcome);
  return outcome.module;
}

/** A crash is described as a divergence is. */
function orFailure<T>(program: RandomProgram, run: () => T): T {
  try {
    return run();
  } catch (error) {
    throw new Error(describeFailure(program), { cause: error });
  }
}
