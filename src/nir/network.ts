import { PlasticoreError } from '../text/index.ts';
import { type Conventions, conventionsAt } from './conventions.ts';
import { isNeuron, type NirGraph, type NirNode } from './graph.ts';
import { layerOf } from './layers.ts';
import { Neurons } from './neurons.ts';
import {
  itemCount,
  misfit,
  mostNumbers,
  nodeOrderOf,
  type Order,
  outputShape,
  perItem,
  shapeText,
  type TensorShape,
} from './shapes.ts';

/** A node that runs. */
interface Runner {
  readonly name: string;
  readonly size: number;
  readonly sources: readonly { readonly name: string; readonly isLate: boolean }[];
  readonly neurons: Neurons | undefined;
  step(x: Float64Array): Float64Array;
  restart(): void;
}

/** The state of neurons after a step; see {@link Neurons}. */
type NeuronState = Pick<Neurons, 'v' | 'met' | 'i'>;

/** Sees a node's output in a step. `potentials` and the whole `state` are those of neurons. Valid until it returns. */
export type Observer = (
  node: string,
  step: number,
  output: Float64Array,
  potentials: Float64Array | undefined,
  state: NeuronState | undefined,
) => void;

/**
 * Executes a graph of NIR in doubles: the yardstick that everything made from the graph is held against. It is written
 * to be read; see {@link Conventions} for what a file leaves open.
 */
export class NirNetwork {
  /** By input and by output node, its shape. */
  readonly inputs: ReadonlyMap<string, TensorShape>;
  readonly outputs: ReadonlyMap<string, TensorShape>;
  readonly #runners: readonly Runner[];

  /**
   * @throws PlasticoreError `data` for a graph without inputs or outputs, shapes that do not follow from each other,
   * nodes that nothing reaches, or a cycle without a neuron
   */
  constructor(graph: NirGraph, rules: Conventions) {
    const order = nodeOrderOf(graph);
    const shapes = shapesOf(graph, order);
    const ends = (type: 'Input' | 'Output') => {
      const names = order.names.filter(
        (name) =>
          graph.nodes.get(name)?.type === type &&
          !order.edges.some(({ from, to }) => (type === 'Input' ? to : from) === name),
      );
      if (names.length === 0)
        throw new PlasticoreError('data', `the graph has no ${type} with an edge, so it would give nothing`);
      return new Map(names.map((name) => [name, shapes.get(name)?.output ?? []]));
    };
    this.inputs = ends('Input');
    this.outputs = ends('Output');
    this.#runners = order.names.map((name) => {
      const node = graph.nodes.get(name);
      const shape = shapes.get(name);
      if (node === undefined || shape === undefined) throw new Error(`no node ${name}`);
      const sources = order.edges
        .filter(({ to }) => to === name)
        .map(({ from, isLate }) => ({ name: from, isLate }));
      const isInCycle = order.edges.some(({ from, isLate }) => from === name && isLate);
      return {
        name,
        size: itemCount(shape.input),
        sources,
        ...runnerOf(name, node, shape.input, rules, isInCycle),
      };
    });
  }

  /**
   * Runs a sample from the start.
   *
   * @param inputs by input node, what comes in: step by step, in C order
   * @param observe sees what nodes give
   * @param among the nodes that run, with all that lead to them; by default all
   * @returns by output node, what goes out
   * @throws PlasticoreError `data` for inputs of another length
   */
  run(
    inputs: ReadonlyMap<string, ArrayLike<number>>,
    steps: number,
    observe?: Observer,
    among?: ReadonlySet<string>,
  ): Map<string, Float64Array> {
    const runners = among === undefined ? this.#runners : this.#runners.filter(({ name }) => among.has(name));
    const results = new Map(
      [...this.outputs].map(([name, shape]) => [name, new Float64Array(steps * itemCount(shape))]),
    );
    for (const [name, shape] of this.inputs) {
      const [needed, found] = [steps * itemCount(shape), inputs.get(name)?.length ?? 0];
      if (found !== needed)
        throw misfit(
          name,
          `expected ${steps} steps of ${shapeText(shape)}, ${needed} numbers, found ${found}`,
        );
    }
    for (const runner of runners) runner.restart();
    const given = new Map<string, Float64Array>();
    const kept = new Map<string, Float64Array>();
    for (const { sources } of runners)
      for (const { name, isLate } of sources) if (isLate) kept.set(name, new Float64Array());
    const sums = new Map(runners.map(({ name, size }) => [name, new Float64Array(size)]));
    for (let step = 0; step < steps; step++) {
      for (const runner of runners) {
        const { name, size, sources } = runner;
        const sum = sums.get(name) ?? new Float64Array(size);
        const input = inputs.get(name);
        if (sources.length === 0 && input !== undefined) {
          for (let at = 0; at < size; at++) sum[at] = input[step * size + at] ?? 0;
        } else {
          sum.fill(0);
          for (const source of sources) {
            const from = (source.isLate ? kept : given).get(source.name);
            if (from === undefined || from.length === 0) continue;
            for (let at = 0; at < size; at++) sum[at] = (sum[at] ?? 0) + (from[at] ?? 0);
          }
        }
        const output = runner.step(sum);
        given.set(name, output);
        observe?.(name, step, output, runner.neurons?.v, runner.neurons);
        results.get(name)?.set(output, step * output.length);
      }
      for (const name of kept.keys()) kept.set(name, given.get(name)?.slice() ?? new Float64Array());
    }
    return results;
  }
}

function runnerOf(name: string, node: NirNode, input: TensorShape, rules: Conventions, isInCycle: boolean) {
  const restart = (): void => {};
  if (isNeuron(node.type)) {
    const neurons = new Neurons(name, node, input, conventionsAt(rules, name), isInCycle);
    return { neurons, step: (x: Float64Array) => neurons.step(x), restart: () => neurons.restart() };
  }
  if (node.type === 'Delay') {
    const delays = perItem(name, node, 'delay', input).map((time) => Math.round(time / rules.dt));
    const longest = delays.reduce((most, delay) => Math.max(most, delay), 0);
    if (delays.some((delay) => delay < 0) || longest * delays.length > mostNumbers)
      throw misfit(
        name,
        `expected delays from 0 on that ${mostNumbers} numbers hold, found up to ${longest} steps`,
      );
    const line = new DelayLine(delays, longest);
    return { neurons: undefined, step: (x: Float64Array) => line.step(x), restart: () => line.restart() };
  }
  const layer = layerOf(name, node, input);
  if (layer === undefined) throw new Error(`nothing runs a ${node.type}`);
  return { neurons: undefined, step: layer, restart };
}

/** Gives each item some steps later, and zero until then. */
class DelayLine {
  readonly #delays: Float64Array;
  readonly #slots: Float64Array[];
  #step = 0;

  constructor(delays: Float64Array, longest: number) {
    this.#delays = delays;
    this.#slots = Array.from({ length: longest + 1 }, () => new Float64Array(delays.length));
  }

  restart(): void {
    this.#step = 0;
    for (const slot of this.#slots) slot.fill(0);
  }

  step(x: Float64Array): Float64Array {
    const count = this.#slots.length;
    this.#slots[this.#step % count]?.set(x);
    const out = x.map((_, at) => {
      const due = this.#step - (this.#delays[at] ?? 0);
      return due < 0 ? 0 : (this.#slots[due % count]?.[at] ?? 0);
    });
    this.#step += 1;
    return out;
  }
}

/** For each node, the shapes of what it gets and gives: from the inputs on, along the edges. */
export function shapesOf(
  { nodes }: NirGraph,
  { names, edges }: Order,
): ReadonlyMap<string, { readonly input: TensorShape; readonly output: TensorShape }> {
  const shapes = new Map<string, { readonly input: TensorShape; readonly output: TensorShape }>();
  let waiting = names;
  while (waiting.length > 0) {
    const before = waiting.length;
    waiting = waiting.filter((name) => {
      const node = nodes.get(name);
      if (node === undefined) throw new Error(`no node ${name}`);
      const sources = edges.filter(({ to }) => to === name).map(({ from }) => shapes.get(from)?.output);
      const known = sources.filter((shape) => shape !== undefined);
      const [first] =
        node.type === 'Input' && sources.length === 0
          ? [[...(node.parameters.get('shape')?.values ?? [])]]
          : known;
      if (first === undefined) return true;
      shapes.set(name, { input: first, output: outputShape(name, node, first) });
      return false;
    });
    if (waiting.length === before) throw misfit(waiting[0] ?? '', 'no edge from an input leads to it');
  }
  for (const { from, to } of edges) {
    const [output = [], input = []] = [shapes.get(from)?.output, shapes.get(to)?.input];
    if (itemCount(output) !== itemCount(input))
      throw misfit(to, `it gets ${shapeText(input)} by one edge and ${shapeText(output)} from '${from}'`);
  }
  return shapes;
}
