import {
  type Conventions,
  conventionsAt,
  isNeuron,
  itemCount,
  layerOf,
  misfit,
  type NirGraph,
  type NirNode,
  neuronConstants,
  nodeOrderOf,
  type Order,
  perItem,
  shapesOf,
  type TensorShape,
} from '../../nir/index.ts';
import { at, isReserved, option, PlasticoreError } from '../../text/index.ts';
import { type InputNumbers, inputSpikes } from '../input-numbers.ts';
import { integerScalesOf, linearMap } from './linear.ts';
import { delayOf, type PathNode } from './path.ts';
import {
  fineGainOf,
  inputGainOf,
  inUnits,
  type Link,
  type Model,
  type Network,
  type NirStage,
  neuronModel,
  placeModel,
  settle,
  type WeightsWay,
} from './stages.ts';

/**
 * Divides a graph into populations and the projections between them.
 *
 * @param numbers what comes in
 * @throws PlasticoreError `data`, with the node, if a core cannot run it
 */
export function networkOf(
  graph: NirGraph,
  rules: Conventions,
  numbers: InputNumbers = inputSpikes,
  way: WeightsWay = { gains: 'weights' },
): Network {
  return new Divider(graph, rules, numbers).divide(way);
}

class Divider {
  readonly #graph: NirGraph;
  readonly #rules: Conventions;
  readonly #numbers: InputNumbers;
  readonly #order: Order;
  readonly #shapes: ReturnType<typeof shapesOf>;
  readonly #stages = new Map<string, NirStage>();
  readonly #names = new Set<string>();
  readonly #biases = new Map<string, Float64Array>();
  /** By node, the scales of weights that are integers, and powers of two by which those of further paths differ. */
  readonly #integers = new Map<
    string,
    { readonly scales: Float64Array; readonly exponents: readonly number[] }
  >();

  constructor(graph: NirGraph, rules: Conventions, numbers: InputNumbers) {
    this.#graph = graph;
    this.#numbers = numbers;
    this.#rules = rules;
    this.#order = nodeOrderOf(graph);
    this.#shapes = shapesOf(graph, this.#order);
  }

  divide({ gains, integerBits }: WeightsWay): Network {
    const { names } = this.#order;
    const isEnd = (name: string, type: 'Input' | 'Output') => {
      const edges =
        type === 'Input' ? this.#into(name) : this.#order.edges.filter(({ from }) => from === name);
      return this.#node(name).type === type && edges.length === 0;
    };
    const inputs = names.filter((name) => isEnd(name, 'Input'));
    const [source] = inputs;
    if (source === undefined) throw new PlasticoreError('data', 'the graph has no Input with an edge');
    if (inputs.length > 1)
      throw misfit(inputs[1] ?? '', `a core has one input population, and '${source}' is one already`);
    const input = this.#stage(source, undefined);
    // Biases come from linear nodes only, so all stages must be known before the first bias is computed.
    const ends = names.filter((name) => isEnd(name, 'Output'));
    const aliases = new Map(ends.map((name) => [name, this.#soleSource(name)] as const));
    const kept = names.filter(
      (name) => this.#isStage(name) || (ends.includes(name) && aliases.get(name) === undefined),
    );
    for (const name of kept) this.#biases.set(name, new Float64Array());
    const made = kept.map((name) => this.#stage(name, this.#modelOf(name)));
    const stages = made.map((stage) => {
      if (integerBits !== undefined) return this.#withIntegers(stage, integerBits);
      return gains === 'weights' ? stage : this.#withOwnGain(stage);
    });
    const links = stages.flatMap((stage) => this.#linksInto(stage));
    const outputs = new Map(
      ends.flatMap((name) => {
        const stage = this.#stages.get(aliases.get(name) ?? name);
        return stage === undefined ? [] : [[name, stage] as const];
      }),
    );
    if (outputs.size === 0) throw new PlasticoreError('data', 'the graph has no Output with an edge');
    return { input, numbers: this.#numbers, stages, ...settle(links), outputs, depths: new Map() };
  }

  #node(name: string): NirNode {
    const node = this.#graph.nodes.get(name);
    if (node === undefined) throw new Error(`no node ${name}`);
    return node;
  }

  #shape(name: string): { readonly input: TensorShape; readonly output: TensorShape } {
    return this.#shapes.get(name) ?? { input: [], output: [] };
  }

  #into(name: string) {
    return this.#order.edges.filter(({ to }) => to === name);
  }

  #isStage(name: string): boolean {
    const { type } = this.#node(name);
    return isNeuron(type) || type === 'Threshold';
  }

  /** The neurons whose output passes unchanged in the same step; undefined if edges meet, or a node changes it. */
  #soleSource(name: string): string | undefined {
    const [edge, ...others] = this.#into(name);
    if (edge === undefined || others.length > 0 || edge.isLate) return undefined;
    if (this.#isStage(edge.from)) return edge.from;
    const { type } = this.#node(edge.from);
    return type === 'Output' || type === 'Flatten' || type === 'Input'
      ? this.#soleSource(edge.from)
      : undefined;
  }

  #modelOf(name: string): Model {
    const node = this.#node(name);
    const { input } = this.#shape(name);
    const bias = this.#biasInto(name);
    if (node.type === 'Threshold') return placeModel(bias, perItem(name, node, 'threshold', input));
    if (!isNeuron(node.type)) return placeModel(bias);
    const isInCycle = this.#order.edges.some(({ from, isLate }) => from === name && isLate);
    const rules = conventionsAt(this.#rules, name);
    const constants = neuronConstants(name, node, input, rules, isInCycle);
    if (rules.fires === 'each' && constants.spikes && constants.threshold.some((value) => value <= 0))
      throw misfit(name, 'neurons that fire once for each threshold need thresholds above 0');
    return neuronModel(constants, rules, bias);
  }

  #stage(node: string, model: Model | undefined): NirStage {
    const shape = this.#shape(node).output;
    const stage = {
      name: this.#named(node),
      node,
      type: this.#node(node).type,
      shape,
      size: itemCount(shape),
      model,
    };
    this.#stages.set(node, stage);
    return stage;
  }

  /** The same stage with gains of its neurons, if they would keep a convolution from sharing its weights. */
  #withOwnGain(stage: NirStage): NirStage {
    const { model, node } = stage;
    if (model === undefined) return stage;
    const ones = model.gain.map(() => 1);
    const isUnrolled = this.#pathsInto(node).some(
      ({ nodes, from }) =>
        linearMap(nodes, from.shape, ones).sliding !== undefined &&
        linearMap(nodes, from.shape, model.gain).sliding === undefined,
    );
    if (!isUnrolled) return stage;
    const inputGain = inputGainOf(model.gain);
    const own = { ...stage, model: { ...model, inputGain, gain: model.gain.map(() => inputGain.common) } };
    this.#stages.set(node, own);
    return own;
  }

  /**
   * The same stage in units in which its weights are the integers that were trained. Neurons that count their spikes,
   * or whose potential is read, keep their units, and multiply what they have gathered.
   */
  #withIntegers(stage: NirStage, bits: number): NirStage {
    const { model, node, size } = stage;
    const paths = this.#pathsInto(node);
    if (model === undefined || paths.length === 0) return stage;
    const ones = new Float64Array(size).fill(1);
    const [first, ...others] = paths.map(({ from, nodes }) => {
      const found = integerScalesOf(linearMap(nodes, from.shape, ones), size, bits);
      if (found === undefined)
        throw misfit(
          nodes.at(-1)?.name ?? node,
          `its weights are no whole numbers of ${bits} bits times a scale, for all or for each channel; ${option('weights', 'rounded')} rounds them`,
        );
      return found.map((scale) => scale * this.#unitOf(from));
    });
    if (first === undefined) return stage;
    const exponents = others.map((scales) => {
      const exponent = Math.round(Math.log2((scales[0] ?? 1) / (first[0] ?? 1)));
      if (scales.every((scale, at) => Math.abs(scale / (first[at] ?? 1) / 2 ** exponent - 1) < 1e-6))
        return exponent;
      throw misfit(
        node,
        'the scales of the weights into it differ by no power of two: their integers do not add up',
      );
    });
    this.#integers.set(node, { scales: first, exponents: [0, ...exponents] });
    const units = first.map((scale, at) => scale * (model.gain[at] ?? 0));
    const keepsUnits = model.firing === undefined || model.firing.fires === 'each';
    const own = {
      ...stage,
      model: keepsUnits ? { ...model, inputGain: fineGainOf(units) } : inUnits(model, units),
    };
    this.#stages.set(node, own);
    return own;
  }

  /** The number in the graph for which 1 of a stage stands. */
  #unitOf({ model }: NirStage): number {
    return model === undefined ? this.#numbers.scale : 1;
  }

  /** A valid name in a program: other characters become underscores, and a number follows the node's type. */
  #named(node: string): string {
    const plain = node.replace(/[^A-Za-z0-9_-]/g, '_');
    let name = /^[A-Za-z_]/.test(plain)
      ? plain
      : `${this.#graph.nodes.get(node)?.type.toLowerCase()}${plain}`;
    const first = name;
    for (let count = 2; this.#names.has(name) || isReserved(name); count++) name = `${first}_${count}`;
    this.#names.add(name);
    return name;
  }

  /** The input of a node while nothing spikes. */
  #biasInto(name: string): Float64Array {
    const { input } = this.#shape(name);
    const sum = new Float64Array(itemCount(input));
    for (const { from } of this.#into(name)) {
      const given = this.#biasFrom(from);
      for (const [at, value] of given.entries()) sum[at] = (sum[at] ?? 0) + value;
    }
    return sum;
  }

  #biasFrom(name: string): Float64Array {
    const known = this.#biases.get(name);
    const { input, output } = this.#shape(name);
    if (known !== undefined || this.#isStage(name)) return new Float64Array(itemCount(output));
    const node = this.#node(name);
    // A value of zero of the core is the offset for the graph.
    if (node.type === 'Input' && this.#into(name).length === 0)
      return new Float64Array(itemCount(output)).fill(this.#numbers.offset);
    const into = this.#biasInto(name);
    if (node.type === 'Delay') {
      if (into.some((value) => value !== 0))
        throw misfit(name, 'a bias would come through it late; give the bias behind the delay');
      return into;
    }
    return Float64Array.from(layerOf(name, node, input)?.(into) ?? into);
  }

  /** The ways from other stages to a node: the nodes between them, and whether spikes arrive in the next step. */
  #pathsInto(to: string) {
    const paths: {
      readonly from: NirStage;
      readonly nodes: readonly PathNode[];
      readonly isLate: boolean;
    }[] = [];
    const walk = (node: string, behind: readonly string[], isLate: boolean): void => {
      for (const edge of this.#into(node)) {
        const late = isLate || edge.isLate;
        const from = this.#stages.get(edge.from);
        if (from === undefined) walk(edge.from, [edge.from, ...behind], late);
        else {
          const nodes = behind.map((name) => ({ name, node: this.#node(name), ...this.#shape(name) }));
          paths.push({ from, nodes, isLate: late });
        }
      }
    };
    walk(to, [], false);
    return paths;
  }

  #linksInto(to: NirStage): Link[] {
    return this.#pathsInto(to.node).map(({ from, nodes, isLate }, place): Link => {
      const delay = delayOf(nodes, this.#rules.dt);
      const unit = this.#unitOf(from);
      const integers = this.#integers.get(to.node);
      const gain =
        integers?.scales.map((scale) => unit / scale) ??
        to.model?.gain.map((value) => value * unit) ??
        new Float64Array();
      const map = linearMap(nodes, from.shape, gain);
      return {
        name: this.#named(`${from.name}To${to.name.charAt(0).toUpperCase()}${to.name.slice(1)}`),
        from,
        to,
        nodes: nodes.map(({ name }) => name),
        path: nodes,
        isLate,
        delay,
        ...(integers && { integerScale: -at(integers.exponents, place) }),
        // Synapses that share a weight have the same delay.
        map: typeof delay === 'number' ? map : { ...map, sliding: undefined },
      };
    });
  }
}
