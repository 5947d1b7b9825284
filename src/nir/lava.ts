import type { Hdf5Contents } from '../data/index.ts';
import { PlasticoreError } from '../text/index.ts';
import {
  type Edge,
  type NirGraph,
  type NirNode,
  type NodeType,
  nodeOf,
  type Tensor,
  tensorOf,
} from './graph.ts';
import { itemCount } from './shapes.ts';

/** Whole numbers of Loihi are 4096ths of what is lost in a step (lava-dl, netx/hdf5.py at d825ac5). */
const unit = 4096;
/** The largest threshold: neurons with it are to be read by their potential, and do not spike. */
const mostThreshold = 2 ** 17 - 1;

/** Whether a file is one of lava-dl, `.net`: layers by their number. */
export function isLava(contents: Hdf5Contents): boolean {
  return contents.has('layer/0/type') && !contents.has('node/type');
}

/**
 * Reads a network of lava-dl as a graph of NIR, in steps of 1. Neurons without memory of their current become LIF, or
 * IF where they do not leak; others become CubaLIF; those that do not spike LI, I and CubaLI. They have the name of
 * their layer, `neurons3`.
 *
 * @throws PlasticoreError `data` with the layer: types that NIR has no words for, and refractory times
 */
export function readLava(contents: Hdf5Contents, file: string): NirGraph {
  return new LavaReader(contents, file).read();
}

class LavaReader {
  readonly #contents: Hdf5Contents;
  readonly #file: string;
  readonly #nodes = new Map<string, NirNode>();
  readonly #edges: Edge[] = [];
  /** The node that leads on, and the shape of what it gives. */
  #last = '';
  #shape: readonly number[] = [];

  constructor(contents: Hdf5Contents, file: string) {
    this.#contents = contents;
    this.#file = file;
  }

  read(): NirGraph {
    const count = this.#contents.names('layer')?.length ?? 0;
    for (let layer = 0; layer < count; layer++) this.#add(layer);
    this.#join('output', 'Output', { shape: tensorOf(this.#shape) }, this.#shape);
    return { nodes: this.#nodes, edges: this.#edges, notes: [], version: '', framework: 'lava' };
  }

  #add(layer: number): void {
    const type = this.#contents.strings(`layer/${layer}/type`)[0];
    if (type === 'input') this.#addInput(layer);
    else if (type === 'conv') this.#addConvolution(layer);
    else if (type === 'dense' || type === 'dense_rec') this.#addDense(layer);
    else if (type === 'flatten') this.#flatten(layer);
    else throw this.#wrong(layer, `expected input, conv, dense, dense_rec or flatten, found ${type}`);
  }

  #addInput(layer: number): void {
    const shape = this.#vector(layer, 'shape');
    this.#begin(shape);
    if (!this.#has(layer, 'neuron/type')) return;
    if (this.#has(layer, 'weight')) {
      const [weight = 1] = this.#whole(layer, 'weight');
      this.#join(`layer${layer}`, 'Scale', { scale: tensorOf(weight, shape) }, shape);
    }
    this.#addNeurons(layer, shape, this.#has(layer, 'bias') ? this.#whole(layer, 'bias') : undefined);
  }

  #begin(shape: readonly number[]): void {
    this.#nodes.set('input', nodeOf('Input', { shape: tensorOf(shape) }));
    [this.#last, this.#shape] = ['input', shape];
  }

  #addConvolution(layer: number): void {
    const [outputs = 0, inputs = 0, ...window] = this.#contents.shape(`layer/${layer}/weight`).slice(0, 4);
    const two = (name: string): Tensor => {
      const [first = 0, second = first] = this.#vector(layer, name);
      return tensorOf([first, second]);
    };
    const shape = this.#vector(layer, 'shape');
    const [, ...picture] = this.#shape;
    const bias = this.#biasOf(layer, outputs);
    if (this.#last === '')
      throw this.#wrong(layer, 'the shape of what comes in is not known: expected an input before it');
    const parameters = {
      weight: { shape: [outputs, inputs, ...window], values: this.#whole(layer, 'weight') },
      bias: tensorOf(this.#hasCurrent(layer) ? new Float64Array(outputs) : bias),
      stride: two('stride'),
      padding: two('padding'),
      dilation: two('dilation'),
      groups: { shape: [], values: Float64Array.from(this.#vector(layer, 'groups')) },
      input_shape: tensorOf(picture),
    };
    this.#join(`layer${layer}`, 'Conv2d', parameters, shape);
    const area = itemCount(shape) / outputs;
    const each = tensorOf(0, shape).values.map((_, at) => bias[Math.floor(at / area)] ?? 0);
    this.#addNeurons(layer, shape, this.#hasCurrent(layer) ? each : undefined);
  }

  #addDense(layer: number): void {
    const outputs = itemCount(this.#vector(layer, 'shape'));
    const values = this.#whole(layer, 'weight');
    const inputs = values.length / outputs;
    if (this.#last === '') this.#begin([inputs]);
    if (this.#shape.length > 1) this.#flatten(layer);
    const weight = { shape: [outputs, inputs], values };
    const isCurrent = this.#hasCurrent(layer);
    const bias = this.#biasOf(layer, outputs);
    this.#join(`layer${layer}`, 'Affine', { weight, bias: tensorOf(isCurrent ? bias.map(() => 0) : bias) }, [
      outputs,
    ]);
    this.#addNeurons(layer, [outputs], isCurrent ? bias : undefined);
    if (!this.#has(layer, 'weight_rec')) return;
    const recurrent = `recurrent${layer}`;
    const back = { shape: [outputs, outputs], values: this.#whole(layer, 'weight_rec') };
    this.#nodes.set(recurrent, nodeOf('Linear', { weight: back }));
    this.#edges.push({ from: `neurons${layer}`, to: recurrent }, { from: recurrent, to: `neurons${layer}` });
  }

  /** @param bias added to the potential in each step, if it does not come with the weights */
  #addNeurons(layer: number, shape: readonly number[], bias: Float64Array | undefined): void {
    if (!this.#has(layer, 'neuron/type')) {
      this.#join(`neurons${layer}`, 'I', { r: tensorOf(1, shape) }, shape);
      return;
    }
    const [type] = this.#contents.strings(`layer/${layer}/neuron/type`);
    if (type !== 'LOIHI' && type !== 'CUBA')
      throw this.#wrong(layer, `expected neurons of type LOIHI or CUBA, found ${type}`);
    const [rest = 1] = this.#has(layer, 'neuron/refDelay') ? this.#vector(layer, 'neuron/refDelay') : [];
    if (rest > 1)
      throw this.#wrong(layer, `its neurons rest for ${rest} steps (refDelay), and those of NIR do not`);
    const [threshold = 0] = this.#vector(layer, 'neuron/vThMant');
    const [i, v] = [this.#decay(layer, 'iDecay'), this.#decay(layer, 'vDecay')];
    if (v === 0 && (i < unit || bias !== undefined))
      throw this.#wrong(
        layer,
        'its neurons have a current, or a bias, and a potential that does not leak (vDecay 0)',
      );
    const spikes = threshold < mostThreshold;
    const firing = spikes ? { v_threshold: tensorOf(threshold, shape), v_reset: tensorOf(0, shape) } : {};
    const leak = { r: tensorOf(unit / v, shape), v_leak: tensorOf(0, shape) };
    if (bias !== undefined)
      leak.v_leak = {
        shape,
        values: leak.v_leak.values.map((_, at) => ((bias[at] ?? bias[0] ?? 0) * unit) / v),
      };
    const name = `neurons${layer}`;
    if (v === 0) this.#join(name, spikes ? 'IF' : 'I', { r: tensorOf(1, shape), ...firing }, shape);
    else if (i === unit)
      this.#join(name, spikes ? 'LIF' : 'LI', { tau: tensorOf(unit / v, shape), ...leak, ...firing }, shape);
    else {
      const current = {
        tau_syn: tensorOf(unit / i, shape),
        tau_mem: tensorOf(unit / v, shape),
        w_in: tensorOf(unit / i, shape),
      };
      this.#join(name, spikes ? 'CubaLIF' : 'CubaLI', { ...current, ...leak, ...firing }, shape);
    }
    if (!this.#has(layer, 'delay')) return;
    const delays = Float64Array.from(this.#vector(layer, 'delay'));
    const delay = delays.length === 1 ? tensorOf(delays[0] ?? 0, shape) : { shape, values: delays };
    this.#join(`delay${layer}`, 'Delay', { delay }, shape);
  }

  #flatten(layer: number): void {
    const parameters = { start_dim: tensorOf(0), end_dim: tensorOf(-1) };
    this.#join(`flatten${layer}`, 'Flatten', parameters, [itemCount(this.#shape)]);
  }

  #join(
    name: string,
    type: NodeType,
    parameters: Readonly<Record<string, Tensor>>,
    shape: readonly number[],
  ): void {
    this.#nodes.set(name, nodeOf(type, parameters));
    this.#edges.push({ from: this.#last, to: name });
    [this.#last, this.#shape] = [name, shape];
  }

  #has(layer: number, name: string): boolean {
    return this.#contents.has(`layer/${layer}/${name}`);
  }

  #vector(layer: number, name: string): readonly number[] {
    return [...this.#contents.numbers(`layer/${layer}/${name}`)];
  }

  /** Weights and biases are whole, though they stand as floats: lava-dl cuts off what is behind the point. */
  #whole(layer: number, name: string): Float64Array {
    return this.#contents.numbers(`layer/${layer}/${name}`).map(Math.trunc);
  }

  #biasOf(layer: number, count: number): Float64Array {
    return this.#has(layer, 'bias') ? this.#whole(layer, 'bias') : new Float64Array(count);
  }

  /** Whether a current has a memory: then a bias does not go through it. */
  #hasCurrent(layer: number): boolean {
    return this.#decay(layer, 'iDecay') < unit;
  }

  #decay(layer: number, name: 'iDecay' | 'vDecay'): number {
    const [value = unit] = this.#has(layer, `neuron/${name}`) ? this.#vector(layer, `neuron/${name}`) : [];
    return value;
  }

  #wrong(layer: number, what: string): PlasticoreError {
    return new PlasticoreError('data', `layer ${layer}: ${what}`, { file: this.#file });
  }
}
