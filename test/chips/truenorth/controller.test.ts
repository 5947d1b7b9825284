import { describe, expect, test } from 'vitest';
import {
  type ChipContents,
  type ChipCores,
  MachineCores,
  ModuleCores,
  neurons,
  RandomContents,
  TrueNorthChip,
  truenorthOptions,
} from '../../../src/chips/kit.ts';
import { Mesh } from '../../../src/hardware/index.ts';
import { addCounts, type Counters, coreImageOf, price } from '../../../src/image/index.ts';
import { type Left, modelled, truenorthOn, type Wildness, wildContents } from './model.ts';

/** What a chip has done, as the model states it. */
function leftBy(cores: ChipCores, count: number): Left {
  const { spikes, axons, events, busyTicks } = cores.activity();
  return {
    potentials: Array.from({ length: count }, (_, core) => Array.from(cores.potentialsOf(core))),
    spikes: Array.from(spikes),
    axons: Array.from(axons),
    events: Array.from(events),
    busyTicks: Array.from(busyTicks),
  };
}

const leftOf = ({ mostActive: _, ...left }: ReturnType<typeof modelled>): Left => left;

const quiet: Wildness = { connected: 128, threshold: 255, leak: [-3, 5], leastWeight: -256 };
/** Nearly all neurons spike in each tick, so that more axons are active than 16 bits can add at once. */
const busy: Wildness = { connected: 200, threshold: 20, leak: [200, 255], leastWeight: 0 };
/** Potentials that 16 bits hold, some of them only for a while. */
const small: Wildness = { ...quiet, mostPotential: 30_000 };
/** The same with weights that 8 bits hold, of more axons at once than 8 bits can add up. */
const bytes: Wildness = { ...busy, mostPotential: 400, leastWeight: -20, mostWeight: 31 };

/** Cores that come to rest at zero, but for eight neurons of the first, which spike every few ticks. */
function restful(shape: { columns: number; rows: number }): ChipContents {
  const contents = wildContents(shape, 8, { ...quiet, leak: [-40, -1], mostPotential: 200, mostWeight: 99 });
  const all = (value: number): Int16Array => new Int16Array(neurons).fill(value);
  return {
    ...contents,
    contentsOf(core) {
      const { fields, connections } = contents.contentsOf(core);
      const leaks = Int16Array.from(fields['neurons.leak']);
      if (core === 0) leaks.fill(40, 0, 8);
      const rules = {
        'neurons.leak': leaks,
        'neurons.pos_threshold': all(200),
        'neurons.neg_threshold': all(0),
      };
      const resets = { 'neurons.reset_mode': all(0), 'neurons.reset_potential': all(0) };
      return { fields: { ...fields, ...rules, ...resets }, connections };
    },
  };
}

describe('a small chip does what the model of its papers does', () => {
  const shape = { columns: 3, rows: 2 };
  const { image, model } = truenorthOn(shape.columns, shape.rows);
  const mesh = new Mesh(model.mesh);

  test.each([
    ['quiet', quiet, 1],
    ['quiet', quiet, 2],
    ['busy', busy, 3],
    ['without synapses', { ...quiet, connected: 0 }, 4],
    ['with all synapses', { ...busy, connected: 256 }, 5],
    ['with potentials of 16 bits', small, 6],
    ['with weights of 8 bits', bytes, 7],
    ['with thresholds that are all subtracted', { ...small, leastResetMode: 1 as const }, 8],
    ['and potentials of 20 bits', { ...busy, leastResetMode: 1 as const }, 9],
  ])('%s, seed %#', (_, wildness, seed) => {
    const contents = wildContents(shape, seed, wildness);
    const { mostActive, ...expected } = modelled(contents, shape, 0, 24);
    const chips = [
      new ModuleCores(coreImageOf(image), mesh, contents),
      new MachineCores(coreImageOf(image), mesh, contents, 'fast'),
    ];
    for (const cores of chips) {
      cores.begin(0);
      cores.run(16);
      cores.run(8);
      expect(leftBy(cores, mesh.cores)).toEqual(expected);
    }
    expect(mostActive > 127).toBe(wildness.connected >= 200);
  });

  test('while some cores are at rest', () => {
    const contents = restful(shape);
    const cores = new ModuleCores(coreImageOf(image), mesh, contents);
    cores.begin(0);
    let ran = 0;
    for (const ticks of [1, 40, 60]) {
      cores.run(ticks);
      ran += ticks;
      expect(leftBy(cores, mesh.cores)).toEqual(leftOf(modelled(contents, shape, 0, ran)));
    }
    const { busyTicks, ticks } = cores.activity();
    expect(Math.min(...Array.from(busyTicks))).toBeLessThan(ticks / 2);
    expect(Math.max(...Array.from(busyTicks))).toBeGreaterThan(0);
  });

  test('on the reference engine, too', () => {
    const contents = wildContents(shape, 6, quiet);
    const cores = new MachineCores(coreImageOf(image), mesh, contents, 'reference');
    cores.begin(3);
    cores.run(8);
    expect(leftBy(cores, mesh.cores)).toEqual(leftOf(modelled(contents, shape, 3, 8)));
  });

  test('a sample begins anew: no packet is left of the one before', () => {
    const contents = wildContents(shape, 7, quiet);
    const cores = new ModuleCores(coreImageOf(image), mesh, contents);
    for (const sample of [0, 1]) {
      cores.begin(sample);
      cores.resetActivity();
      cores.run(12);
      expect(leftBy(cores, mesh.cores)).toEqual(leftOf(modelled(contents, shape, sample, 12)));
    }
  });
});

describe('counters', () => {
  const shape = { columns: 3, rows: 2 };
  const { image, model } = truenorthOn(shape.columns, shape.rows);
  const options = truenorthOptions.parse({ leak: 40, weight: 60 });
  const contents = new RandomContents(new Mesh(model.mesh), options, 5);
  const chips = (['fast', 'reference'] as const).map((engine) => {
    const chip = new TrueNorthChip({ image: coreImageOf(image), model, contents, engine });
    chip.run(0, 10, 30);
    chip.run(1, 10, 30);
    return chip;
  });

  test('are the same on both engines', () => {
    const [fast, reference] = chips;
    expect(fast?.counters()).toEqual(reference?.counters());
  });

  test('of work are those of the cores, but that of an axon its connections alone count', () => {
    const cores = new MachineCores(coreImageOf(image), new Mesh(model.mesh), contents, 'fast');
    const sum: Counters[] = [0, 1].flatMap((sample) => {
      cores.begin(sample);
      cores.run(10);
      cores.resetActivity();
      cores.run(30);
      return cores.cores.map((core) => core.counters());
    });
    const { work, spikes, pushes, pops } = sum.reduce(addCounts);
    const counted = chips[0]?.counters();
    const events = image.kernels.findIndex(({ name }) => name === 'synapticEvent');
    const axons = (work[events]?.runs ?? 0) * 128;
    expect(counted).toMatchObject({ spikes, pushes, pops, steps: 60, samples: 2 });
    expect(counted?.work).toEqual(
      work.map((count, index) => (index === events ? { ...count, items: axons } : count)),
    );
  });

  test('of the network follow from the packets, one for each spike', () => {
    const mesh = new Mesh(model.mesh);
    const counts = chips[0]?.counters();
    const network = counts?.network;
    const spikes = counts?.spikes.reduce((sum, count) => sum + count, 0) ?? 0;
    expect(network).toMatchObject({ send: spikes, receive: spikes, tile: spikes, values: 0, barrier: 60 });
    expect(network?.timePs).toBe(60e9);
    // From the spikes of each neuron, by hand.
    let hops = 0;
    const chip = new TrueNorthChip({ image: coreImageOf(image), model, contents, engine: 'fast' });
    for (const sample of [0, 1]) {
      chip.run(sample, 10, 30);
      const { spikes: each } = chip.cores.activity();
      for (let core = 0; core < mesh.cores; core++) {
        const { fields } = contents.contentsOf(core);
        for (let neuron = 0; neuron < neurons; neuron++)
          hops +=
            (each[core * neurons + neuron] ?? 0) *
            (Math.abs(fields['neurons.dx'][neuron] ?? 0) + Math.abs(fields['neurons.dy'][neuron] ?? 0));
      }
    }
    expect((network?.hopX ?? 0) + (network?.hopY ?? 0)).toBe(hops);
    expect(network?.loads.reduce((sum, load) => sum + load, 0)).toBe(hops);
    expect(network?.sent.reduce((sum, count) => sum + count, 0)).toBe(spikes);
  });

  test('are priced: rows, events, hops, and static power for each tick', () => {
    const counters = chips[0]?.counters();
    if (counters?.network === undefined) throw new Error('no network');
    const { hopX, hopY } = counters.network;
    const events = image.kernels.findIndex(({ name }) => name === 'synapticEvent');
    const { energyPj, latencyNs } = price(counters, image.costs);
    expect(latencyNs).toBe(60e6);
    const rows = 6 * 256 * 60 * 19.27;
    const ofEvents = (counters.work[events]?.items ?? 0) * 1.39;
    const fixed = 6 * 9.275 * 60e6 * 1e-3;
    expect(energyPj.total).toBeCloseTo(rows + ofEvents + (hopX + hopY) * 2.3 + fixed, 3);
  });
});

describe('a random network', () => {
  const { model } = truenorthOn(8, 8);
  const mesh = new Mesh(model.mesh);
  const contents = new RandomContents(mesh, truenorthOptions.parse({}), 2);
  const cores = Array.from({ length: mesh.cores }, (_, core) => contents.contentsOf(core));

  test('connects each axon and each neuron 128 times', () => {
    for (const { connections } of cores.slice(0, 4)) {
      const perNeuron = new Array<number>(256).fill(0);
      for (let axon = 0; axon < 256; axon++) {
        let fanOut = 0;
        for (let neuron = 0; neuron < 256; neuron++) {
          const bit = ((connections[axon * 32 + (neuron >> 3)] ?? 0) >> (neuron & 7)) & 1;
          fanOut += bit;
          perNeuron[neuron] = (perNeuron[neuron] ?? 0) + bit;
        }
        expect(fanOut).toBe(128);
      }
      expect(new Set(perNeuron)).toEqual(new Set([128]));
    }
  });

  test('sends each neuron to an axon of its own, all over the chip', () => {
    const taken = new Set<number>();
    let hops = 0;
    for (const [core, { fields }] of cores.entries())
      for (let neuron = 0; neuron < 256; neuron++) {
        const [dx = 0, dy = 0] = [fields['neurons.dx'][neuron], fields['neurons.dy'][neuron]];
        taken.add((core + dx + dy * 8) * 256 + (fields['neurons.axon'][neuron] ?? 0));
        hops += Math.abs(dx) + Math.abs(dy);
      }
    expect(taken.size).toBe(64 * 256);
    // (n^2 - 1) / 3n along each axis.
    expect(hops / (64 * 256)).toBeCloseTo((2 * 63) / 24, 1);
  });

  test('without synapses, each neuron spikes as often as its leak reaches its threshold', () => {
    const { image, model } = truenorthOn(2, 1);
    const alone = new Mesh(model.mesh);
    const contents = new RandomContents(
      alone,
      truenorthOptions.parse({ synapses: 0, leak: 99, threshold: 100 }),
      3,
    );
    const cores = new ModuleCores(coreImageOf(image), alone, contents);
    cores.begin(0);
    const expected = [0, 1].flatMap((core) => Array.from(contents.potentialsOf(core, 0)));
    let ran = 0;
    // More than a byte can count, at once and in parts.
    for (const ticks of [255, 1, 300, 700]) {
      cores.run(ticks);
      ran += ticks;
      const spikes = expected.map((potential) => Math.floor((potential + 99 * ran) / 100));
      expect(Array.from(cores.activity().spikes)).toEqual(spikes);
    }
  });

  test('fires at leak / threshold, 20 Hz', () => {
    const { image } = truenorthOn(8, 8);
    const chip = new TrueNorthChip({ image: coreImageOf(image), model, contents, engine: 'fast' });
    chip.run(0, 100, 500);
    const spikes = chip.counters().spikes.reduce((sum, count) => sum + count, 0);
    expect(spikes / (64 * 256) / 0.5).toBeCloseTo(20, 0);
  });
});
