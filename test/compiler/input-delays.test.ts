import { describe, expect, it } from 'vitest';
import { edit, failure } from '../hardware/tiny.ts';
import { imageOf } from '../support/core.ts';
import { smallProgram, smallRules } from './small.ts';

const withDelays = (delays: string): string =>
  edit(smallProgram, '    size: 6\n', `    size: 6\n    delays: ${delays}\n`);

describe('delays of the input', () => {
  it('may be formulas', () => {
    const { events } = imageOf(withDelays('[0, weightBits]'), smallRules);
    expect(events.delayed).toMatchObject([{ population: 0, lists: [{ delay: 8, shift: 6 }] }]);
  });

  it.each([
    ['[]', 'expected at least one number of steps, 0'],
    ['5', 'expected a list of steps, found 5'],
    ['[1, 2]', 'delays: expected 0, then ascending numbers of steps, found 1, 2'],
    ['[0, 3, 3]', 'delays: expected 0, then ascending numbers of steps, found 0, 3, 3'],
    ['[0, 4, 3]', 'delays: expected 0, then ascending numbers of steps, found 0, 4, 3'],
    ['[0, 63]', 'delays: expected whole numbers of steps from 0 to 62, found 63'],
    ['[0, 1.5]', 'delays: expected whole numbers of steps from 0 to 62, found 1.5'],
    ['[0, rate]', "'rate' changes with the epoch"],
  ])('of %s are refused', (delays, message) => {
    const error = failure(() => imageOf(withDelays(delays), smallRules));
    expect(error.message).toContain(message);
    expect(error.file).toBe('net.yaml');
  });

  it('are refused for another population, with a shape, and beside a delay of a projection', () => {
    const other = edit(smallProgram, '    size: 5\n', '    size: 5\n    delays: [0, 1]\n');
    expect(failure(() => imageOf(other, smallRules)).message).toContain(
      "only the input has delays, and 'out' makes its own spikes",
    );
    const shaped = edit(withDelays('[0, 1]'), '    size: 6\n', '    shape: [2, 3, 1]\n');
    expect(failure(() => imageOf(shaped, smallRules)).message).toContain(
      "an input with a 'shape' has no delays",
    );
    const both = edit(
      withDelays('[0, 1]'),
      '    to: out\n    initialWeights',
      '    to: out\n    delay: 2\n    initialWeights',
    );
    expect(failure(() => imageOf(both, smallRules))).toMatchObject({
      message: "'p' delays spikes of 'in', which has delays itself",
      hint: 'add the delay to populations.in.delays, or leave these out',
    });
  });

  it('are refused where some steps do not deliver the input', () => {
    const program = edit(withDelays('[0, 1]'), '    - deliver: in\n', '    - {deliver: in, every: 2}\n');
    expect(failure(() => imageOf(program, smallRules)).message).toContain(
      "spikes of 'in' wait for delays: each step has to deliver them exactly once",
    );
  });
});
