/** Parameters of compartments, one of each for each compartment. */
export interface Compartments {
  /** A step leaves x * (4096 - decay) / 4096 of a current, and of a voltage: 0 to 4096. */
  readonly currentDecay: readonly number[];
  readonly voltageDecay: readonly number[];
  /** In units of 64. */
  readonly threshold: readonly number[];
  readonly bias: readonly number[];
  /** Steps from a spike to the earliest next one, from 1. */
  readonly refractoryPeriod: readonly number[];
}

/** Sends spikes: an input, or a compartment of a core. */
interface Source {
  /** Absent for an input. */
  readonly core?: number | undefined;
  /** The input, or the compartment of the core. */
  readonly index: number;
}

export interface Synapse {
  readonly source: Source;
  /** The compartment, of the core that has the synapse. */
  readonly compartment: number;
  /** A multiple of 64. */
  readonly weight: number;
  /** Steps beyond the first. */
  readonly delay: number;
}

/** The contents of one core. */
interface LoihiCoreNetwork {
  readonly compartments: Compartments;
  readonly synapses: readonly Synapse[];
}

/** A network on the cores of a chip. */
export interface LoihiNetwork {
  /** A number of inputs. */
  readonly inputs: number;
  readonly cores: readonly LoihiCoreNetwork[];
}

/** An axon of a core. */
export interface AxonAddress {
  readonly core: number;
  readonly axon: number;
}

/** Where spikes go. */
export interface LoihiRoutes {
  /** By input. */
  readonly inputs: readonly (readonly AxonAddress[])[];
  /** By core and compartment. */
  readonly compartments: readonly (readonly (readonly AxonAddress[])[])[];
}

/** Synapses as the lists of axons. */
export interface Layout {
  /** The most axons that a core has, and the most compartments; at least 1. */
  readonly axons: number;
  readonly compartments: number;
  readonly routes: LoihiRoutes;
  /** By core, each synapse with its axon. */
  readonly synapses: readonly (readonly (Synapse & { readonly axon: number })[])[];
}

/**
 * Gives axons to the sources of each core. An axon has one synapse for each compartment at most; a source with more of
 * them has more axons.
 */
export function layOut({ inputs, cores }: LoihiNetwork): Layout {
  const routes = {
    inputs: Array.from({ length: inputs }, (): AxonAddress[] => []),
    compartments: cores.map(({ compartments }) => compartments.threshold.map((): AxonAddress[] => [])),
  };
  const used = cores.map(() => 0);
  const synapses = cores.map((network, core) => {
    const takenBy = new Map<string, number>();
    return network.synapses.map((synapse) => {
      const { source, compartment } = synapse;
      const key = `${source.core} ${source.index} ${compartment}`;
      const rank = takenBy.get(key) ?? 0;
      takenBy.set(key, rank + 1);
      const targets =
        source.core === undefined
          ? routes.inputs[source.index]
          : routes.compartments[source.core]?.[source.index];
      if (targets === undefined) throw new Error(`a synapse of a source that is not there: ${key}`);
      return { ...synapse, axon: axonOf(targets, core, rank) };
    });
  });
  return {
    axons: Math.max(1, ...used),
    compartments: Math.max(1, ...cores.map(({ compartments }) => compartments.threshold.length)),
    routes,
    synapses,
  };

  /** A source's axon of some rank at a core. Ranks come in order, so that at most one is missing. */
  function axonOf(targets: AxonAddress[], core: number, rank: number): number {
    const here = targets.filter((target) => target.core === core);
    const known = here[rank];
    if (known !== undefined) return known.axon;
    const axon = used[core] ?? 0;
    used[core] = axon + 1;
    targets.push({ core, axon });
    return axon;
  }
}
