import { describe, expect, test } from 'vitest';
import { LoihiController, type LoihiRoutes } from '../../../src/chips/kit.ts';
import { type Core, createCore, engineNames } from '../../../src/engine/index.ts';
import { coreImageOf } from '../../../src/image/index.ts';
import { expectError } from '../../support/errors.ts';
import { replayContext } from '../replay-context.ts';

const image = coreImageOf(
  replayContext.deploy({
    program: 'loihi',
    hw: 'loihi-compartments',
    from: '',
    precision: 'own',
    seed: 1,
  }),
);
const compartments = 128;

type Synapse = readonly [axon: number, compartment: number, weight: number, delay: number];

function coreWith(synapses: readonly Synapse[], engine: (typeof engineNames)[number], index = 0): Core {
  const core = createCore(image, { engine, index });
  const write = (
    name: string,
    otherwise: number,
    values: readonly (readonly [item: number, value: number])[],
  ) => {
    const field = image.fields.findIndex((candidate) => candidate.name === name);
    const items = new Float64Array(image.fields[field]?.count ?? 0).fill(otherwise);
    for (const [item, value] of values) items[item] = value;
    core.write(field, items);
  };
  write('compartments.current_decay', 4096, []);
  write('compartments.voltage_decay', 4096, []);
  write('compartments.threshold', 100, []);
  write('compartments.refractory_period', 1, []);
  write(
    'synapses.weight',
    0,
    synapses.map(([axon, compartment, weight]) => [axon * compartments + compartment, weight]),
  );
  write(
    'synapses.delay',
    0,
    synapses.map(([axon, compartment, , delay]) => [axon * compartments + compartment, delay]),
  );
  core.resetCounters();
  return core;
}

/** Routes of two cores: the input to axon 0 of core 0, and compartment 0 of core 0 to axon 1 of both. */
const routes: LoihiRoutes = {
  inputs: [[{ core: 0, axon: 0 }]],
  compartments: [
    Array.from({ length: compartments }, (_, compartment) =>
      compartment === 0
        ? [
            { core: 0, axon: 1 },
            { core: 1, axon: 1 },
          ]
        : [],
    ),
    Array.from({ length: compartments }, () => []),
  ],
};
const strong = 64 * 101;

describe.each(engineNames)('on engine %s', (engine) => {
  test('a spike of step t is due in step t + 1 + d, an input of step t in step t + d', () => {
    const synapses: Synapse[] = [
      [0, 0, strong, 2],
      [1, 1, strong, 0],
      [1, 2, strong, 62],
    ];
    const elsewhere: Synapse[] = [[1, 3, strong, 5]];
    const chip = new LoihiController([coreWith(synapses, engine), coreWith(elsewhere, engine, 1)], routes);
    const spikes: [step: number, core: number, compartment: number][] = [];
    for (let step = 0; step < 200; step++) {
      chip.step(step === 1 || step === 70 ? [0] : []);
      for (const [core, now] of chip.spikes.entries())
        for (const compartment of now) spikes.push([step, core, compartment]);
    }
    const once = (start: number): typeof spikes => [
      [start + 2, 0, 0],
      [start + 3, 0, 1],
      [start + 8, 1, 3],
      [start + 65, 0, 2],
    ];
    expect(spikes).toEqual([...once(1), ...once(70)]);
    expect(chip.countsOf(0)).toEqual({ synapticEvents: 6, updates: 200 * compartments, spikes: 6 });
    expect(chip.countsOf(1)).toEqual({ synapticEvents: 2, updates: 200 * compartments, spikes: 2 });
  });

  test('a step takes as long as its slowest core, in nanoseconds of published operations', () => {
    const chip = new LoihiController([coreWith([[0, 0, 64, 0]], engine), coreWith([], engine, 1)], routes);
    chip.step([]);
    const update = compartments * 8.4;
    expect(chip.cycle).toBeCloseTo(update, 6);
    chip.step([0]);
    expect(chip.cycle).toBeCloseTo(2 * update + 3.5, 6);
    chip.resetCounters();
    expect(chip.counters().cycles).toBe(0);
    expect(chip.countsOf(0)).toEqual({ synapticEvents: 0, updates: 0, spikes: 0 });
  });
});

test('routes to axons that no core has, and inputs without a route, are refused', () => {
  const core = coreWith([], 'fast');
  const to = (axon: number, index = 0): LoihiRoutes => ({
    inputs: [[{ core: index, axon }]],
    compartments: [],
  });
  expectError(
    () => new LoihiController([core], to(256)),
    'usage',
    'expected a route to one of 256 axons of core 0, found 256',
  );
  expectError(() => new LoihiController([core], to(0, 1)), 'usage', '0 axons of core 1');
  const chip = new LoihiController([core], to(0));
  expectError(() => chip.step([1]), 'data', 'expected an input below 1, found 1');
  const ranc = replayContext.deploy({ program: 'ranc', hw: 'ranc', from: '', precision: 'own', seed: 1 });
  expectError(
    () => new LoihiController([createCore(coreImageOf(ranc))], to(0)),
    'image',
    "hw-model 'ranc' has controller 'ranc'",
  );
});
