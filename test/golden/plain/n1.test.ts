import { describe, expect, test } from 'vitest';
import { firstDifference } from '../../support/difference.ts';
import { goldenText, n1Names } from '../../support/golden.ts';
import { type N1Trace, plainN1 } from './n1.ts';

describe('the plain model of N1', () => {
  test.each(n1Names)('reproduces %s', (name) => {
    const { expected, ...stimulus } = JSON.parse(goldenText(name)) as N1Trace;
    expect(firstDifference(expected, plainN1(stimulus))).toBeUndefined();
  });
});
