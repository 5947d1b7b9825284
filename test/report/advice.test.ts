import { describe, expect, test } from 'vitest';
import { bindingAdvice, energyAdvice } from '../../src/report/advice.ts';

describe('what binds a design, in words', () => {
  test.each([
    [
      { issue: 0.83, 'integer add': 0.1 },
      'Inference is bound by issue for 83 % of its cycles: more lanes help, more ports do not.',
    ],
    [
      { 'weight bank read ports': 0.9, issue: 0.1 },
      'Inference is bound by the read ports of the weight bank for 90 % of its cycles: wider words or another read port help, more lanes do not.',
    ],
    [
      { 'state bank ports': 1 },
      'Inference is bound by the ports of the state bank for 100 % of its cycles: wider words or another port help, more lanes do not.',
    ],
    [
      { 'integer multiply': 0.95 },
      'Inference is bound by its units of class multiply for 95 % of its cycles: another such unit a lane, or more lanes, help; more ports do not.',
    ],
    [
      { 'state bank returns': 1 },
      'Inference is bound by rows that return to what they have stored in the state bank for 100 % of its cycles: lists that name each target of a row once help, more lanes do not.',
    ],
    [
      { 'order of draws': 1 },
      'Inference is bound by the order of its draws for 100 % of its cycles: fewer draws in a kernel help, more ports do not.',
    ],
    [
      { stated: 1 },
      'Inference is bound by what the hw-model states for its kernels for 100 % of its cycles: only other stated cycles, or a faster clock, help.',
    ],
  ])('%j', (bound, sentence) => {
    expect(bindingAdvice('Inference', bound)).toEqual([sentence]);
  });

  test('what comes second is said if it is no trifle', () => {
    expect(bindingAdvice('Training', { issue: 0.4, 'integer add': 0.6 })).toEqual([
      'Training is bound by its units of class add for 60 % of its cycles: another such unit a lane, or more lanes, help; more ports do not.',
      '40 % are bound by issue: more lanes help, more ports do not.',
    ]);
  });

  test('nothing is said of nothing', () => {
    expect(bindingAdvice('Training', {})).toEqual([]);
    expect(bindingAdvice('Training', { issue: 0 })).toEqual([]);
  });
});

describe('where the energy goes, in words', () => {
  test('names the unit that takes most', () => {
    expect(energyAdvice('an inference', { add: 20, 'state bank': 75, leakage: 5 })).toEqual([
      '75 % of the energy of an inference is in the state bank: narrower items, or words that hold more of what is used, save there.',
    ]);
    expect(energyAdvice('a training sample', { leakage: 60, add: 40 })).toEqual([
      '60 % of the energy of a training sample is leakage: smaller banks, or less time, save it.',
    ]);
    expect(energyAdvice('an inference', { fetch: 57, 'state bank': 31, wires: 12 })).toEqual([
      '57 % of the energy of an inference is in fetch: shorter kernels save there, or more lanes that share each instruction.',
    ]);
  });

  test('says nothing where no unit takes much', () => {
    expect(energyAdvice('an inference', { a: 25, b: 25, c: 25, d: 25 })).toEqual([]);
    expect(energyAdvice('an inference', {})).toEqual([]);
  });
});
