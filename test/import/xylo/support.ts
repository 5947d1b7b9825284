import { compile } from '../../../src/compiler/index.ts';
import { type SpikeTrain, writeNpz } from '../../../src/data/index.ts';
import { type EngineName, neuronOf, populationOf, presented } from '../../../src/engine/index.ts';
import { findHwModel, noSettings } from '../../../src/experiment/index.ts';
import { findFile } from '../../../src/fs/index.ts';
import { type Image, neuronIn, price, valueIn } from '../../../src/image/index.ts';
import { type DescribedProgram, weightsFile } from '../../../src/import/program/layout.ts';
import { describeXylo } from '../../../src/import/xylo/describe.ts';
import type { XyloLayer, XyloNetwork, XyloWeights } from '../../../src/import/xylo/quantise.ts';
import { createMachine } from '../../../src/machine/index.ts';
import { type ActionSpec, createProgram, ProgramBuilder } from '../../../src/program/index.ts';
import { at } from '../../../src/text/index.ts';

export type XyloName = 'xylo-audio2' | 'xylo-audio3' | 'xylo-imu';

/** Events by step and input. */
export type Raster = readonly (readonly number[])[];

/** A network with all that the chip has: second synaptic states and aliases, which NIR and so imports do not have. */
export interface WholeXylo extends Omit<XyloNetwork, 'hidden' | 'weights'> {
  /** A second time constant where a layer has two synaptic states. */
  readonly hidden: readonly (XyloLayer & { readonly dashSyn2?: Float64Array | undefined })[];
  /** Those onto the first synaptic state, but for those that say so. */
  readonly weights: readonly (XyloWeights & { readonly state?: 1 | 2 })[];
  /**
   * Neurons whose spikes others take for their own in the same step: neuron `pairs[n][0]` of a hidden layer leads to
   * `pairs[n][1]` of a later one.
   */
  readonly aliases?: readonly {
    readonly from: number;
    readonly to: number;
    readonly pairs: readonly (readonly [number, number])[];
  }[];
}

/** The program of a network, with its second synaptic states and its aliases: see programs/rules/xylo.uc. */
function wholeProgram(
  network: WholeXylo,
  head: Parameters<typeof describeXylo>[1],
): Pick<DescribedProgram, 'description' | 'arrays'> {
  const { hidden, weights, aliases = [] } = network;
  const basic = describeXylo({ ...network, weights: weights.filter(({ state }) => state !== 2) }, head);
  const arrays = { ...basic.arrays };
  const put = (array: string, data: Int8Array | Int32Array, shape: readonly number[] = [data.length]) => {
    arrays[array] = { shape, data };
    return { file: weightsFile, array };
  };
  const twofold = new Map(
    hidden.flatMap(({ name, dashSyn2 }) => (dashSyn2 === undefined ? [] : [[name, dashSyn2] as const])),
  );
  const { populations, events } = basic.description;
  const second = (action: ActionSpec): ActionSpec =>
    'run' in action && twofold.has(action.over ?? '') ? { ...action, run: `${action.run}2` } : action;
  let net = new ProgramBuilder({
    ...basic.description,
    populations: Object.fromEntries(
      Object.entries(populations).map(([name, population]) => {
        const dashes = twofold.get(name);
        if (dashes === undefined) return [name, population];
        const initial = put(`${name}_dashSyn2`, Int32Array.from(dashes));
        const dashSyn2 = { kind: 'integer', bits: 4, signed: false, initial } as const;
        return [name, { ...population, fields: { ...population.fields, i2: { bits: 16 }, dashSyn2 } }];
      }),
    ),
    events: { ...events, sample: events.sample?.map(second) ?? [], tick: events.tick?.map(second) ?? [] },
  });
  for (const { from, to, state, values } of weights) {
    if (state !== 2 || to === 'output' || values.every((value) => value === 0)) continue;
    const [source, target] = [from === 'input' ? 'input' : at(hidden, from).name, at(hidden, to)];
    const name = `${source}To${target.name}2`;
    net = net.projection(name, {
      from: source,
      to: target.name,
      frozen: true,
      initialWeights: put(name, Int8Array.from(values), [values.length / target.size, target.size]),
    });
    net =
      from === 'input'
        ? net.spike(source, { run: 'inputSynapse2', over: name })
        : net.previousSpike(source, { run: 'hiddenSynapse2', over: name });
  }
  for (const { from, to, pairs } of aliases) {
    const [source, target] = [at(hidden, from), at(hidden, to)];
    const name = `${source.name}As${target.name}`;
    const ordered = [...pairs].sort(([a, x], [b, y]) => a - b || x - y);
    const starts = Int32Array.from(
      { length: source.size + 1 },
      (_, row) => ordered.filter(([neuron]) => neuron < row).length,
    );
    const targets = Int32Array.from(ordered, ([, neuron]) => neuron);
    net = net
      .projection(name, {
        from: source.name,
        to: target.name,
        frozen: true,
        initialWeights: put(name, new Int8Array(ordered.length).fill(1)),
        connect: {
          sparse: { starts: put(`${name}_starts`, starts), targets: put(`${name}_targets`, targets) },
        },
      })
      .spike(source.name, { run: 'alias', over: name });
  }
  return { description: net.description, arrays };
}

/** A network of whole numbers, compiled for a chip. */
export function imageOf(network: WholeXylo, steps: number, chip: XyloName = 'xylo-audio3'): Image {
  const head = { name: 'net', description: '', steps, passesAll: chip === 'xylo-audio2' };
  const { description, arrays } = wholeProgram(network, head);
  const bytes = writeNpz(arrays);
  const program = createProgram(description, {
    microcode: (reference, from) => findFile('microcode', reference, from),
    arrays: (file) => ({ file, bytes }),
  });
  const hw = findHwModel({ name: chip, from: '' }, 'mp8-8', findFile, noSettings.hw);
  return compile(program, hw, { precision: 'mp8-8', seed: 1 });
}

/** What a step has left. */
interface XyloStep {
  readonly cycles: number;
  /** Spikes of all hidden neurons, and of the outputs. */
  readonly hidden: readonly number[];
  readonly outputs: readonly number[];
  /** Potentials and first synaptic states, those of the outputs last. */
  readonly v: readonly number[];
  readonly i: readonly number[];
}

/** Runs a raster on an engine. The steps in which the program settles follow it. */
export function runOn(image: Image, network: WholeXylo, raster: Raster, engine: EngineName): XyloStep[] {
  const machine = createMachine(image, { engine });
  const spikes = presented(image, trainOf(raster));
  machine.begin({ label: 0, learn: false, steps: spikes.steps, spikes });
  const layers = [...network.hidden, network.outputs];
  const field = (name: string) => image.fields.findIndex((each) => each.name === name);
  const all = (name: string) => layers.flatMap((layer) => [...machine.read(field(`${layer.name}.${name}`))]);
  let before = 0;
  return Array.from({ length: spikes.steps }, () => {
    const emitted = machine.step();
    const counts = spikesIn(image, machine.emitted.subarray(0, emitted));
    const { cycles } = price(machine.counters(), image.costs);
    const step = {
      cycles: cycles - before,
      hidden: network.hidden.flatMap(({ name }) => [...at(counts, numbered(image, name))]),
      outputs: [...at(counts, numbered(image, network.outputs.name))],
      v: all('v'),
      i: all('i'),
    };
    before = cycles;
    return step;
  });
}

function numbered({ populations }: Image, name: string): number {
  return populations.findIndex((population) => population.name === name);
}

/** How often each neuron has spiked, by population. */
function spikesIn({ populations }: Image, emitted: Uint32Array): Int32Array[] {
  const counts = populations.map(({ size }) => new Int32Array(size));
  for (const address of emitted) {
    const place = populationOf(address);
    const [population, spike] = [at(populations, place), neuronOf(address)];
    const count = population.payload === undefined ? 1 : valueIn(population, spike);
    at(counts, place)[neuronIn(population, spike)] = count;
  }
  return counts;
}

/** One spike for each input with events, which carries how many. */
function trainOf(raster: Raster): SpikeTrain {
  const [offsets, indices, values]: [number[], number[], number[]] = [[0], [], []];
  for (const events of raster) {
    for (const [input, count] of events.entries()) {
      if (count === 0) continue;
      indices.push(input);
      values.push(count);
    }
    offsets.push(indices.length);
  }
  return {
    steps: raster.length,
    offsets: Uint32Array.from(offsets),
    indices: Uint16Array.from(indices),
    values: Uint8Array.from(values),
    valuesAre: 'counts',
  };
}
