import { describe, expect, test } from 'vitest';
import { has, needs } from '../support/needs.ts';
import { mutants } from './mutants.ts';
import { checkHardware } from './random.ts';

// Skipped where Icarus Verilog is missing: apt-get install iverilog. More: npx tsx test/rtl/random-many.ts 500 1 tame

const programs = 60;
/** The first seeds, whose text Verilator checks. */
const linted = 40;
/** Of the integer programs on cores without a controller; the others are refused by name. */
const leastShare = 0.9;

describe('random programs in Icarus Verilog', needs('iverilog'), () => {
  test('agree with the reference engine in spikes, cycles, words and generators, and Verilator warns of nothing', () => {
    const reasons: string[] = [];
    const lint = has('verilator');
    let equal = 0;
    for (let seed = 1; equal < programs; seed++) {
      const outcome = checkHardware(seed, { tame: true, lint: lint && seed <= linted });
      if (outcome.is === 'different') expect.fail(`seed ${seed}: ${outcome.where}`);
      if (outcome.is === 'refused') reasons.push(`seed ${seed}: ${outcome.reason}`);
      if (outcome.is === 'equal') equal += 1;
    }
    console.log(`${equal} programs are equal, ${reasons.length} refused\n${reasons.join('\n')}`);
    expect(equal / (equal + reasons.length)).toBeGreaterThanOrEqual(leastShare);
  }, 600_000);

  // Each of these once was a fault.
  test.each([
    [92, 'two sums of a row in one record'],
    [572, 'kernels that wait for the full FIFO'],
    [784, 'one that draws, too'],
    [1329, 'one over segments'],
    [104, 'a test that fails in a group'],
    [149, 'weights of listed targets with delays of their own'],
    [190, 'draws whose operands come late'],
    [12884, 'lanes that hold an item, where no kernel asks for its tile'],
    [20001, 'a row whose last word is written when the next row has been looked up'],
    [12826, 'a kernel over rows that emits'],
  ])(
    'seed %i: %s',
    (seed) => {
      expect(checkHardware(seed, { tame: true })).toMatchObject({ is: 'equal' });
    },
    100_000,
  );

  test.each(mutants.slice(0, 3).map((mutant) => [mutant.name, mutant] as const))(
    'find a generator where %s',
    (_name, { edit, foundBy }) => {
      expect(checkHardware(foundBy, { tame: true, edit })).toMatchObject({ is: 'different' });
    },
    100_000,
  );
});
