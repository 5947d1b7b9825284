import { at, largest, magnitude } from '../../text/index.ts';

/** Numbers of each neuron of a layer. */
export interface XyloLayer {
  readonly name: string;
  readonly size: number;
  /** Logarithm to base 2 of the time constant in steps: of the membrane, and of the synaptic state. */
  readonly dashMem: Float64Array;
  readonly dashSyn: Float64Array;
  readonly threshold: Float64Array;
  readonly bias: Float64Array;
}

/** Weights onto a layer, row by row of their sources. */
export interface XyloWeights {
  /** The source: a hidden layer by its place, or the inputs. */
  readonly from: number | 'input';
  /** The target: a hidden layer by its place, or the outputs. */
  readonly to: number | 'output';
  readonly values: Float64Array;
}

/**
 * A network as Xylo has it: inputs, hidden neurons in the order of their numbers on the chip, layer by layer, and
 * outputs. Its numbers are reals before they are quantised, and whole afterwards. The chip's aliases and second
 * synaptic states, which NIR does not have, are not in it.
 */
export interface XyloNetwork {
  readonly inputs: number;
  readonly hidden: readonly XyloLayer[];
  readonly outputs: XyloLayer;
  readonly weights: readonly XyloWeights[];
}

/** How weights get their scales: one for each target neuron, or one for all hidden neurons and one for the outputs. */
export const xyloMethods = ['channel', 'global'] as const;
export type XyloMethod = (typeof xyloMethods)[number];

const mostWeight = 127;
const mostThreshold = 32_767;

/**
 * Rounds a network to integers of the chip as Rockpool does (rockpool/transform/quantize_methods.py at 42cee1c), with
 * all that is odd about it: docs/xylo.md lists it.
 */
export function quantiseXylo(network: XyloNetwork, method: XyloMethod): XyloNetwork {
  const scaled = method === 'channel' ? byChannel(network) : byGroup(network);
  const whole = (layer: XyloLayer): XyloLayer => ({
    ...layer,
    dashMem: layer.dashMem.map(halfToEven),
    dashSyn: layer.dashSyn.map(halfToEven),
    bias: layer.bias.map(halfToEven),
  });
  return { ...scaled, hidden: scaled.hidden.map(whole), outputs: whole(scaled.outputs) };
}

/** Rounds to the nearest whole number, halves to the even one, as numpy does. */
export function halfToEven(value: number): number {
  const below = Math.floor(value);
  const rest = value - below;
  // Adding 0 turns -0 into 0.
  return (rest > 0.5 || (rest === 0.5 && below % 2 !== 0) ? below + 1 : below) + 0;
}

/** Each target neuron by itself. */
function byChannel(network: XyloNetwork): XyloNetwork {
  const weights = network.weights.map((own) => ({ ...own, values: new Float64Array(own.values.length) }));
  const layerOf = (layer: XyloLayer, to: XyloWeights['to']): XyloLayer => {
    const [threshold, bias] = [layer.threshold.slice(), layer.bias.slice()];
    const into = network.weights.flatMap((given, place) =>
      given.to === to ? [{ given: given.values, made: at(weights, place).values }] : [],
    );
    for (let neuron = 0; neuron < layer.size; neuron++) {
      let most = 0;
      for (const { given } of into)
        for (let place = neuron; place < given.length; place += layer.size)
          most = Math.max(most, Math.abs(at(given, place)));
      const level = at(layer.threshold, neuron);
      if (most === 0) {
        threshold[neuron] = halfToEven(level);
        continue;
      }
      let scale = mostWeight / most;
      // Biases of hidden neurons are rounded as they are.
      if (to === 'output') bias[neuron] = halfToEven(at(layer.bias, neuron) * scale);
      if (Math.abs(halfToEven(level * scale)) > mostThreshold) scale = mostThreshold / level;
      threshold[neuron] = halfToEven(level * scale);
      for (const { given, made } of into)
        for (let place = neuron; place < given.length; place += layer.size)
          made[place] = halfToEven(at(given, place) * scale);
    }
    return { ...layer, threshold, bias };
  };
  return {
    ...network,
    hidden: network.hidden.map((layer, place) => layerOf(layer, place)),
    outputs: layerOf(network.outputs, 'output'),
    weights,
  };
}

/** All hidden neurons together, and all outputs. */
function byGroup(network: XyloNetwork): XyloNetwork {
  const { hidden, outputs, weights } = network;
  const isOut = ({ to }: XyloWeights) => to === 'output';
  const scaleOf = (own: readonly XyloWeights[], layers: readonly XyloLayer[]): number => {
    const all = [...own.map(({ values }) => values), ...layers.map(({ bias }) => bias)];
    const most = largest(all.map(magnitude), 0);
    return most === 0 ? 1 : mostWeight / most;
  };
  const scale = scaleOf(
    weights.filter((own) => !isOut(own)),
    hidden,
  );
  const outScale = scaleOf(weights.filter(isOut), [outputs]);
  // Biases of outputs take the scale of the hidden neurons.
  const layerOf = (layer: XyloLayer, own: number): XyloLayer => ({
    ...layer,
    threshold: times(layer.threshold, own),
    bias: times(layer.bias, scale),
  });
  const made: XyloNetwork = {
    ...network,
    hidden: hidden.map((layer) => layerOf(layer, scale)),
    outputs: layerOf(outputs, outScale),
    weights: weights.map((own) => ({ ...own, values: times(own.values, isOut(own) ? outScale : scale) })),
  };
  const limited = withinThreshold(made, 'hidden', (own) => !isOut(own));
  // Recurrent weights shrink with those of the outputs; weights of inputs do not.
  return withinThreshold(limited, 'outputs', ({ from }) => from !== 'input');
}

/** A network with the thresholds of the hidden neurons or of the outputs within their range, and weights with them. */
function withinThreshold(
  network: XyloNetwork,
  end: 'hidden' | 'outputs',
  shrinks: (own: XyloWeights) => boolean,
): XyloNetwork {
  const { hidden, outputs, weights } = network;
  const high = largest((end === 'hidden' ? hidden : [outputs]).map(({ threshold }) => largest(threshold)));
  if (Math.abs(high) <= mostThreshold) return network;
  const factor = mostThreshold / high;
  const limited = (layer: XyloLayer) => ({ ...layer, threshold: times(layer.threshold, factor) });
  return {
    ...network,
    ...(end === 'hidden' ? { hidden: hidden.map(limited) } : { outputs: limited(outputs) }),
    weights: weights.map((own) => (shrinks(own) ? { ...own, values: times(own.values, factor) } : own)),
  };
}

function times(values: Float64Array, factor: number): Float64Array {
  return values.map((value) => halfToEven(value * factor));
}
