import { describe, expect, it } from 'vitest';
import {
  loadReckon,
  ReckonController,
  type ReckonTrace,
  reckonController,
  recordReckon,
} from '../../../src/chips/kit.ts';
import { engineNames, ReferenceCore } from '../../../src/engine/index.ts';
import { price } from '../../../src/image/index.ts';
import { randomReckon } from '../../golden/stimulus.ts';
import { failure } from '../../hardware/tiny.ts';
import { imageOf, workIndex } from '../../support/core.ts';
import { firstDifference } from '../../support/difference.ts';
import { eventCore, eventProgram, eventRules } from '../../support/event-core.ts';
import { goldenNames, goldenText } from '../../support/golden.ts';
import { inThorough } from '../../support/thorough.ts';
import { reckonAtFullRate } from './full-rate.ts';
import { reckon, reckonImage } from './model.ts';

const golden = (name: (typeof goldenNames.reckon)[number]) => JSON.parse(goldenText(name)) as ReckonTrace;

describe.each(engineNames)('ReckOn on the %s engine', (engine) => {
  // Learning takes the reference engine seconds: the quick run has it under random stimuli.
  const names = goldenNames.reckon.filter(
    (name) => engine === 'fast' || inThorough(true, name !== 'reckon-eprop100'),
  );

  it.each(names)(
    'does everything that its RTL did: %s',
    (name) => {
      const { expected, ...stimulus } = golden(name);
      const recorded = recordReckon(stimulus, reckon(engine, stimulus.config));
      expect(firstDifference(expected, recorded)).toBeUndefined();
    },
    240_000,
  );
});

describe.each([
  ['fast', inThorough(40, 12)],
  ['reference', inThorough(6, 3)],
] as const)('ReckOn on the %s engine under %i random stimuli', (engine, seeds) => {
  it('does what a plain model does', () => {
    for (let seed = 1; seed <= seeds; seed++) {
      const { expected, ...stimulus } = randomReckon(seed);
      const recorded = recordReckon(stimulus, reckon(engine, stimulus.config));
      expect(firstDifference(expected, recorded), `seed ${seed}`).toBeUndefined();
    }
  }, 240_000);
});

describe('the generators of ReckOn', () => {
  it('are part of what a core saves, whichever engine continues', () => {
    const { samples, ...rest } = golden('reckon-eprop100');
    const [first] = samples;
    if (first === undefined) throw new Error('no sample');
    // Target ticks from the start, and few of them: what learns is in the weights and the generators.
    const short = { ...first, target_from: 1, inputs: first.inputs.slice(60, 75) };
    const { expected: _, ...stimulus } = { ...rest, samples: [short] };
    const engines = engineNames.map((name) => {
      const engine = reckon(name, stimulus.config);
      recordReckon(stimulus, engine);
      return engine;
    });
    const [one, other] = engines;
    expect(one?.save().generators.some((state, index) => index >= 16 && state !== 0)).toBe(true);
    expect(firstDifference(one?.save(), other?.save())).toBeUndefined();
    expect(firstDifference(one?.counters(), other?.counters())).toBeUndefined();
  }, 120_000);
});

describe('the energy of ReckOn', () => {
  it('is 5.3 pJ for each synaptic operation at full rate', () => {
    const ticks = 20;
    const { counters, image } = reckonAtFullRate(ticks);
    const operations = counters.work[workIndex(image, 'propagate(synapses)')]?.items ?? 0;
    // The inputs of the last tick are not used.
    expect(operations).toBe(256 * 256 * (ticks - 1));
    const { cycles, energyPj } = price(counters, image.costs);
    // 256 passes of 256 cycles, a scan of 256, STEP and its decision of 257, and 3 of the handshake.
    expect(cycles).toBe((ticks - 1) * (256 * 256 + 256 + 257 + 3) - 257 + 260);
    expect(energyPj.total / operations).toBeCloseTo(5.3, 1);
    // A pass costs 5.3 pJ an operation, and STEP as much a neuron; nothing else costs.
    expect(energyPj.total).toBeCloseTo(5.3 * (operations + 256 * (ticks - 1)), 0);
    expect(Object.entries(energyPj.byUnit).flatMap(([unit, pj]) => (pj > 0 ? [unit] : []))).toEqual([
      'kernels',
    ]);
  });

  it.each([
    // Published: 0.6 to 42 nJ for a step of inference, 1.5 to 178 nJ with learning.
    ['reckon-infer128', 0.6, 42],
    ['reckon-eprop100', 1.5, 178],
  ] as const)('lies for each tick of %s within what is published, %d to %d nJ', (name, least, most) => {
    const { expected: _, ...stimulus } = golden(name);
    const engine = reckon('fast', stimulus.config);
    loadReckon(stimulus, engine);
    const controller = reckonController(stimulus, engine);
    engine.resetCounters();
    let ticks = 0;
    for (const { label, target_from, train, inputs } of stimulus.samples) {
      controller.run({ label, targetFrom: target_from, learns: train === 1, inputs });
      ticks += inputs.length;
    }
    const perTick = price(controller.counters(), engine.image.costs).energyPj.total / ticks / 1000;
    expect(perTick).toBeGreaterThan(least);
    expect(perTick).toBeLessThan(most);
  });
});

describe('the controller of ReckOn', () => {
  const config = { inputs: 2, neurons: 16, outputs: 1, doEprop: 0, forceTraces: false };
  const seeds = {
    inputWeights: 1,
    recurrentWeights: 1,
    outputWeights: 1,
    potentials: 1,
    inputTraces: 1,
    recurrentTraces: 1,
    outputTraces: 1,
    outputs: 1,
  };

  it('refuses the image of another chip', () => {
    const image = imageOf(eventProgram, eventRules, eventCore, { precision: 'own' });
    const start = (other: typeof image) => new ReckonController(new ReferenceCore(other), config, seeds);
    expect(failure(() => start(image)).message).toContain(
      "hw-model 'event-round' has no controller that is data",
    );
    const { controllerData } = reckonImage(golden('reckon-eprop100').config).core;
    if (controllerData === undefined) throw new Error('ReckOn has a controller as data');
    const core = { ...image.core, controllerData };
    expect(failure(() => start({ ...image, core })).message).toContain(
      "inputs.start.do.0.run: the program has no event 'start'",
    );
  });

  it('works at the widths that the program states', () => {
    const { config: registers } = golden('reckon-eprop100');
    const { layouts, fields, banks } = reckonImage(registers);
    const layoutOf = (name: string) => layouts[fields.find((field) => field.name === name)?.layout ?? -1];
    // A pair of neurons fills a word of 128 bits, and 16 weights do.
    expect(layoutOf('neurons.u')).toMatchObject({ itemsPerWord: 2, itemBits: 50 });
    expect(layoutOf('synapses.winp')).toMatchObject({ itemsPerWord: 16, wordsPerRow: 7 });
    expect(layoutOf('readout.wout')).toMatchObject({ itemsPerWord: 16, wordsPerRow: 1 });
    expect(banks.map(({ wordBits }) => wordBits)).toEqual([128, 128, 128, 128, 32]);
  });
});
