import { runBoth } from './compare.ts';
import type { Coverage } from './coverage.ts';
import { Dice } from './dice.ts';
import { withFaults } from './faults.ts';
import { imageOf, type RandomProgram, randomProgram } from './program.ts';
import { describeFailure } from './show.ts';

/**
 * Runs the random program of a seed on both engines.
 *
 * @param failing how many of the programs run on banks with cells that fail, as a share
 * @returns the generated module
 * @throws Error that names the first divergence and the smallest program that still diverges
 */
export function checkProgram(seed: number, coverage: Coverage, failing = 0.15): Uint8Array {
  const drawn = randomProgram(seed, 'one core');
  // Dice of their own: what else a seed stands for stays as it was.
  const dice = new Dice(seed ^ 0x2c1b3c6d);
  const program = dice.chance(failing) ? withFaults(dice, drawn) : drawn;
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
