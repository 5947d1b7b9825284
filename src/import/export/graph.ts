import type { Image } from '../../image/index.ts';
import type { Machine } from '../../machine/index.ts';
import {
  type NirGraph,
  type NirNode,
  type NodeType,
  nodeOf,
  type Tensor,
  tensorOf,
} from '../../nir/index.ts';
import type { ProgramSpec } from '../../program/index.ts';
import { command, option, PlasticoreError } from '../../text/index.ts';
import { type Dynamics, dynamicsOf } from './neurons.ts';
import { kernelOf, matrixOf, type Numbering, numberingOf } from './weights.ts';

/** A program as a graph of NIR, and notes on anything that NIR cannot express. */
export interface NirExport {
  readonly graph: NirGraph;
  readonly notes: readonly string[];
}

/** Time of a step, in seconds: readers assume it if the file has none. */
const dt = 1e-4;

/**
 * Writes a program as a graph of NIR. What its neurons do is read from its kernels.
 *
 * @param core holds the weights; it is not changed
 * @param spec says which projections are convolutions; without it, all become matrices
 * @throws PlasticoreError `data`, with the population or projection, if NIR cannot express it
 */
export function exportNir(core: Machine, spec?: ProgramSpec): NirExport {
  const { program, events } = core.image;
  if (events.named.length > 0)
    throw new PlasticoreError(
      'data',
      `'${program}' runs on named events of a chip's controller, which NIR does not have`,
      { hint: `${option('weights')} writes its arrays` },
    );
  if (core.image.core.arithmetic === 'float32')
    throw new PlasticoreError('data', `'${program}' is on float32; weights of NIR are made of integers`, {
      hint: 'export it at a precision of integers, from a run or an image',
    });
  return new Exporter(core, spec).export();
}

class Exporter {
  readonly #core: Machine;
  readonly #image: Image;
  readonly #spec: ProgramSpec | undefined;
  readonly #dynamics = new Map<number, Dynamics>();
  readonly #nodes = new Map<string, NirNode>();
  readonly #edges: { from: string; to: string }[] = [];

  constructor(core: Machine, spec: ProgramSpec | undefined) {
    this.#core = core;
    this.#image = core.image;
    this.#spec = spec;
  }

  export(): NirExport {
    const { populations, projections, input, fields, readout } = this.#image;
    if (populations[input]?.inputs !== undefined)
      this.#refuse(
        `population '${this.#name(input)}'`,
        'its spikes enter several times, with delays',
        'one projection for each delay',
      );
    const answering = populations.findIndex(({ name }) => fields[readout]?.name.startsWith(`${name}.`));
    for (const [index] of populations.entries())
      if (index !== input) this.#dynamics.set(index, dynamicsOf(this.#core, index));
    for (const { target, partOf, name } of projections) {
      if (partOf !== undefined)
        this.#refuse(`projection '${name}'`, 'its synapses have delays of their own', 'one delay for all');
      if (target === input) this.#refuse(`projection '${name}'`, 'it leads to the input');
    }
    const first = this.#numbering(input);
    this.#add(this.#name(input), 'Input', { shape: tensorOf(first.shape) });
    for (const found of this.#dynamics.values()) this.#addNeurons(found);
    for (const [index] of projections.entries()) this.#addProjection(index);
    const last = this.#numbering(answering);
    // A population that only collects its input is the output itself.
    const own = this.#name(answering);
    const isPlace = !this.#nodes.has(own);
    this.#add(isPlace ? own : this.#free('output'), 'Output', { shape: tensorOf(last.shape) });
    if (!isPlace) this.#edges.push({ from: own, to: [...this.#nodes.keys()].at(-1) ?? '' });
    this.#refuseStranded();
    return {
      graph: { nodes: this.#nodes, edges: this.#edges, notes: [], version: '1.0' },
      notes: this.#notes(),
    };
  }

  #refuse(where: string, what: string, hint?: string): never {
    throw new PlasticoreError('data', `${where}: ${what}`, hint === undefined ? {} : { hint });
  }

  #name(population: number): string {
    return this.#image.populations[population]?.name ?? '';
  }

  #numbering(population: number): Numbering {
    const { name = '', size = 0 } = this.#image.populations[population] ?? {};
    return numberingOf(this.#spec, name, size);
  }

  #add(name: string, type: NodeType, parameters: Readonly<Record<string, Tensor>>): void {
    this.#nodes.set(name, nodeOf(type, parameters));
  }

  /** The value of 1 in a population's field: it puts thresholds between 1 and 2. */
  #unit(population: number): number {
    const { firing, low = 1 } = this.#dynamics.get(population) ?? {};
    const largest = firing?.threshold.reduce((most, value) => Math.max(most, value), 0) ?? low / 2 ** 6;
    return 2 ** -Math.floor(Math.log2(Math.max(1, largest)));
  }

  /** The value of 1 in the field that collects spikes. */
  #gatheringUnit(population: number): number {
    return this.#unit(population) * (this.#dynamics.get(population)?.current?.share ?? 1);
  }

  #addNeurons({ name, population, kept, drive, current, firing }: Dynamics): void {
    const unit = this.#unit(population);
    const { shape, place } = this.#numbering(population);
    const tensor = (values: Float64Array): Tensor => {
      const placed = new Float64Array(values.length);
      for (const [neuron, value] of values.entries()) placed[place(neuron)] = value;
      return { shape, values: placed };
    };
    const times = (shares: Float64Array) => tensor(shares.map((share) => dt / (1 - share)));
    const perStep = (shares: Float64Array) => tensor(shares.map((share) => 1 / (1 - share)));
    const spiking = firing && {
      v_threshold: tensor(firing.threshold.map((value) => value * unit)),
      v_reset: tensor(firing.resetTo.map((value) => value * unit)),
    };
    const refuse = (what: string) => this.#refuse(`population '${name}'`, what);
    if (current !== undefined) {
      if ([...kept, ...current.kept].some((share) => share >= 1 || share < 0))
        refuse('its current or its potential does not leak, as those of NIR with a current do');
      this.#add(name, spiking === undefined ? 'CubaLI' : 'CubaLIF', {
        tau_syn: times(current.kept),
        tau_mem: times(kept),
        r: perStep(kept),
        v_leak: tensor(drive.map((value, at) => (value * unit) / (1 - (kept[at] ?? 0)))),
        w_in: perStep(current.kept),
        ...spiking,
      });
    } else if (kept.every((share) => share === 1))
      this.#add(name, spiking ? 'IF' : 'I', { r: tensor(kept.map(() => 1 / dt)), ...spiking });
    else if (kept.every((share) => share > 0 && share !== 1)) {
      const leaking = { tau: times(kept), r: perStep(kept), v_leak: tensor(kept.map(() => 0)) };
      this.#add(name, spiking ? 'LIF' : 'LI', { ...leaking, ...spiking });
    } else if (spiking !== undefined || kept.some((share) => share !== 0))
      refuse('some of its neurons keep nothing, or everything, and some do not');
  }

  /** A name that is still free. */
  #free(name: string): string {
    return this.#nodes.has(name) ? this.#free(`${name}_`) : name;
  }

  #addProjection(index: number): void {
    const projection = this.#image.projections[index];
    if (projection === undefined) return;
    const { name, source, target } = projection;
    const effect = this.#dynamics.get(target)?.effects.get(index);
    if (effect === undefined || effect.factor === 0)
      this.#refuse(`projection '${name}'`, 'a spike changes nothing that NIR has a name for');
    const [from, to] = [this.#numbering(source), this.#numbering(target)];
    const sends = this.#dynamics.get(source)?.sends;
    const sender = sends === undefined ? 1 : this.#unit(source) / sends;
    const unit = (effect.factor * this.#gatheringUnit(target)) / sender;
    const bias = this.#biasOf(index, to);
    const connect = this.#spec?.projections[name]?.connect;
    const isConvolution = typeof connect === 'object' && 'convolution' in connect;
    const isFlat = !isConvolution && from.shape.length > 1;
    if (isConvolution) {
      const { window, stride, padding } = connect.convolution;
      const pair = (length: number | readonly [number, number]): readonly [number, number] =>
        typeof length === 'number' ? [length, length] : length;
      this.#refuseReshaped(source);
      const [inputs = 1, ...picture] = from.shape;
      const [outputs = 1] = to.shape;
      const area = to.size / outputs;
      const perChannel =
        bias && Float64Array.from({ length: outputs }, (_, channel) => bias[channel * area] ?? 0);
      if (bias?.some((value, at) => value !== perChannel?.[Math.floor(at / area)]))
        this.#refuse(`population '${this.#name(target)}'`, 'its constant inputs differ within a channel');
      this.#add(name, 'Conv2d', {
        weight: kernelOf(this.#core, name, pair(window), [inputs, outputs], unit),
        bias: tensorOf(perChannel ?? new Float64Array(outputs)),
        stride: tensorOf(pair(stride)),
        padding: tensorOf(pair(padding)),
        dilation: tensorOf([1, 1]),
        groups: tensorOf(1),
        input_shape: tensorOf(picture),
      });
    } else {
      const weight = matrixOf(this.#core, index, from, to, unit);
      if (bias === undefined) this.#add(name, 'Linear', { weight });
      else this.#add(name, 'Affine', { weight, bias: tensorOf(bias) });
    }
    const path = [this.#name(source)];
    if (isFlat) {
      const flat = `${name}_flat`;
      this.#add(flat, 'Flatten', { start_dim: tensorOf(0), end_dim: tensorOf(-1) });
      path.push(flat);
    }
    path.push(name);
    const waits = effect.lag - (this.#isInCycle(source, target) ? 1 : 0);
    if (waits < 0) this.#refuse(`projection '${name}'`, 'a cycle takes no time');
    if (waits > 0) {
      const delay = `${name}_delay`;
      // A bias is not delayed, so the delay comes before the weights.
      const before = tensorOf(waits * dt, isFlat ? [from.size] : from.shape);
      this.#add(delay, 'Delay', { delay: before });
      path.splice(path.length - 1, 0, delay);
    }
    path.push(this.#name(target));
    for (const [at, to] of path.slice(1).entries()) this.#edges.push({ from: path[at] ?? '', to });
  }

  /** NIR cannot turn the output of a matrix into a picture. */
  #refuseReshaped(population: number): void {
    for (const { name, target } of this.#image.projections) {
      const connect = this.#spec?.projections[name]?.connect;
      if (target === population && !(typeof connect === 'object' && 'convolution' in connect))
        this.#refuse(
          `projection '${name}'`,
          'it leads to a picture, and NIR cannot make one of what a matrix gives',
        );
    }
  }

  /** The constant input of a projection's target, in the order of NIR, if this projection is the target's first. */
  #biasOf(index: number, to: Numbering): Float64Array | undefined {
    const { projections } = this.#image;
    const target = projections[index]?.target ?? -1;
    const found = this.#dynamics.get(target);
    const drive = found?.current?.drive ?? found?.drive;
    const isFirst = projections.findIndex((projection) => projection.target === target) === index;
    if (!isFirst || drive === undefined || drive.every((value) => value === 0)) return undefined;
    const unit = this.#gatheringUnit(target);
    const bias = new Float64Array(to.size);
    for (const [neuron, value] of drive.entries()) bias[to.place(neuron)] = value * unit;
    return bias;
  }

  /** Whether a path leads back from the target to the source. */
  #isInCycle(source: number, target: number): boolean {
    const reached = new Set([target]);
    for (const at of reached)
      for (const projection of this.#image.projections)
        if (projection.source === at) reached.add(projection.target);
    return reached.has(source);
  }

  /** Populations must spike or send their potential; NIR has nothing else. */
  #refuseStranded(): void {
    for (const { source, name } of this.#image.projections) {
      const found = this.#dynamics.get(source);
      if (found !== undefined && found.firing === undefined && found.sends === undefined)
        this.#refuse(
          `projection '${name}'`,
          `'${found.name}' does not spike, and what it sends is not known`,
        );
    }
  }

  /** The options with which `import` reads the graph as this network. */
  #notes(): string[] {
    const spiking = [...this.#dynamics.values()].flatMap(({ name, firing }) =>
      firing === undefined ? [] : [{ name, ...firing }],
    );
    const optionOf = (key: 'fires' | 'reset') => {
      const isCommon = new Set(spiking.map((node) => node[key])).size === 1;
      const each = spiking.map((node) => `${node.name}=${node[key]}`);
      return option(key, isCommon ? spiking[0]?.[key] : each.join());
    };
    if (spiking.length === 0) return [];
    const options = [option('dt', dt), optionOf('fires'), optionOf('reset')];
    return [`what NIR does not say, import has to be told: ${command('import FILE', ...options)}`];
  }
}
