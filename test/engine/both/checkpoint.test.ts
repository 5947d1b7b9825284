import { describe, expect, test } from 'vitest';
import { type Checkpoint, type Core, createCore, engineNames } from '../../../src/engine/index.ts';
import { spikeTrain } from '../../support/core.ts';
import { expectError } from '../../support/errors.ts';
import { handCore, handEngine } from './hand-network.ts';

/** A checkpoint of the hand network in the middle of its sample of two steps. */
function checkpointOf(core: Core): Checkpoint {
  core.begin({ label: 1, learn: true, steps: 2, spikes: spikeTrain([0, 1], [1, 2]) });
  core.step();
  return structuredClone(core.checkpoint());
}

type Change = (checkpoint: Checkpoint) => object;

const cases: readonly (readonly [what: string, change: Change, message: string])[] = [
  ['no checkpoint', () => ({ steps: 2, state: undefined }), "unknown key 'steps'"],
  [
    'a negative epoch',
    () => ({ epoch: -1 }),
    'epoch: expected an epoch (a whole number, at least 0), found -1',
  ],
  [
    'more steps than the sample has',
    ({ sample }) => ({ sample: { ...sample, spikes: undefined, steps: 1 }, stepsDone: 2 }),
    'stepsDone: expected at most 1, found 2',
  ],
  [
    'a sample of more steps than the image',
    ({ sample }) => ({ sample: { ...sample, spikes: undefined, steps: 3 } }),
    'sample.steps: expected a number of steps (a whole number, 0 to 2), found 3',
  ],
  [
    'a label that is no class',
    ({ sample }) => ({ sample: { ...sample, label: 2 } }),
    'sample.label: expected a class (a whole number, 0 to 1), found 2',
  ],
  [
    'spikes whose offsets descend',
    ({ sample }) => ({
      sample: { ...sample, spikes: { ...spikeTrain([0], [1]), offsets: Uint32Array.of(0, 2, 1) } },
    }),
    'sample.spikes: offsets of spikes must not descend, found 1 after 2',
  ],
  [
    'a spike of the sample beyond the input',
    ({ sample }) => ({ sample: { ...sample, spikes: spikeTrain([0], [3]) } }),
    'sample.spikes.indices.1: expected a neuron (a whole number, 0 to 2), found 3',
  ],
  [
    'a received spike beyond the input',
    () => ({ received: [7] }),
    'received.0: expected a neuron (a whole number, 0 to 2), found 7',
  ],
  ['half a pending spike', () => ({ pending: [0, 0.5] }), 'pending.1: expected a neuron'],
  [
    'an emitted spike of no population',
    () => ({ emitted: [3 * 2 ** 24] }),
    'emitted.0: there is no population 3',
  ],
  [
    'an emitted spike of no neuron',
    () => ({ emitted: [2 ** 24 + 2] }),
    "emitted.0: 'hidden' has no neuron 2",
  ],
  [
    'an event of no neuron',
    () => ({ waiting: [{ population: 1, neuron: 2, spikes: 'emitted' }] }),
    "waiting.0: 'hidden' has no neuron 2",
  ],
  [
    'an event of the step before, which the core does not keep',
    () => ({ waiting: [{ population: 1, neuron: 0, spikes: 'previous' }] }),
    "waiting.0: the core keeps no spikes of 'hidden'",
  ],
  [
    'more events than the FIFO holds',
    () => ({ waiting: new Array(100_000).fill({ population: 1, neuron: 0, spikes: 'emitted' }) }),
    'waiting: expected at most 64, found 100000',
  ],
  [
    'a scalar beyond its range',
    ({ event }) => ({ event: event.map(() => 7) }),
    'event.0: expected 0 to 2, found 7',
  ],
  [
    'too few counters',
    ({ counters }) => ({ counters: { ...counters, spikes: [1] } }),
    'counters.spikes: expected 3',
  ],
  [
    'banks of another image',
    ({ state }) => ({ state: { ...state, banks: state.banks.map(() => Uint32Array.of(1)) } }),
    'state: expected banks of',
  ],
  [
    'a generator that would stand still',
    ({ state }) => ({ state: { ...state, generators: state.generators.map(() => 0) } }),
    'state.generators.0: expected a state other than 0',
  ],
  [
    'a bank that is no array of words',
    ({ state }) => ({ state: { ...state, banks: state.banks.map((bank) => [...bank]) } }),
    'state.banks.0: expected words of 32 bits',
  ],
  [
    'a value that its field cannot hold',
    ({ state }) => ({ state: { ...state, banks: state.banks.map((bank) => bank.map(() => 0x80808080)) } }),
    'state.banks: hidden.signal[',
  ],
];

describe.each(engineNames)('a checkpoint is checked before the %s engine goes on from it', (engine) => {
  const { image } = handEngine(handCore());

  test.each(cases)('%s', (_, change, message) => {
    const core = createCore(image, { engine });
    const checkpoint = checkpointOf(core);
    const before = core.checkpoint();
    const damaged = { ...checkpoint, ...change(checkpoint) } as Checkpoint;
    expectError(() => core.resume(damaged), 'data', message);
    // Nothing of it was taken over.
    expect(core.checkpoint()).toEqual(before);
  });

  test('a good one, before a sample, within it and after it', () => {
    const core = createCore(image, { engine });
    core.resume(structuredClone(core.checkpoint()));
    core.resume(checkpointOf(core));
    expect(core.stepsDone).toBe(1);
    core.finish();
    core.resume(structuredClone(core.checkpoint()));
    expect(core.stepsDone).toBe(2);
  });
});
