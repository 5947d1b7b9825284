import { expect, test } from 'vitest';
import {
  axons,
  type ChipContents,
  ModuleCores,
  neurons,
  PacketList,
  type RancController,
} from '../../../src/chips/kit.ts';
import { Mesh } from '../../../src/hardware/index.ts';
import { coreImageOf } from '../../../src/image/index.ts';
import type { loadRancCore } from '../ranc/memories.ts';
import { rancCores } from '../ranc/model.ts';
import { rancController } from '../ranc/record.ts';
import type { RancTrace } from '../ranc/trace-parts.ts';
import { truenorthOn, wildContents } from './model.ts';

/*
 * RANC and TrueNorth agree where all packets of a tick arrive before the next one begins. The model of RANC is exact to
 * its RTL (test/chips/ranc). Here its cores are loaded with what those of a TrueNorth hold, on the same grid with one
 * row more, for its output bus.
 */
const shape = { columns: 3, rows: 3 };
const ticks = 12;
/** 256 neurons take 258 cycles each; then packets have time to arrive. */
const tickCycles = 80_000;

const config: RancTrace['config'] = {
  grid: [shape.columns, shape.rows + 1],
  output_core: [0, shape.rows],
  axons,
  neurons,
  slots: 16,
  axon_types: 4,
  potential_width: 20,
  weight_width: 9,
  leak_width: 9,
  threshold_width: 9,
  dx_width: 9,
  dy_width: 9,
  outputs: 256,
  fifo_depth: 64,
  input_fifo_depth: 4,
};

type Memories = Parameters<typeof loadRancCore>[1];

/** A core that does nothing. */
const idle: Memories = {
  xy: [0, shape.rows],
  axon_types: '0'.repeat(axons),
  crossbar: new Array<string>(neurons).fill('0'.repeat(axons / 4)),
  weights: Array.from({ length: neurons }, () => [0, 0, 0, 0]),
  leak: new Array<number>(neurons).fill(0),
  pos_threshold: new Array<number>(neurons).fill(255),
  neg_threshold: new Array<number>(neurons).fill(-256),
  reset_potential: new Array<number>(neurons).fill(0),
  reset_mode: new Array<number>(neurons).fill(0),
  potential: new Array<number>(neurons).fill(0),
  dest: Array.from({ length: neurons }, () => [0, 0, 0, 0]),
};

function memoriesOf(contents: ChipContents, core: number): Memories {
  const { fields, connections } = contents.contentsOf(core);
  const column = (name: keyof typeof fields): number[] => Array.from(fields[name]);
  const perNeuron = <T>(make: (neuron: number) => T): T[] =>
    Array.from({ length: neurons }, (_, at) => make(at));
  const bit = (axon: number, neuron: number): number =>
    ((connections[axon * 32 + (neuron >> 3)] ?? 0) >> (neuron & 7)) & 1;
  return {
    xy: [core % shape.columns, Math.floor(core / shape.columns)],
    axon_types: column('axons.type').join(''),
    // Bit a of a hexadecimal number is the connection of axon a.
    crossbar: perNeuron((neuron) => {
      let digits = '';
      for (let axon = axons - 4; axon >= 0; axon -= 4)
        digits += [3, 2, 1, 0].reduce((sum, at) => sum * 2 + bit(axon + at, neuron), 0).toString(16);
      return digits;
    }),
    weights: perNeuron((neuron) =>
      (['w0', 'w1', 'w2', 'w3'] as const).map((name) => column(`neurons.${name}`)[neuron] ?? 0),
    ),
    leak: column('neurons.leak'),
    pos_threshold: column('neurons.pos_threshold'),
    neg_threshold: column('neurons.neg_threshold'),
    reset_potential: column('neurons.reset_potential'),
    reset_mode: column('neurons.reset_mode'),
    potential: Array.from(contents.potentialsOf(core, 0)),
    dest: perNeuron((neuron) => [
      fields['neurons.dx'][neuron] ?? 0,
      fields['neurons.dy'][neuron] ?? 0,
      fields['neurons.axon'][neuron] ?? 0,
      fields['neurons.offset'][neuron] ?? 0,
    ]),
  };
}

test('ticks of TrueNorth are those of RANC', () => {
  const { image, model } = truenorthOn(shape.columns, shape.rows);
  const mesh = new Mesh(model.mesh);
  const contents = wildContents(shape, 11, {
    connected: 100,
    threshold: 255,
    leak: [-3, 5],
    leastWeight: -256,
  });
  const truenorth = new ModuleCores(coreImageOf(image), mesh, contents);
  truenorth.begin(0);
  truenorth.run(ticks);

  const routers = shape.columns * (shape.rows + 1);
  const output = shape.columns * shape.rows;
  const synops = new Array<number>(mesh.cores).fill(0);
  const spikes = new Array<number>(mesh.cores * neurons).fill(0);
  let late = 0;
  const cores = Array.from({ length: routers }, (_, router) =>
    router < output ? memoriesOf(contents, router) : router === output ? null : idle,
  );
  const ranc = rancController({ config, cores }, rancCores('fast', config), {
    ticked: (core, _tick, _accepted, _ready, stalls, count) => {
      if (core < output) synops[core] = (synops[core] ?? 0) + count;
      late += stalls;
    },
    missed: () => {
      late += 1;
    },
    spiked: (_cycle, _tick, core, neuron) => {
      spikes[core * neurons + neuron] = (spikes[core * neurons + neuron] ?? 0) + 1;
    },
    delivered: (_cycle, _core, _packet, _slot, fate) => {
      // 2 is lost; 3 is stored in the row that is read.
      if (fate >= 2) late += 1;
    },
  });
  const stimulus = Array.from({ length: ticks }, (_, tick) => 10 + tick * tickCycles);
  ranc.run({ ticks: stimulus, input: new PacketList([]) }, ticks * tickCycles);

  const potential = rancPotential(ranc);
  expect(late).toBe(0);
  expect(spikes.reduce((sum, count) => sum + count, 0)).toBeGreaterThan(1000);
  const { spikes: own, events } = truenorth.activity();
  expect(Array.from(own)).toEqual(spikes);
  expect(Array.from(events)).toEqual(synops);
  for (let core = 0; core < mesh.cores; core++)
    expect(Array.from(truenorth.potentialsOf(core))).toEqual(Array.from(potential(core)));
});

function rancPotential({ units }: RancController): (core: number) => Float64Array {
  return (router) => {
    const core = units[router]?.core;
    const field = core?.image.fields.findIndex(({ name }) => name === 'neurons.potential') ?? -1;
    return core?.read(field) ?? new Float64Array();
  };
}
