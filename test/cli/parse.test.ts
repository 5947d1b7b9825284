import { describe, expect, test } from 'vitest';
import { parse } from '../../src/cli/parse.ts';
import { PlasticoreError } from '../../src/text/index.ts';
import { argv } from '../support/argv.ts';

/** The message that refuses a line. */
async function refusal(args: readonly string[]): Promise<readonly [string, string, string | undefined]> {
  try {
    await parse(args);
  } catch (error) {
    if (error instanceof PlasticoreError) return [error.code, error.message, error.hint];
    throw error;
  }
  throw new Error('not refused');
}

/** A line that begins with its command has a parser of its own; one with an option before it, that of all commands. */
describe('both parsers refuse a wrong line in the same words', () => {
  test.each([
    ['run mnist-snn --epoch 2', "unknown option '--epoch'"],
    ['run mnist-snn more', "'more' is one argument too many"],
    ['run', 'an argument is missing'],
    ['run mnist-snn --out', '--out: a value is missing'],
    ['run mnist-snn --engine fasst', "--engine: expected fast, reference, found 'fasst'"],
    ['compile mnist-snn --precision mp16-8', 'missing: --hw'],
    ['hw check', 'an argument is missing'],
    ['list hw-models more', "'more' is one argument too many"],
    [
      'import net.nir --fires each --fires reaches',
      "--fires: expected one choice for all nodes, and one for each NODE=CHOICE, found 'each,reaches'",
    ],
    ['data fetch mnist --two', "unknown option '--two'"],
  ])('%s', async (line, message) => {
    const args = line.split(' ');
    const own = await refusal(args);
    expect(own[1]).toContain(message);
    expect(own[0]).toBe('usage');
    expect(await refusal(argv`--quiet ${args}`)).toEqual(own);
  });
});
