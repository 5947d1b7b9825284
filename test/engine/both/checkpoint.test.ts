import { describe, expect, test } from 'vitest';
import {
  type Checkpoint,
  type Core,
  type CoreState,
  checkSaved,
  coreStateSchema,
  createCore,
  engineNames,
} from '../../../src/engine/index.ts';
import { spikeTrain } from '../../support/core.ts';
import { expectError } from '../../support/errors.ts';
import { handCore, handEngine } from './hand-network.ts';

/** A checkpoint of the hand network in the middle of its sample of two steps. */
function checkpointOf(core: Core): Checkpoint {
  core.begin({ label: 1, learn: true, steps: 2, spikes: spikeTrain([0, 1], [1, 2]) });
  core.step();
  return structuredClone(core.checkpoint());
}

const cases: readonly (readonly [what: string, change: (state: CoreState) => object, message: string])[] = [
  [
    'banks of another image',
    ({ banks }) => ({ banks: banks.map(() => Uint32Array.of(1)) }),
    'state: expected banks of',
  ],
  [
    'generators that stand still',
    ({ generators }) => ({ generators: generators.map(() => 0) }),
    'state.generators.0: expected a state other than 0',
  ],
  [
    'a value that its field cannot hold',
    ({ banks }) => ({ banks: banks.map((bank) => bank.map(() => 0x80808080)) }),
    'state.banks: hidden.signal[',
  ],
];

describe.each(engineNames)('the state of a core, engine %s', (engine) => {
  const { image } = handEngine(handCore());

  test.each(cases)('%s is refused', (_, change, message) => {
    const state = createCore(image, { engine }).save();
    expectError(() => checkSaved(image, { ...state, ...change(state) }, ['state']), 'data', message);
  });

  test('banks are words', () => {
    const state = createCore(image, { engine }).save();
    expect(coreStateSchema.safeParse(state).success).toBe(true);
    const lists = { ...state, banks: state.banks.map((bank) => [...bank]) };
    expect(coreStateSchema.safeParse(lists).error?.issues[0]?.message).toMatch(/^expected words of 32 bits/);
  });

  test('a core goes on from a checkpoint before a sample, within it and after it', () => {
    const core = createCore(image, { engine });
    core.resume(structuredClone(core.checkpoint()));
    core.resume(checkpointOf(core));
    expect(core.stepsDone).toBe(1);
    core.finish();
    core.resume(structuredClone(core.checkpoint()));
    expect(core.stepsDone).toBe(2);
  });
});
