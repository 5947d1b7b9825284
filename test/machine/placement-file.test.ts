import { describe, expect, it, test } from 'vitest';
import { placementText, readPlacement } from '../../src/compiler/index.ts';
import { deploy, parseSettings } from '../../src/experiment/index.ts';
import { findFile } from '../../src/fs/index.ts';
import { PlasticoreError } from '../../src/text/index.ts';

const head = 'format: plasticore/placement/1\npopulations:\n';
const whole = `${head}  input:
    0-783: 0
  hidden:
    0-127: 1
    128-255: 2
  output:
    0-9: 7
`;

function deployed(text: string, hw = 'mesh') {
  return deploy(
    {
      program: { name: 'mnist-snn', from: '' },
      hw: { name: hw, from: '' },
      precision: 'mp16-8',
      seed: 1,
      settings: parseSettings([]),
      placement: readPlacement(text, 'where.yaml'),
    },
    findFile,
  );
}

test('what a file states is where the neurons are, and is written as it was', () => {
  const { image } = deployed(whole);
  expect(image.placement).toEqual({
    input: [{ first: 0, size: 784, core: 0 }],
    hidden: [
      { first: 0, size: 128, core: 1 },
      { first: 128, size: 128, core: 2 },
    ],
    output: [{ first: 0, size: 10, core: 7 }],
  });
  expect(image.cores.map(({ number }) => number)).toEqual([0, 1, 2, 7]);
  expect(placementText(image.placement)).toBe(whole);
});

test('slices are in the order of their neurons, whatever that of the file', () => {
  const { slices } = readPlacement(`${head}  a: {3: 1, 0-2: 0}\n`, 'where.yaml');
  expect(slices.a).toEqual([
    { first: 0, size: 3, core: 0 },
    { first: 3, size: 1, core: 1 },
  ]);
  expect(placementText(slices)).toBe(`${head}  a:\n    0-2: 0\n    3: 1\n`);
});

describe('a placement file is refused, with the place', () => {
  const refusal = (text: string, hw?: string): string => {
    try {
      deployed(text, hw);
    } catch (error) {
      if (!(error instanceof PlasticoreError)) throw error;
      return `${error.file}:${error.line}:${error.column}: ${error.message}; ${error.hint}`;
    }
    return 'accepted';
  };

  it.each([
    [
      'that leaves out a neuron',
      whole.replace('128-255', '129-255'),
      "where.yaml:7:14: placement: neuron 128 of 'hidden' is on no core; place every neuron once",
    ],
    [
      'that leaves out a population',
      whole.replace('  output:\n    0-9: 7\n', ''),
      "where.yaml:3:3: placement: neurons 0 to 9 of 'output' are on no core; place every neuron once",
    ],
    [
      'that names one twice',
      whole.replace('128-255', '127-255'),
      "where.yaml:7:14: placement: neuron 127 of 'hidden' is placed twice; place every neuron once",
    ],
    [
      'that names a population that does not exist',
      whole.replace('hidden:', 'hiden:'),
      "where.yaml:6:5: placement: there is no population 'hiden'; did you mean 'hidden'?",
    ],
    [
      'that names a core that does not exist',
      whole.replace('0-9: 7', '0-9: 8'),
      "where.yaml:9:10: placement: 'output' is on core 8, but the chip has 8; name cores 0 to 7",
    ],
    [
      'whose ranges run backwards',
      whole.replace('0-127', '127-0'),
      'where.yaml:6:12: populations.hidden.127-0: expected the first neuron before the last, such as 0-127; undefined',
    ],
    [
      'of another kind',
      whole.replace('placement/1', 'program/1'),
      "where.yaml:1:9: format: this is a program ('plasticore/program/1'); a placement is expected here; plasticore compile and inspect take programs; an experiment names one under 'program:'",
    ],
  ])('%s', (_, text, message) => {
    expect(refusal(text)).toBe(message);
  });

  it('for a model of one core', () => {
    expect(refusal(whole, 'reference')).toBe(
      "where.yaml:3:3: hw-model 'reference' has one core: there is nothing to place; choose an hw-model with `chip`, such as mesh",
    );
  });
});
