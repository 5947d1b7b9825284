import { describe, expect, it } from 'vitest';
import { failure, load, tiny } from '../hardware/tiny.ts';
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
      { message: "projection 'p' learns; hw-model 'round' takes only fixed weights" },
      { message: "projection 'loop' is recurrent; hw-model 'round' takes only feed-forward projections" },
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

it('charges kernels by what they run over, where none is named', () => {
  const costs = (kernels: string) =>
    imageOf(
      smallProgram,
      smallRules,
      `${roundCore}otherKernels: {row: {cyclesPerItem: 2, energyPjPerItem: 7, source: paper}}\n${kernels}`,
    );
  const stated = (image: ReturnType<typeof costs>) =>
    image.kernels.map(({ name }, work) => [name, image.costs.work[work]?.stated?.energyPjPerItem]);
  // `integrate` runs over rows, `fire` over neurons, `learn` over synapses.
  expect(stated(costs(''))).toEqual([
    ['fire', undefined],
    ['learn', undefined],
    ['integrate', 7],
    ['integrate', 7],
  ]);
  const named = 'kernels: {integrate: {cyclesPerItem: 1, energyPjPerItem: 3, source: paper}}';
  expect(stated(costs(named)).slice(2)).toEqual([
    ['integrate', 3],
    ['integrate', 3],
  ]);
  expect(() =>
    load(`${tiny}otherKernels: {rows: {cyclesPerItem: 2, energyPjPerItem: 7, source: paper}}`),
  ).toThrow('expected what kernels run over as the key: neurons, neuron, row, synapse, synapses, weights');
});

describe('a pooling that was joined with the weights behind it', () => {
  const convolved = (connect: string, pooled: string, to = 'shape: [4, 4, 3]') =>
    imageOf(
      `format: plasticore/program/1
name: net
input: a
populations:
  a: {shape: [8, 8, 2]}
  b: {${to}, fields: {v: {bits: 16}}}
projections:
  p: {from: a, to: b, connect: ${connect}, pooled: ${pooled}}
microcode: {rule: rule.uc}
events:
  tick: [{deliver: a}]
  spike: {a: [{run: integrate, over: p}]}
readout: b.v
`,
      smallRules,
      `${roundCore}mapping:
  limits: {window: {most: 2, source: paper}, stride: {most: 0, source: paper}, padding: {most: 0, source: paper}, denseSide: {most: 3, source: paper}, pooled: {most: 1, source: paper}}
`,
    );
  const found = (...network: Parameters<typeof convolved>) => {
    const error = failure(() => convolved(...network));
    return [error, ...error.others].map(({ message }) => message.split(';')[0]);
  };

  it('leaves the window that the mapper sees', () => {
    // 3 x 3 with stride 1 and padding 1 over squares of 2 x 2.
    expect(found('{convolution: {window: 6, stride: 2, padding: 2}}', '2')).toEqual([
      "projection 'p' has a window with a side of 3",
      "projection 'p' has a stride of 1",
      "projection 'p' has a padding of 1",
      "projection 'p' pools over 2",
    ]);
    expect(found('dense', '2', 'size: 3')).toEqual([
      "projection 'p' is dense from a picture with a side of 4",
      "projection 'p' pools over 2",
    ]);
  });

  it.each([
    [
      '{convolution: {window: 5}}',
      '2',
      'expected a side that divides window, stride and padding, found 2 for 5',
    ],
    ['dense', '9', "expected a side within the picture's 8, found 9"],
  ])('is refused where it cannot be: %s by %s', (connect, pooled, message) => {
    expect(failure(() => convolved(connect, pooled))).toMatchObject({ message, file: 'net.yaml' });
  });
});
