import { describe, expect, test } from 'vitest';
import { loadNamed, namesFor } from '../../src/cli/given-command.ts';

const complete = async (line: string) => {
  const words = line.split(' ');
  return namesFor(words, await loadNamed(words));
};

describe('completion of bundled names', () => {
  test.each([
    ['run mnist-s', ['mnist-snn', 'mnist-snn-100', 'mnist-stdp']],
    ['sweep rounding-n', ['rounding-nearest']],
    ['golden odin', ['odin-mnist']],
    ['compile odin', ['odin']],
    ['inspect odin', ['odin-mnist', 'odin']],
    ['hw show re', ['reckon', 'reference']],
    ['run mnist-snn --hw ref', ['reference']],
    ['compile mnist-snn --precision mp16-8 --hw fp', ['fp32']],
  ])('%s', async (line, names) => {
    expect(await complete(line)).toEqual(names);
  });

  test('offers nothing where a file or a number is expected, and what yargs knows elsewhere', async () => {
    expect(await complete('run mnist-snn x')).toEqual([]);
    expect(await complete('run mnist-snn --epochs 1')).toEqual([]);
    expect(await complete('run --ep')).toBeUndefined();
    expect(await complete('ru')).toBeUndefined();
    expect(await complete('hw sh')).toBeUndefined();
  });
});
