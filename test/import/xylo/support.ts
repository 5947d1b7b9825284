import { compile } from '../../../src/compiler/index.ts';
import { type SpikeTrain, writeNpz } from '../../../src/data/index.ts';
import { type EngineName, neuronOf, populationOf, presented } from '../../../src/engine/index.ts';
import { findHwModel, noSettings } from '../../../src/experiment/index.ts';
import { findFile } from '../../../src/fs/index.ts';
import { type Image, neuronIn, price, valueIn } from '../../../src/image/index.ts';
import { describeXylo } from '../../../src/import/xylo/describe.ts';
import type { XyloNetwork } from '../../../src/import/xylo/quantise.ts';
import { createMachine } from '../../../src/machine/index.ts';
import { createProgram } from '../../../src/program/index.ts';
import { at } from '../../../src/text/index.ts';

export type XyloName = 'xylo-audio2' | 'xylo-audio3' | 'xylo-imu';

/** Events by step and input. */
export type Raster = readonly (readonly number[])[];

/** A network of whole numbers, compiled for a chip. */
export function imageOf(network: XyloNetwork, steps: number, chip: XyloName = 'xylo-audio3'): Image {
  const head = { name: 'net', description: '', steps, passesAll: chip === 'xylo-audio2' };
  const { description, arrays } = describeXylo(network, head);
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
export function runOn(image: Image, network: XyloNetwork, raster: Raster, engine: EngineName): XyloStep[] {
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
