import { describe, expect, it } from 'vitest';
import { checkPlacement } from '../../src/compiler/index.ts';
import { PlasticoreError } from '../../src/text/index.ts';
import { spread } from '../support/spread.ts';

const populations = [
  { name: 'input', size: 784 },
  { name: 'hidden', size: 256 },
  { name: 'output', size: 10 },
];

describe('a population is spread over cores', () => {
  it('in slices of equal numbers of tiles', () => {
    // 256 neurons are 16 tiles of 16 lanes: 5, 5 and 6 of them.
    const { hidden } = spread(populations, 0, 3, 16);
    expect(hidden).toEqual([
      { first: 0, size: 80, core: 0 },
      { first: 80, size: 80, core: 1 },
      { first: 160, size: 96, core: 2 },
    ]);
  });

  it('but not into more slices than it has tiles: it is on the last cores', () => {
    const { output, hidden } = spread(populations, 0, 40, 16);
    expect(output).toEqual([{ first: 0, size: 10, core: 39 }]);
    expect(hidden?.map(({ core }) => core)).toEqual(Array.from({ length: 16 }, (_, at) => 24 + at));
  });

  it('and the input, which computes nothing, is on core 0', () => {
    expect(spread(populations, 0, 3, 16).input).toEqual([{ first: 0, size: 784, core: 0 }]);
  });
});

describe('a placement is refused', () => {
  const whole = {
    input: [{ first: 0, size: 784, core: 0 }],
    hidden: [{ first: 0, size: 256, core: 0 }],
    output: [{ first: 0, size: 10, core: 0 }],
  };
  const refusal = (placement: Parameters<typeof checkPlacement>[0]): string => {
    try {
      checkPlacement(placement, populations, 2);
    } catch (error) {
      if (error instanceof PlasticoreError) return `${error.message}; ${error.hint}`;
      throw error;
    }
    return 'accepted';
  };

  it.each([
    [
      'where a neuron is on no core',
      { ...whole, hidden: [{ first: 0, size: 255, core: 0 }] },
      "placement: neuron 255 of 'hidden' is on no core; place every neuron once",
    ],
    [
      'where a population is missing',
      { input: whole.input, hidden: whole.hidden },
      "placement: neurons 0 to 9 of 'output' are on no core; place every neuron once",
    ],
    [
      'where a neuron is placed twice',
      {
        ...whole,
        hidden: [
          { first: 0, size: 128, core: 0 },
          { first: 127, size: 129, core: 1 },
        ],
      },
      "placement: neuron 127 of 'hidden' is placed twice; place every neuron once",
    ],
    [
      'beyond the population',
      { ...whole, output: [{ first: 0, size: 11, core: 0 }] },
      "placement: 'output' has neurons 0 to 9, found 10; end the last slice there",
    ],
    [
      'on a core that the chip does not have',
      { ...whole, output: [{ first: 0, size: 10, core: 2 }] },
      "placement: 'output' is on core 2, but the chip has 2; name cores 0 to 1",
    ],
    [
      'of a population that does not exist',
      { ...whole, hiden: [{ first: 0, size: 1, core: 0 }] },
      "placement: there is no population 'hiden'; did you mean 'hidden'?",
    ],
  ])('%s', (_, placement, message) => {
    expect(refusal(placement)).toBe(message);
  });

  it('and accepted where it names every neuron once', () => {
    expect(refusal(whole)).toBe('accepted');
  });
});
