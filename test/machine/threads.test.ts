import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { compile } from '../../src/compiler/index.ts';
import { createCore } from '../../src/engine/index.ts';
import { findHwModel } from '../../src/experiment/index.ts';
import { runExperiment } from '../../src/experiment/node.ts';
import { findFile } from '../../src/fs/index.ts';
import { createMachine, type Machine } from '../../src/machine/index.ts';
import { startCrew, type WorkerCrew } from '../../src/machine/node.ts';
import { createProgram } from '../../src/program/index.ts';
import { type RandomProgram, trainOf } from '../engine/random/program.ts';
import { expectError } from '../support/errors.ts';
import { spread } from '../support/spread.ts';
import { inThorough } from '../support/thorough.ts';
import { faultyProgramOf } from './random-faults.ts';
import { faultOf, fill, placedProgramOf } from './random-placement.ts';
import { recurrent, sparse } from './recurrent.ts';

let crews: readonly WorkerCrew[] = [];

beforeAll(async () => {
  crews = await Promise.all([2, 3].map((threads) => startCrew(threads)));
});

afterAll(async () => {
  for (const crew of crews) await crew.close();
});

/** Everything that a system holds and has counted. */
const stateOf = (system: Machine) => ({
  spikes: system.image.populations.map((_, population) => system.spikesOf(population)),
  counters: system.counters(),
  state: system.save(),
});

/** The same system on one thread, on two and on three. */
function onThreads(make: (crew?: WorkerCrew) => Machine): readonly Machine[] {
  return [make(), ...crews.map((crew) => make(crew))];
}

describe('a random program does the same on any number of threads', () => {
  let run = 0;

  test.each(Array.from({ length: inThorough(5, 2) }, (_, batch) => 30_001 + 24 * batch))(
    'from seed %i',
    (first) => {
      for (let seed = first; seed < first + 24; seed++) {
        const placed = seed % 2 === 0 ? placedProgramOf(seed) : faultyProgramOf(seed);
        if (placed.is !== 'placed' || placed.system.cores.length < 2) continue;
        run += 1;
        const systems = onThreads((crew) => createMachine(placed.system, { crew }));
        for (const system of systems) fill(createCore(placed.image), system, seed);
        runAlike(systems, placed.random.samples, seed);
      }
    },
  );

  test('and many of them run on several cores', () => {
    expect(run).toBeGreaterThan(inThorough(25, 10));
  });
});

/** Runs samples on all systems and compares them after each step. */
function runAlike(systems: readonly Machine[], samples: RandomProgram['samples'], seed: number): void {
  for (const sample of samples) {
    const [first] = systems;
    if (first === undefined) return;
    const spikes = trainOf(sample, first.image);
    const { label, learn, epoch } = sample;
    for (let step = -1; step < spikes.steps; step++) {
      const [fault, ...others] = systems.map((system) =>
        faultOf(() => {
          if (step >= 0) return system.step();
          system.setEpoch(epoch);
          return system.begin({ label, learn, steps: spikes.steps, spikes });
        }),
      );
      for (const other of others) expect(other, `seed ${seed}, step ${step}`).toBe(fault);
      if (fault !== undefined) return;
      const [one, ...more] = systems.map(stateOf);
      for (const other of more) expect(other, `seed ${seed}, step ${step}`).toEqual(one);
    }
  }
}

const dense = ['recurrent-1024 on 4 cores', (crew?: WorkerCrew) => recurrent(4, { crew })] as const;
const listed = ['sparse-16k on 16 cores', (crew?: WorkerCrew) => sparse(16, { crew })] as const;

test.each(inThorough([dense, listed], [dense]))('%s does the same on any number of threads', (_, make) => {
  const systems = onThreads(make);
  for (const system of systems) for (let step = 0; step < 12; step++) system.step();
  const [one, ...others] = systems.map(stateOf);
  for (const other of others) expect(other).toEqual(one);
  expect(one?.counters.network?.send).toBeGreaterThan(1000);
});

/**
 * A network of 64 neurons in floats on four cores, that stores a NaN wherever a potential is too large to be doubled.
 */
function overflowing(crew?: WorkerCrew): Machine {
  const program = createProgram({
    name: 'overflowing',
    steps: 4,
    input: 'none',
    populations: { none: { size: 1 }, all: { size: 64, fields: { v: { accumulator: 16 } } } },
    microcode: {
      rule: {
        text: 'kernel fail over neurons\n  ld r0, self.v\n  add r1, r0, r0\n  sub r1, r1, r1\n  st r1, self.v\nend\n',
      },
    },
    events: { tick: [{ run: 'fail', over: 'all' }] },
    readout: 'all.v',
  });
  const options = { precision: 'fp32', seed: 1 };
  const hw = findHwModel({ name: 'mesh', from: '' }, options.precision, findFile);
  const sizes = [
    { name: 'none', size: 1 },
    { name: 'all', size: 64 },
  ];
  return createMachine(compile(program, hw, options, { slices: spread(sizes, 0, 4, hw.lanes) }), { crew });
}

test.each([
  ['the first group', [5, 60]],
  ['the last group', [60]],
  ['several groups', [50, 60]],
])('a core of %s that stores a NaN stops the run as it does on one thread', (_, items) => {
  const messages = onThreads(overflowing).map((system) => {
    const potential = system.image.fields.findIndex(({ name }) => name === 'all.v');
    const values = new Float32Array(64).fill(1);
    for (const item of items) values[item] = 3e38;
    system.begin({ label: 0, learn: false, steps: 4 });
    system.write(potential, values);
    const message = faultOf(() => system.step());
    // Nobody has been left behind.
    system.write(potential, new Float32Array(64).fill(1));
    expect(faultOf(() => system.step())).toBeUndefined();
    return message;
  });
  expect(messages[0]).toContain('NaN');
  expect(new Set(messages).size).toBe(1);
});

describe('an experiment', () => {
  test('that learns on several cores reports the same', async () => {
    const options = { epochs: 1, limit: inThorough(30, 5), set: ['program.placement.cores=4'] };
    const [one, ...others] = await Promise.all(
      inThorough([1, 2, 3], [1, 2]).map(async (threads) => {
        const { report, result } = await runExperiment('many-cores', { ...options, threads });
        const { timing, ...rest } = report;
        expect(timing.workers).toBe(1);
        return { rest: { ...rest, speed: undefined }, state: result?.machine.save() };
      }),
    );
    for (const other of others) expect(other).toEqual(one);
  });
});

test('the reference engine takes no crew', () => {
  const placed = placedProgramOf(30_001);
  if (placed.is === 'placed')
    expectError(
      () => createMachine(placed.system, { crew: crews[0], engine: 'reference' }),
      'usage',
      'reference',
    );
});
