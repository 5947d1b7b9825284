import { beforeEach, describe, expect, it } from 'vitest';
import {
  type Core,
  createCore,
  engineNames,
  neuronOf,
  populationOf,
  runSample,
  spikeAddress,
} from '../../../src/engine/index.ts';
import { stepLane } from '../../../src/random/index.ts';
import { imageOf, indexOfField, spikeTrain } from '../../support/core.ts';
import { expectError } from '../../support/errors.ts';
import { queueCore, queueProgram, queueRules } from '../../support/queue.ts';
import { inThorough } from '../../support/thorough.ts';
import { laneWords } from '../../support/xorshift.ts';
import { imageOf as imageOfRandom, randomProgram, trainOf } from '../random/program.ts';
import { randomState } from '../random/state.ts';

const image = imageOf(queueProgram.replace('steps: 1', 'steps: 3'), queueRules, queueCore(64, 'stall'));

describe.each(engineNames)('a core of the %s engine', (engine) => {
  let core: Core;
  const log = (): string => (core.read(indexOfField(core.image, 'b.log'))[0] ?? 0).toString(8);

  beforeEach(() => {
    core = createCore(image, { engine });
  });

  it('steps with the spikes received since the last step', () => {
    core.begin({ label: 0, learn: false, steps: 3 });
    expect(core.stepsDone).toBe(0);
    core.receive(0, [4, 0]);
    core.receive(0, Uint16Array.of(9, 2, 9), 1, 2);
    expect(core.step()).toBe(6);
    expect(core.stepsDone).toBe(1);
    expect(log()).toBe('513123456');
    expect(core.spikesOf(0)).toEqual([4, 0, 2]);
    expect([...core.emitted.subarray(0, 6)]).toEqual(
      [0, 1, 2, 3, 4, 5].map((neuron) => spikeAddress(1, neuron)),
    );
    // Nothing received: the six of `a` alone.
    expect(core.step()).toBe(6);
    expect(core.spikesOf(0)).toEqual([]);
    // The log holds ten digits.
    expect(log()).toBe('3456123456');
  });

  it('counts the spikes of each neuron, received and emitted, as often as asked', () => {
    const counts = core.image.populations.map(({ size }) => new Float64Array(size));
    core.begin({ label: 0, learn: false, steps: 3 });
    core.receive(0, [4, 0, 4]);
    core.step();
    core.countSpikes(counts);
    core.step();
    core.countSpikes(counts);
    // Nobody looks at the third step.
    core.step();
    // Each of the six neurons of `a` spikes once a step.
    expect([...(counts[0] ?? [])].slice(0, 6)).toEqual([1, 0, 0, 0, 2, 0]);
    expect([...(counts[1] ?? [])].slice(0, 6)).toEqual([2, 2, 2, 2, 2, 2]);
  });

  it('finishes a sample as it would step through it, and a part of it, too', () => {
    for (let seed = 900; seed < inThorough(915, 905); seed++) {
      const random = randomProgram(seed);
      const of = imageOfRandom(random);
      const cores = [0, 1, 2].map(() => createCore(of, { engine }));
      const ends = cores.map((each, kind) => {
        for (const sample of random.samples) {
          const spikes = trainOf(sample, of);
          const { steps } = spikes;
          each.begin({ label: sample.label, learn: sample.learn, steps, spikes });
          if (kind > 0) for (let step = 0; step < (kind === 1 ? steps : 1); step++) each.step();
          each.finish();
          expect(each.stepsDone).toBe(steps);
        }
        const spikes = of.populations.map((_, index) => [...each.spikesOf(index)]);
        return { state: each.save(), counters: each.counters(), spikes };
      });
      expect(ends[1], `seed ${seed}`).toEqual(ends[0]);
      expect(ends[2], `seed ${seed}`).toEqual(ends[0]);
    }
  });

  it('keeps spikes received while a step’s spikes are still being read', () => {
    core.begin({ label: 0, learn: false, steps: 2 });
    core.receive(0, [1]);
    core.step();
    core.receive(0, [3, 5]);
    expect(core.spikesOf(0)).toEqual([1]);
    core.step();
    expect(core.spikesOf(0)).toEqual([3, 5]);
  });

  it('takes a neuron more than once, and more spikes than the population has neurons', () => {
    const many = Array.from({ length: 100_000 }, (_, index) => index % 6);
    runSample(core, spikeTrain(many, [2]), { label: 0, learn: false });
    expect(core.counters()).toMatchObject({ spikes: [100_001, 12, 0], pushes: 100_013, pops: 100_013 });
    expect(core.spikesOf(0)).toEqual([2]);
    expect(log()).toBe('4563123456');
  });

  it('refuses spikes that the population does not have', () => {
    core.begin({ label: 0, learn: false, steps: 1 });
    for (const neuron of [6, -1, Number.NaN])
      expectError(() => core.receive(0, [neuron]), 'data', `in: expected neurons 0 to 5, found ${neuron}`);
    expectError(() => core.receive(1, [0]), 'usage', "'a' makes its own spikes: it cannot receive any");
    expectError(() => core.receive(7, [0]), 'usage', 'there is no population 7: it cannot receive any');
  });

  it('refuses a step too many, and one before a sample has begun', () => {
    expectError(() => core.step(), 'usage', 'no sample has begun: call begin() before step()');
    core.begin({ label: 0, learn: false, steps: 1 });
    core.step();
    expectError(() => core.step(), 'usage', 'the sample has ended after step 1');
  });

  it('finds the spikes of a sample that are known beforehand, then those received', () => {
    core.begin({ label: 0, learn: false, steps: 2, spikes: spikeTrain([4, 1], [2]) });
    core.step();
    expect(core.spikesOf(0)).toEqual([4, 1]);
    core.receive(0, [5, 3]);
    expect(core.checkpoint().pending).toEqual([5, 3]);
    core.step();
    expect(core.spikesOf(0)).toEqual([2, 5, 3]);
    // 3, 6, 4, then the six of `a`, are the last nine of ten digits; before them the 6 that ended step 0.
    expect(log()).toBe('6364123456');
  });

  it('refuses spikes of a sample that the population does not have, or that descend', () => {
    const begin = (steps: number, offsets: number[], indices: number[]): void =>
      core.begin({
        label: 0,
        learn: false,
        steps: 2,
        spikes: { steps, offsets: Uint32Array.from(offsets), indices: Uint16Array.from(indices) },
      });
    expectError(() => begin(2, [0, 1, 2], [5, 6]), 'data', 'in: expected neurons 0 to 5, found 6');
    expectError(() => begin(1, [0, 1], [5]), 'data', 'expected spikes of 2 steps, found 1');
    expectError(() => begin(2, [0, 2, 1], [5, 5]), 'data', 'must not descend, found 1 after 2');
  });

  it('refuses a spike train whose offsets reach beyond its spikes', () => {
    const train = { steps: 1, offsets: Uint32Array.of(0, 3), indices: Uint16Array.of(1) };
    expectError(
      () => runSample(core, train, { label: 0, learn: false }),
      'data',
      'offsets promise 3 spikes, found 1',
    );
  });

  it('draws its own numbers, by its place on a chip', () => {
    const third = createCore(image, { engine, index: 3 });
    const states = [...third.save().generators];
    expect(states.map(stepLane)).toEqual([0, 1, 2, 3].map((lane) => laneWords(1, 3 * 1024 + lane, 1)[0]));
  });

  it('shares only code with other cores of its image', () => {
    const other = createCore(image, { engine });
    runSample(core, spikeTrain([1], [2], [3]), { label: 0, learn: false });
    expect([...other.read(indexOfField(image, 'b.log'))]).toEqual([0]);
    expect(other.counters().steps).toBe(0);
    expect(core.counters().steps).toBe(3);
  });

  it('numbers the populations and neurons of emitted spikes', () => {
    expect([populationOf(spikeAddress(255, 2 ** 24 - 1)), neuronOf(spikeAddress(255, 2 ** 24 - 1))]).toEqual([
      255,
      2 ** 24 - 1,
    ]);
  });
});

describe('a checkpoint', () => {
  it.each(Array.from({ length: 30 }, (_, index) => 500 + index))('lets either engine go on: %i', (seed) => {
    const program = randomProgram(seed);
    const random = imageOfRandom(program);
    const [first] = program.samples;
    if (first === undefined) return;
    const train = trainOf(first, random);
    const start = (engine: string): Core => {
      const core = createCore(random, { engine });
      core.restore(randomState(random, seed));
      core.setEpoch(first.epoch);
      core.begin({ label: first.label, learn: first.learn, steps: train.steps });
      return core;
    };
    const step = (core: Core): boolean => {
      const at = core.stepsDone;
      core.receive(random.input, train.indices, train.offsets[at], train.offsets[at + 1]);
      try {
        core.step();
        return true;
      } catch {
        return false;
      }
    };
    const leave = (core: Core): unknown => [
      core.checkpoint(),
      random.populations.map((_, index) => core.spikesOf(index)),
    ];

    const straight = start('reference');
    let [reference, fast] = [start('reference'), start('fast')];
    for (let at = 0; at < train.steps; at++) {
      if (![straight, reference, fast].map(step).every((isDone) => isDone)) return;
      expect(leave(fast)).toEqual(leave(straight));
      expect(leave(reference)).toEqual(leave(straight));
      // Each goes on from the checkpoint of the other.
      const [fromReference, fromFast] = [
        structuredClone(reference.checkpoint()),
        structuredClone(fast.checkpoint()),
      ];
      reference = createCore(random, { engine: 'reference' });
      fast = createCore(random, { engine: 'fast' });
      reference.resume(fromFast);
      fast.resume(fromReference);
      expect(leave(fast)).toEqual(leave(straight));
      expect(leave(reference)).toEqual(leave(straight));
    }
  });
});
