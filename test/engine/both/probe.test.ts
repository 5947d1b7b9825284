import { describe, expect, it } from 'vitest';
import {
  type Core,
  compileModule,
  createCore,
  engineNames,
  type Probe,
  runSample,
} from '../../../src/engine/index.ts';
import type { CoreImage } from '../../../src/image/index.ts';
import { imageOf, spikeTrain } from '../../support/core.ts';
import { eventCore, eventProgram, eventRules } from '../../support/event-core.ts';
import { queueCore, queueProgram, queueRules } from '../../support/queue.ts';
import { imageOf as imageOfRandom, randomProgram, trainOf } from '../random/program.ts';
import { randomState } from '../random/state.ts';

/** A probe that writes down, in words, what it is told. */
function recorder(image: CoreImage): { readonly probe: Probe; readonly log: string[] } {
  const log: string[] = [];
  const named = (population: number): string => image.populations[population]?.name ?? '?';
  const event = (what: string) => (population: number, neuron: number, spikes: string | number) =>
    log.push(`${what} ${named(population)} ${neuron}${spikes === 'previous' ? ' previous' : ''}`);
  const probe: Probe = {
    sample: () => log.push('sample'),
    step: (step) => log.push(`step ${step}`),
    trigger: (index) => log.push(`event ${image.events.named[index]?.name}`),
    began: (work, neuron) => log.push(`${image.work[work]} ${neuron}`),
    ended: (work) => log.push(`end ${image.work[work]}`),
    spiked: (population, neuron) => log.push(`spike ${named(population)} ${neuron}`),
    pushed: event('push'),
    popped: event('pop'),
    dropped: (population, neuron) => log.push(`drop ${named(population)} ${neuron}`),
  };
  return { probe, log };
}

/** What a probe is told of one sample of the queue's program. */
function watchQueue(engine: string, depth: number, whenFull: string, inputs: readonly number[]): string[] {
  const image = imageOf(queueProgram, queueRules, queueCore(depth, whenFull));
  const { probe, log } = recorder(image);
  runSample(createCore(image, { engine, probe }), spikeTrain(inputs), { label: 0, learn: false });
  return log;
}

const served = (from: string, population: string, neuron: number): string[] => [
  `pop ${population} ${neuron}`,
  `append(${from}) ${neuron}`,
  `end append(${from})`,
];

describe.each(engineNames)('a probe of the %s engine', (engine) => {
  it('sees spikes go through the FIFO, and kernels that they run while another is suspended', () => {
    expect(watchQueue(engine, 2, 'stall', [5])).toEqual([
      'sample',
      'step 0',
      'spike in 5',
      'push in 5',
      ...served('fromIn', 'in', 5),
      'fire(a) -1',
      ...[0, 1].flatMap((neuron) => [`spike a ${neuron}`, `push a ${neuron}`]),
      // The FIFO is full: each spike waits until the head is served.
      ...[2, 3, 4, 5].flatMap((neuron) => [
        `spike a ${neuron}`,
        ...served('fromA', 'a', neuron - 2),
        `push a ${neuron}`,
      ]),
      'end fire(a)',
      ...[4, 5].flatMap((neuron) => served('fromA', 'a', neuron)),
    ]);
  });

  it('sees drops', () => {
    expect(watchQueue(engine, 4, 'drop', []).slice(2)).toEqual([
      'fire(a) -1',
      ...[0, 1, 2, 3].flatMap((neuron) => [`spike a ${neuron}`, `push a ${neuron}`]),
      ...[4, 5].flatMap((neuron) => [`spike a ${neuron}`, `drop a ${neuron}`]),
      'end fire(a)',
      ...[0, 1, 2, 3].flatMap((neuron) => served('fromA', 'a', neuron)),
    ]);
  });

  it('sees named events, with the neuron that they name', () => {
    const image = imageOf(eventProgram, eventRules, eventCore, { precision: 'own' });
    const { probe, log } = recorder(image);
    const core = createCore(image, { engine, probe });
    const event = image.events.named.findIndex(({ name }) => name === 'pop');
    const field = (name: string): number => image.fields.findIndex((candidate) => candidate.name === name);
    // Weights of 7 and a gain of 2 bring every membrane from 10 beyond the threshold of 15.
    core.write(field('p.w'), new Array(36).fill(7));
    core.write(field('n.threshold'), new Array(6).fill(15));
    core.write(field('n.v'), new Array(6).fill(10));
    core.event.set([2], 0);
    core.event[image.eventScalars.findIndex(({ name }) => name === 'gain')] = 2;
    const count = core.trigger(event);
    expect(count).toBe(6);
    expect(log.filter((line) => line.startsWith('spike'))).toEqual(
      [0, 1, 2, 3, 4, 5].map((n) => `spike n ${n}`),
    );
    expect(log.filter((line) => !line.startsWith('spike'))).toEqual([
      'event pop',
      'deliver(p) 2',
      'end deliver(p)',
    ]);
  });

  it('may ask for some things only', () => {
    const image = imageOf(queueProgram, queueRules, queueCore(2, 'stall'));
    const steps: number[] = [];
    const drops: number[] = [];
    const probe: Probe = { step: (step) => steps.push(step), dropped: (_, neuron) => drops.push(neuron) };
    runSample(createCore(image, { engine, probe }), spikeTrain([5]), { label: 0, learn: false });
    expect(steps).toEqual([0]);
    expect(drops).toEqual([]);
  });
});

it('leaves no trace in the code of a core that has none', () => {
  const image = imageOf(queueProgram, queueRules, queueCore(2, 'stall'));
  const importsOf = ({ module }: { module: WebAssembly.Module }): string[] =>
    WebAssembly.Module.imports(module).map(({ module: from, name }) => `${from}.${name}`);
  expect(importsOf(compileModule(image))).toEqual([
    'host.failNaN',
    'host.spill',
    'host.failSuspended',
    'host.memory',
  ]);
  expect(importsOf(compileModule(image, ['began']))).toContain('probe.began');
  // A probe of samples and steps alone needs no code.
  expect(compileModule(image, [])).toBe(compileModule(image));
});

describe('on random programs', () => {
  it.each(Array.from({ length: 40 }, (_, index) => 900 + index))('both engines tell the same: %i', (seed) => {
    const program = randomProgram(seed);
    const image = imageOfRandom(program);
    const [expected, found] = (['reference', 'fast'] as const).map((engine) => {
      const { probe, log } = recorder(image);
      const core = createCore(image, { engine, probe });
      core.restore(randomState(image, seed));
      return { log, counters: run(core, program, log) };
    });
    expect(found).toEqual(expected);
    // Counters do not depend on whether anybody watches.
    const unwatched = createCore(image, { engine: 'fast' });
    unwatched.restore(randomState(image, seed));
    expect(run(unwatched, program, [])).toEqual(expected?.counters);
  });
});

/** Runs a program's samples; a NaN that stops one is written down, up to the kernel that would store it. */
function run(core: Core, { samples }: ReturnType<typeof randomProgram>, log: string[]): unknown {
  for (const sample of samples) {
    core.setEpoch(sample.epoch);
    try {
      runSample(core, trainOf(sample, core.image), sample);
    } catch (error) {
      log.push(`stop ${String(error).replace(/into .*/, '')}`);
      return 'stopped';
    }
  }
  return core.counters();
}
