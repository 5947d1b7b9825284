import { describe, expect, test } from 'vitest';
import { firstDifference } from '../../support/difference.ts';
import { goldenNames, goldenText } from '../../support/golden.ts';
import { plainRanc, type RancTrace } from './ranc.ts';

describe('the plain model of RANC', () => {
  test.each(goldenNames.ranc)('reproduces %s', (name) => {
    const { expected, ...stimulus } = JSON.parse(goldenText(name)) as RancTrace;
    const { packets, hops, ...found } = plainRanc(stimulus);
    // A recording without hops states their hash.
    const stated = expected.hops === undefined ? found : { ...found, hops };
    expect(firstDifference(expected, stated)).toBeUndefined();
    expect(firstDifference(stimulus.stimulus.packets, packets)).toBeUndefined();
  });
});
