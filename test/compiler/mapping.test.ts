import { expect, it } from 'vitest';
import { failure } from '../hardware/tiny.ts';
import { imageOf, roundCore } from '../support/core.ts';
import { smallProgram, smallRules } from './small.ts';

const compileOn = (limits: string) =>
  imageOf(smallProgram, smallRules, `${roundCore}mapping: {limits: {${limits}}}\n`);

it('refuses a program by all limits that it misses, each at its place', () => {
  expect(
    compileOn('inputs: {most: 6, source: paper}, outputs: {most: 5, source: paper}').populations,
  ).toHaveLength(2);
  const error = failure(() =>
    compileOn(
      'inputs: {most: 5, of: mapper, source: paper}, recurrence: {oneOf: [feed-forward], source: paper}, plasticity: {oneOf: [fixed], source: paper}',
    ),
  );
  expect(error).toMatchObject({
    code: 'fit',
    file: 'net.yaml',
    message:
      "the network has 6 inputs; hw-model 'round' takes at most 5, a limit of its mapper, not of the silicon",
    hint: 'take fewer inputs',
    others: [
      { message: "projection 'p' learns; hw-model 'round' takes fixed alone" },
      { message: "projection 'loop' is recurrent; hw-model 'round' takes feed-forward alone" },
    ],
  });
});

it('sees what a neuron reaches in a dense projection', () => {
  // `out` has 5 neurons: each has 5 synapses by `loop`, and there are no hidden neurons.
  expect(failure(() => compileOn('fanOut: {most: 4, source: paper}')).message).toContain(
    "population 'out' has a neuron with 5 synapses",
  );
  expect(() => compileOn('fanOut: {most: 5, source: paper}')).not.toThrow();
  // 6 x 5 + 5 x 5
  expect(failure(() => compileOn('weights: {most: 54, source: paper}')).message).toContain('has 55 weights');
});
