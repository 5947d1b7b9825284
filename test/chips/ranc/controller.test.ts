import { describe, expect, test } from 'vitest';
import {
  fifosPerRouter,
  type MeshPacket,
  PacketList,
  RancController,
  type RancObserver,
} from '../../../src/chips/kit.ts';
import { createCore, engineNames } from '../../../src/engine/index.ts';
import { expectError } from '../../support/errors.ts';
import { odinImage } from '../odin/model.ts';
import { rancCores } from './model.ts';
import { type RancDescription, rancController } from './record.ts';

const size = 16;
const all = <Value>(value: Value): Value[] => Array.from({ length: size }, () => value);

/** A core whose neurons do nothing, since their threshold is out of reach. */
function silent(x: number, y: number) {
  return {
    xy: [x, y] as [number, number],
    axon_types: '0123'.repeat(4),
    crossbar: all('0000'),
    weights: Array.from({ length: size }, () => [0, 0, 0, 0]),
    leak: all(0),
    pos_threshold: all(255),
    neg_threshold: all(-256),
    reset_potential: all(0),
    reset_mode: all(0),
    potential: all(0),
    dest: Array.from({ length: size }, (): [number, number, number, number] => [0, 0, 0, 0]),
  };
}

/** The worked case of section 7 of test/golden/ranc.md: the neurons of core 0 that it names. */
function workedCase(): RancDescription {
  const first = silent(0, 0);
  const neuron = (
    n: number,
    crossbar: string,
    weights: [number, number, number, number],
    [leak, positive, negative]: [number, number, number],
    [mode, reset, potential]: [number, number, number],
    dest: [number, number, number, number],
  ) => {
    first.crossbar[n] = crossbar;
    first.weights[n] = weights;
    first.leak[n] = leak;
    first.pos_threshold[n] = positive;
    first.neg_threshold[n] = negative;
    first.reset_mode[n] = mode;
    first.reset_potential[n] = reset;
    first.potential[n] = potential;
    first.dest[n] = dest;
  };
  neuron(0, '0003', [20, 7, 0, 0], [0, 25, -100], [1, 0, 0], [1, 0, 0, 0]);
  neuron(1, '0003', [20, 7, 0, 0], [0, 25, -100], [0, 5, 0], [1, 0, 1, 1]);
  neuron(4, '1111', [200, 0, 0, 0], [0, 150, -200], [1, 0, 0], [0, 1, 2, 0]);
  neuron(6, '0000', [0, 0, 0, 0], [0, 0, -256], [1, 0, 0], [1, 1, 9, 0]);
  neuron(7, '0000', [0, 0, 0, 0], [-15, -10, 10], [0, -9, -5], [0, 1, 3, 3]);
  neuron(8, '0000', [0, 0, 0, 0], [-10, 250, -5], [0, -256, 0], [1, 0, 4, 0]);
  return {
    config: {
      grid: [2, 2],
      output_core: [1, 1],
      outputs: 8,
      axons: size,
      neurons: size,
      slots: 16,
      axon_types: 4,
      potential_width: 9,
      weight_width: 9,
      leak_width: 9,
      threshold_width: 9,
      dx_width: 4,
      dy_width: 4,
      fifo_depth: 4,
      input_fifo_depth: 16,
    },
    cores: [first, silent(1, 0), silent(0, 1), null],
    stimulus: { ticks: [], packets: [], end: 1 },
  };
}

const packet = (cycle: number, dx: number, dy: number, axon: number) => ({ cycle, dx, dy, axon, offset: 0 });

/** The work of a router's core; undefined at the output bus. */
function countsOf(chip: RancController, router: number) {
  const core = chip.units[router]?.core;
  if (core === undefined) return undefined;
  const bank = core.image.banks.findIndex(({ name }) => name === 'neurons');
  const words = (which: 'reads' | 'writes'): number =>
    core.counters().work.reduce((sum, counts) => sum + (counts[which][bank] ?? 0), 0);
  const written = chip.mesh.writes.subarray(router * fifosPerRouter, (router + 1) * fifosPerRouter);
  return {
    cycles: chip.counters().cycles,
    neuronReads: words('reads'),
    neuronWrites: words('writes'),
    synops: chip.synops[router],
    packets: chip.packets[router],
    fifoWrites: written.reduce((sum, count) => sum + count, 0),
  };
}

/** Everything that an observer sees, each thing as a line. */
function seen(): { readonly lines: string[]; readonly observer: RancObserver } {
  const lines: string[] = [];
  const names = ['LE', 'LW', 'EE', 'EN', 'ES', 'WW', 'WN', 'WS', 'NN', 'NL', 'SS', 'SL'];
  const say = (line: string) => {
    lines.push(line);
  };
  return {
    lines,
    observer: {
      ticked: (core, tick, accepted, ready, stalls, synops) =>
        say(`tick ${tick} of core ${core}: ${accepted} to ${ready}, ${stalls} stalls, ${synops} synops`),
      missed: (cycle, core) => say(`${cycle}: core ${core} misses`),
      spiked: (cycle, _tick, core, neuron) => say(`${cycle}: neuron ${neuron} of ${core}`),
      hop: (cycle, router, fifo, { dx, dy }: MeshPacket) =>
        say(`${cycle}: ${names[fifo]} of ${router}, ${dx} ${dy}`),
      delivered: (cycle, core, { axon }, slot, fate) =>
        say(`${cycle}: axon ${axon} of ${core}, slot ${slot}, fate ${fate}`),
      output: (cycle, tick, { axon }) => say(`${cycle}: axon ${axon} out, tick ${tick}`),
    },
  };
}

describe.each(engineNames)('the worked case, by hand, engine %s', (engine) => {
  const description = workedCase();
  const { lines, observer } = seen();
  const chip: RancController = rancController(description, rancCores(engine, description.config), observer);
  const input = new PacketList([
    packet(10, 0, 0, 0),
    packet(20, 0, 0, 1),
    packet(30, 1, 0, 3),
    packet(40, 0, 1, 4),
  ]);
  chip.run({ ticks: [], input }, 60);
  const before = lines.splice(0);
  // Packets for axons 4 and 8 make the third input of neuron 4 together with axon 0.
  const more = new PacketList([packet(60, 0, 0, 4), packet(62, 0, 0, 8)]);
  chip.run({ ticks: [100, 391, 681], input: more }, 700);

  test('four packets are stored in the cycles of the table', () => {
    expect(before).toEqual([
      '12: EN of 0, 0 0',
      '14: NL of 0, 0 0',
      '16: axon 0 of 0, slot 0, fate 0',
      '22: EN of 0, 0 0',
      '24: NL of 0, 0 0',
      '26: axon 1 of 0, slot 0, fate 0',
      '32: EE of 0, 0 0',
      '34: EN of 1, 0 0',
      '36: NL of 1, 0 0',
      '38: axon 3 of 1, slot 0, fate 0',
      '42: EN of 0, 0 1',
      '44: NN of 0, 0 0',
      '46: NL of 2, 0 0',
      '48: axon 4 of 2, slot 0, fate 0',
    ]);
  });

  test('neurons decide 18 cycles apart, and their spikes travel 2 cycles a merge', () => {
    expect(lines.filter((line) => line.includes('neuron'))).toEqual([
      '119: neuron 0 of 0',
      '137: neuron 1 of 0',
      '227: neuron 6 of 0',
      // In the second tick, neuron 7 has 9 - 15 = -6 >= -10.
      '518: neuron 6 of 0',
      '536: neuron 7 of 0',
    ]);
    for (const line of [
      '119: LE of 0, 1 0',
      '121: EE of 0, 0 0',
      '123: EN of 1, 0 0',
      '125: NL of 1, 0 0',
      '127: axon 0 of 1, slot 1, fate 0',
      '237: axon 9 out, tick 0',
    ])
      expect(lines).toContain(line);
  });

  test('core 0 is ready after 16 neurons; a tick one cycle early is missed by all', () => {
    // Neurons 0 and 1 integrate two axons each, neuron 4 those of 0, 4 and 8.
    expect(lines).toContain('tick 0 of core 0: 100 to 391, 0 stalls, 7 synops');
    expect(lines).toContain('tick 1 of core 1: 391 to 682, 0 stalls, 0 synops');
    expect(lines.filter((line) => line.includes('misses'))).toEqual([
      '681: core 0 misses',
      '681: core 1 misses',
      '681: core 2 misses',
    ]);
    expect(chip.units.map((unit) => unit?.errorFrom)).toEqual([682, 682, 682, undefined]);
  });

  test('each core counts what it did', () => {
    // Two ticks of 16 neurons.
    expect(countsOf(chip, 1)).toEqual({
      cycles: 700,
      neuronReads: 32,
      neuronWrites: 32,
      synops: 0,
      packets: 0,
      fifoWrites: lines.concat(before).filter((line) => /: [A-Z]{2} of 1,/.test(line)).length,
    });
    expect(countsOf(chip, 0)).toMatchObject({ neuronReads: 32, neuronWrites: 32, synops: 7 });
    expect(countsOf(chip, 0)?.packets).toBe(lines.filter((line) => line.includes('neuron')).length);
    expect(countsOf(chip, 3)).toBeUndefined();
    expect(chip.counters().cycles).toBe(700);
    chip.resetCounters();
    expect(countsOf(chip, 0)).toEqual({
      cycles: 0,
      neuronReads: 0,
      neuronWrites: 0,
      synops: 0,
      packets: 0,
      fifoWrites: 0,
    });
  });
});

describe('potentials after one tick, by hand', () => {
  const description = workedCase();
  const chip = rancController(description, rancCores('reference', description.config));
  const input = new PacketList([0, 1, 4, 8].map((axon) => packet(10 + 10 * axon, 0, 0, axon)));
  chip.run({ ticks: [100], input }, 400);
  const { image } = rancCores('reference', description.config)(0);
  const field = image.fields.findIndex(({ name }) => name === 'neurons.potential');
  const potentials = chip.cores[0]?.read(field);

  test.each([
    ['linear reset: 27 - 25', 0, 2],
    ['hard reset: 5', 1, 5],
    ['600 wraps to 88 at 9 bits', 4, 88],
    ['0 >= 0 spikes, less 0', 6, 0],
    ['-20 >= -10 is false, and below 10: -(-9)', 7, 9],
    ['-10 < -5: 256 wraps to -256', 8, -256],
  ])('%s', (_, neuron, potential) => {
    expect(potentials?.[neuron]).toBe(potential);
  });
});

describe('a controller of RANC refuses', () => {
  const { config, cores } = workedCase();

  test('a wrong number of cores', () => {
    const wide = () =>
      rancController({ config: { ...config, grid: [3, 2] }, cores }, rancCores('fast', config));
    expectError(wide, 'usage', 'a grid of 3 x 2 with an output bus has 5 cores, found 3');
  });

  test('an output bus beyond the grid', () => {
    const beyond = () =>
      rancController({ config: { ...config, output_core: [0, 2] }, cores }, rancCores('fast', config));
    expectError(beyond, 'usage', 'expected an output bus at router 0 to 3, found 4');
  });

  test('ticks and packets of the past', () => {
    const chip = rancController({ config, cores }, rancCores('fast', config));
    chip.run({ ticks: [], input: new PacketList([]) }, 50);
    const late = (ticks: readonly number[], packets: readonly { cycle: number }[]) => () =>
      chip.run({ ticks, input: new PacketList(packets.map(({ cycle }) => packet(cycle, 0, 0, 0))) }, 900);
    expectError(late([49], []), 'usage', 'a tick is given for cycle 49, but the chip is at cycle 50');
    expectError(
      late([], [{ cycle: 9 }]),
      'usage',
      'a packet is given for cycle 9, but the chip is at cycle 50',
    );
    expectError(late([600, 500], []), 'usage', 'a tick is given for cycle 500, but the chip is at cycle');
  });

  test('cores of another image', () => {
    const core = createCore(odinImage);
    const sizes = { fifoDepth: 4, inputFifoDepth: 4, dxWidth: 4 };
    const other = () => new RancController([core], { columns: 2, rows: 1, output: 1, ...sizes });
    expectError(other, 'image', "program 'odin' cannot run under controller 'ranc'");
  });
});
