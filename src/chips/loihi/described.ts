import type { LoihiNetwork, Synapse } from './network.ts';
import type { LifTrace, NetRun } from './trace-parts.ts';
import { synapticWeight, type WeightEncoding } from './weights.ts';

/** The compartments of a recording on one core. */
export function lifNetwork(
  { config, synapses }: Pick<LifTrace, 'config' | 'synapses'>,
  weights: WeightEncoding,
): LoihiNetwork {
  return {
    inputs: config.inputs,
    cores: [
      {
        compartments: {
          currentDecay: config.decay_u,
          voltageDecay: config.decay_v,
          threshold: config.vth,
          bias: config.bias_mant.map((mantissa, at) => mantissa * 2 ** (config.bias_exp[at] ?? 0)),
          refractoryPeriod: config.refract,
        },
        synapses: synapses.flatMap(([index, compartment, format, mantissa]): Synapse[] => {
          const encoding = config.synapse_formats[format];
          if (encoding === undefined) return [];
          return [
            { source: { index }, compartment, weight: synapticWeight(encoding, mantissa, weights), delay: 0 },
          ];
        }),
      },
    ],
  };
}

/** A recorded network, each layer on a core of its own. */
export function netNetwork(
  { inputs, layers, projections }: NetRun['config'],
  weights: WeightEncoding,
): LoihiNetwork {
  const names = Object.keys(layers);
  const coreOf = (name: string): number | undefined => (name === 'in' ? undefined : names.indexOf(name));
  return {
    inputs,
    cores: Object.entries(layers).map(([name, layer]) => {
      const each = (value: number): number[] => Array.from({ length: layer.n }, () => value);
      return {
        compartments: {
          currentDecay: each(layer.decay_u),
          voltageDecay: each(layer.decay_v),
          threshold: each(layer.vth),
          bias: each(layer.bias_mant * 2 ** layer.bias_exp),
          refractoryPeriod: each(layer.refract),
        },
        synapses: projections
          .filter(({ post }) => post === name)
          .flatMap((projection) =>
            projection.synapses.map(([index, compartment, mantissa, delay]) => ({
              source: { core: coreOf(projection.pre), index },
              compartment,
              weight: synapticWeight(projection, mantissa, weights),
              delay,
            })),
          ),
      };
    }),
  };
}
