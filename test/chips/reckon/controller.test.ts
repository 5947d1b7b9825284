import { describe, expect, it } from 'vitest';
import { ReckonSamples } from '../../../src/chips/reckon/samples.ts';
import { engineNames, ReferenceCore } from '../../../src/engine/index.ts';
import { price } from '../../../src/image/index.ts';
import { reckonTrace } from '../../golden/plain/reckon-trace.ts';
import { randomReckon } from '../../golden/stimulus.ts';
import { failure } from '../../hardware/tiny.ts';
import { imageOf, workIndex } from '../../support/core.ts';
import { firstDifference } from '../../support/difference.ts';
import { eventCore, eventProgram, eventRules } from '../../support/event-core.ts';
import { inThorough } from '../../support/thorough.ts';
import { wordsOf } from '../replay-context.ts';
import { chipAfter, recorded, replayed } from '../replayed.ts';
import { reckonAtFullRate } from './full-rate.ts';
import { reckonImage } from './model.ts';

describe.each(engineNames)('ReckOn on the %s engine', (engine) => {
  // Learning takes the reference engine seconds: the quick run has it under random stimuli.
  it.each([
    [
      'reckon-infer128',
      '580 inputs, 177 ticks, 177 steps, 6605 spikes, 1770 outputs, 1536 neurons, 30 wins, 3 answers',
    ],
    ...(engine === 'fast' || inThorough(true, false)
      ? [
          [
            'reckon-eprop100',
            '1259 inputs, 495 ticks, 495 steps, 2741 spikes, 990 outputs, 1200 neurons, 10 wins, 5 answers',
          ] as const,
        ]
      : []),
  ] as const)(
    'does everything that its RTL did: %s',
    (name, summary) => {
      expect(replayed(recorded(name), engine)).toEqual({ agrees: true, summary });
    },
    240_000,
  );
});

describe.each([
  ['fast', inThorough(40, 12)],
  ['reference', inThorough(6, 3)],
] as const)('ReckOn on the %s engine under %i random stimuli', (engine, seeds) => {
  it('does what a plain model does', () => {
    for (let seed = 1; seed <= seeds; seed++)
      expect(wordsOf(replayed(reckonTrace(randomReckon(seed)), engine)), `seed ${seed}`).toBe('agrees');
  }, 240_000);
});

describe('the generators of ReckOn', () => {
  it('are part of what a core saves, whichever engine continues', () => {
    const trace = recorded('reckon-eprop100');
    // The first 16 ticks of the first sample, all of which count: what learns is in the weights and the generators.
    const short = trace.inputs
      .slice(0, 60)
      .map(([name, ...values]): [string, ...number[]] =>
        name === 'tick' ? ['tick', values[0] ?? 0, 1 - (values[0] ?? 0), 1, 0] : [name, ...values],
      );
    const cores = engineNames.map((engine) => chipAfter(trace, engine, short).cores[0]);
    const [one, other] = cores;
    const lanes = one?.image.core.lanes ?? 0;
    const [memory = {}] = trace.memories;
    const before = one?.image.generators.map(({ name }) => memory[`generators.${name}`]?.[0]);
    expect(before?.every((state) => state !== undefined && state > 0)).toBe(true);
    expect([...(one?.save().generators.subarray(lanes) ?? [])]).not.toEqual(before);
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
    const trace = recorded(name);
    const chip = chipAfter(trace);
    const ticks = trace.inputs.filter(([input]) => input === 'tick').length;
    const { costs } = reckonImage(trace);
    const perTick = price(chip.counters(), costs).energyPj.total / ticks / 1000;
    expect(perTick).toBeGreaterThan(least);
    expect(perTick).toBeLessThan(most);
  });
});

describe('the host of ReckOn', () => {
  const registers = { num_inp: 2, num_rec: 16, num_out: 1, do_eprop: 0, force_traces: 0 };

  it('refuses the image of another chip', () => {
    const image = imageOf(eventProgram, eventRules, eventCore, { precision: 'own' });
    const start = (other: typeof image) =>
      new ReckonSamples(new ReferenceCore(other), registers, { stepped: () => undefined });
    expect(failure(() => start(image)).message).toContain(
      "hw-model 'event-round' has no controller that is data",
    );
    const { controllerData } = reckonImage(recorded('reckon-eprop100')).core;
    if (controllerData === undefined) throw new Error('ReckOn has a controller as data');
    const core = { ...image.core, controllerData };
    expect(failure(() => start({ ...image, core })).message).toContain(
      "inputs.start.do.0.run: the program has no event 'start'",
    );
  });

  it('works at the widths that the program states', () => {
    const { layouts, fields, banks } = reckonImage(recorded('reckon-eprop100'));
    const layoutOf = (name: string) => layouts[fields.find((field) => field.name === name)?.layout ?? -1];
    // A pair of neurons fills a word of 128 bits, and 16 weights do.
    expect(layoutOf('neurons.u')).toMatchObject({ itemsPerWord: 2, itemBits: 50 });
    expect(layoutOf('synapses.winp')).toMatchObject({ itemsPerWord: 16, wordsPerRow: 7 });
    expect(layoutOf('readout.wout')).toMatchObject({ itemsPerWord: 16, wordsPerRow: 1 });
    expect(banks.map(({ wordBits }) => wordBits)).toEqual([128, 128, 128, 128, 32]);
  });
});
