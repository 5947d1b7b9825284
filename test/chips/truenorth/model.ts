import {
  axons,
  type ChipContents,
  type CoreContents,
  type contentNames,
  neurons,
  rowBytes,
} from '../../../src/chips/kit.ts';
import { deploy, noSettings } from '../../../src/experiment/index.ts';
import { findFile } from '../../../src/fs/index.ts';
import type { MeshShape } from '../../../src/hardware/index.ts';
import { drawsBetween } from '../../../src/random/index.ts';

/** Program and hw-model `truenorth`, with a mesh of another size. */
export function truenorthOn(columns: number, rows: number) {
  const change = (name: string, value: number) => ({
    path: ['chip', 'mesh', name],
    value,
    place: { file: 'test' },
  });
  const { image, hw } = deploy(
    {
      program: { name: 'truenorth', from: '' },
      hw: { name: 'truenorth', from: '' },
      precision: 'own',
      seed: 1,
      settings: { ...noSettings, hw: [change('columns', columns), change('rows', rows)] },
    },
    findFile,
  );
  if (hw.chip === undefined) throw new Error('no chip');
  return { image, model: hw.chip };
}

/** How wild a random chip is. */
export interface Wildness {
  /** Of 256 synapses of an axon, how many are connected on average. */
  readonly connected: number;
  readonly threshold: number;
  readonly leak: readonly [number, number];
  readonly leastWeight: number;
  readonly mostWeight?: number;
  /** The greatest potential; of all 20 bits by default. */
  readonly mostPotential?: number;
  /** 1 if every neuron subtracts its threshold, as reset mode; drawn by default. */
  readonly leastResetMode?: 0 | 1;
}

/** Everything is drawn: types, weights, leaks, thresholds of both signs, both reset modes, potentials of 20 bits. */
export function wildContents(
  { columns, rows }: Pick<MeshShape, 'columns' | 'rows'>,
  seed: number,
  { connected, threshold, leak, leastWeight, mostWeight = 255, mostPotential, leastResetMode = 0 }: Wildness,
): ChipContents {
  const draws = (low: number, high: number, core: number, kind: number): ((item: number) => number) =>
    drawsBetween(low, high, seed, core, kind);
  return {
    contentsOf(core) {
      const values = (low: number, high: number, kind: number): Int32Array => {
        const draw = draws(low, high, core, kind);
        return Int32Array.from({ length: neurons }, (_, item) => draw(item));
      };
      const [x, y] = [core % columns, Math.floor(core / columns)];
      const fields: Record<(typeof contentNames)[number], Int32Array> = {
        'axons.type': values(0, 3, 0),
        'neurons.w0': values(leastWeight, mostWeight, 1),
        'neurons.w1': values(leastWeight, mostWeight, 2),
        'neurons.w2': values(leastWeight, mostWeight, 3),
        'neurons.w3': values(leastWeight, mostWeight, 4),
        'neurons.leak': values(leak[0], leak[1], 5),
        'neurons.pos_threshold': values(-threshold, threshold, 6),
        'neurons.neg_threshold': values(-256, 255, 7),
        'neurons.reset_mode': values(leastResetMode, 1, 8),
        'neurons.reset_potential': values(-300, 300, 9),
        'neurons.dx': values(-x, columns - 1 - x, 10),
        'neurons.dy': values(-y, rows - 1 - y, 11),
        'neurons.axon': values(0, axons - 1, 12),
        'neurons.offset': values(0, 14, 13),
      };
      const bit = draws(0, 255, core, 14);
      const connections = new Uint8Array(axons * rowBytes);
      for (let item = 0; item < axons * neurons; item++)
        if (bit(item) < connected) connections[item >> 3] = (connections[item >> 3] ?? 0) | (1 << (item & 7));
      return { fields, connections };
    },
    potentialsOf(core, sample) {
      if (mostPotential !== undefined) {
        const draw = draws(-mostPotential, mostPotential, core, 100 + sample);
        return Int32Array.from({ length: neurons }, (_, neuron) => draw(neuron));
      }
      const draw = draws(-(2 ** 19), 2 ** 19 - 1, core, 100 + sample);
      // A third of them near the ends, where they wrap.
      return Int32Array.from({ length: neurons }, (_, neuron) =>
        neuron % 3 === 0 ? draw(neuron) : Math.trunc(draw(neuron) / 2000),
      );
    },
  };
}

/** What a chip leaves. */
export interface Left {
  readonly potentials: number[][];
  /** By neuron of the chip. */
  readonly spikes: number[];
  readonly axons: number[];
  readonly events: number[];
  readonly busyTicks: number[];
}

/**
 * TrueNorth as its papers describe it, computed without anything of the simulator: neuron by neuron, each looks at all
 * axons of its core. Packets are kept in a set of what is due.
 */
export function modelled(
  contents: ChipContents,
  { columns, rows }: Pick<MeshShape, 'columns' | 'rows'>,
  sample: number,
  ticks: number,
): Left & { readonly mostActive: number } {
  const count = columns * rows;
  const held = Array.from({ length: count }, (_, core) => contents.contentsOf(core));
  const left: Left = {
    potentials: held.map((_, core) => Array.from(contents.potentialsOf(core, sample))),
    spikes: new Array<number>(count * neurons).fill(0),
    axons: new Array<number>(count).fill(0),
    events: new Array<number>(count).fill(0),
    busyTicks: new Array<number>(count).fill(0),
  };
  const due = new Set<string>();
  let mostActive = 0;
  for (let tick = 0; tick < ticks; tick++) for (const [core, own] of held.entries()) runCore(core, own, tick);
  return { ...left, mostActive };

  function runCore(core: number, { fields, connections }: CoreContents, tick: number): void {
    const active = Array.from({ length: axons }, (_, axon) => axon).filter((axon) =>
      due.delete(`${tick} ${core} ${axon}`),
    );
    left.axons[core] = (left.axons[core] ?? 0) + active.length;
    mostActive = Math.max(mostActive, active.length);
    if (active.length > 0) left.busyTicks[core] = (left.busyTicks[core] ?? 0) + 1;
    for (let neuron = 0; neuron < neurons; neuron++) {
      const of = (name: (typeof contentNames)[number]): number => fields[name][neuron] ?? 0;
      let potential = BigInt(left.potentials[core]?.[neuron] ?? 0);
      for (const axon of active) {
        const byte = connections[axon * 32 + Math.floor(neuron / 8)] ?? 0;
        if (Math.floor(byte / 2 ** (neuron % 8)) % 2 === 0) continue;
        const type = fields['axons.type'][axon] ?? 0;
        potential += BigInt(
          of((['neurons.w0', 'neurons.w1', 'neurons.w2', 'neurons.w3'] as const)[type] ?? 'neurons.w0'),
        );
        left.events[core] = (left.events[core] ?? 0) + 1;
      }
      potential = BigInt.asIntN(20, potential + BigInt(of('neurons.leak')));
      const subtracts = of('neurons.reset_mode') === 1;
      const reset = BigInt(of('neurons.reset_potential'));
      if (potential >= of('neurons.pos_threshold')) {
        potential = subtracts ? potential - BigInt(of('neurons.pos_threshold')) : reset;
        left.spikes[core * neurons + neuron] = (left.spikes[core * neurons + neuron] ?? 0) + 1;
        const to = core + of('neurons.dx') + of('neurons.dy') * columns;
        due.add(`${tick + 1 + of('neurons.offset')} ${to} ${of('neurons.axon')}`);
      } else if (potential < of('neurons.neg_threshold'))
        potential = subtracts ? potential - BigInt(of('neurons.neg_threshold')) : -reset;
      const potentials = left.potentials[core];
      if (potentials !== undefined) potentials[neuron] = Number(BigInt.asIntN(20, potential));
    }
  }
}
