import type { LifTrace, NetRun } from './trace-parts.ts';
import { synapticWeight, type WeightEncoding } from './weights.ts';

/** Compartments, with one of each parameter for each. */
interface Layer {
  /** How to speak of a compartment: `L1.3`. */
  nameOf(compartment: number): string;
  /** A step leaves x * (4096 - decay) / 4096 of a current, and of a voltage: 0 to 4096. */
  readonly currentDecay: readonly number[];
  readonly voltageDecay: readonly number[];
  /** In units of 64. */
  readonly threshold: readonly number[];
  readonly bias: readonly number[];
  /** Steps from a spike to the earliest next one, from 1. */
  readonly refractoryPeriod: readonly number[];
}

export interface Synapse {
  /** The input, or the compartment of the layer that sends. */
  readonly source: number;
  readonly compartment: number;
  /** In units of 64. */
  readonly weight: number;
  /** Steps beyond the first. */
  readonly delay: number;
}

interface Projection {
  /** The layer that sends; absent for the inputs. */
  readonly from?: number;
  readonly to: number;
  readonly synapses: readonly Synapse[];
}

/** A recorded network: layers, the projections between them, and the inputs that spike in each step. */
export interface LoihiNetwork {
  readonly inputs: number;
  readonly stimulus: readonly (readonly number[])[];
  /** Of voltages. */
  readonly limits: { readonly lowest: number; readonly highest: number };
  readonly layers: readonly Layer[];
  readonly projections: readonly Projection[];
}

/** Compartments that do not know of each other: a layer. */
export function lifNetwork(
  { config, synapses, stimulus }: Pick<LifTrace, 'config' | 'synapses' | 'stimulus'>,
  encoding: WeightEncoding,
): LoihiNetwork {
  return {
    inputs: config.inputs,
    stimulus: stimulus.inputs,
    limits: { lowest: config.vmin, highest: config.vmax },
    layers: [
      {
        nameOf: (compartment) => `compartment ${compartment}`,
        currentDecay: config.decay_u,
        voltageDecay: config.decay_v,
        threshold: config.vth,
        bias: config.bias_mant.map((mantissa, at) => mantissa * 2 ** (config.bias_exp[at] ?? 0)),
        refractoryPeriod: config.refract,
      },
    ],
    projections: [
      {
        to: 0,
        synapses: synapses.flatMap(([source, compartment, index, mantissa]): Synapse[] => {
          const format = config.synapse_formats[index];
          if (format === undefined) return [];
          return [{ source, compartment, weight: synapticWeight(format, mantissa, encoding) / 64, delay: 0 }];
        }),
      },
    ],
  };
}

export function netNetwork(
  { config, stimulus }: Pick<NetRun, 'config' | 'stimulus'>,
  encoding: WeightEncoding,
): LoihiNetwork {
  const names = Object.keys(config.layers);
  return {
    inputs: config.inputs,
    stimulus: stimulus.inputs,
    limits: { lowest: config.vmin, highest: config.vmax },
    layers: Object.entries(config.layers).map(([name, layer]) => {
      const each = (value: number): number[] => Array.from({ length: layer.n }, () => value);
      return {
        nameOf: (compartment) => `${name}.${compartment}`,
        currentDecay: each(layer.decay_u),
        voltageDecay: each(layer.decay_v),
        threshold: each(layer.vth),
        bias: each(layer.bias_mant * 2 ** layer.bias_exp),
        refractoryPeriod: each(layer.refract),
      };
    }),
    projections: config.projections.map(({ pre, post, synapses, ...format }) => ({
      ...(pre !== 'in' && { from: names.indexOf(pre) }),
      to: names.indexOf(post),
      synapses: synapses.map(([source, compartment, mantissa, delay]) => ({
        source,
        compartment,
        weight: synapticWeight(format, mantissa, encoding) / 64,
        delay,
      })),
    })),
  };
}
