import { type Core, fieldNamed } from '../api.ts';
import { LoihiController } from './controller.ts';
import type { Compartments, Layout, LoihiNetwork } from './network.ts';
import type { CompartmentTrace } from './trace-parts.ts';

const fieldOf = {
  currentDecay: 'current_decay',
  voltageDecay: 'voltage_decay',
  threshold: 'threshold',
  bias: 'bias',
  refractoryPeriod: 'refractory_period',
} as const satisfies Readonly<Record<keyof Compartments, string>>;

/** The parameters of compartments beyond those of a network, so that they are silent. */
const silent = { currentDecay: 0, voltageDecay: 0, threshold: 0, bias: 0, refractoryPeriod: 1 } as const;

/**
 * Makes a chip with the memories of a network.
 *
 * @param createCore makes a core of program `loihi` on hw-model `loihi-compartments`, of the layout's size
 */
export function loihiController(
  { cores }: LoihiNetwork,
  layout: Layout,
  createCore: (index: number) => Core,
): LoihiController {
  const loaded = cores.map(({ compartments }, index) => {
    const core = createCore(index);
    const write = (name: string, values: ArrayLike<number>): void =>
      core.write(fieldNamed(core.image, name), values);
    for (const name of ['currentDecay', 'voltageDecay', 'threshold', 'bias', 'refractoryPeriod'] as const) {
      const values = compartments[name];
      write(
        `compartments.${fieldOf[name]}`,
        Array.from({ length: layout.compartments }, (_, at) => values[at] ?? silent[name]),
      );
    }
    const weights = new Float64Array(layout.axons * layout.compartments);
    const delays = new Float64Array(weights.length);
    for (const { axon, compartment, weight, delay } of layout.synapses[index] ?? []) {
      weights[axon * layout.compartments + compartment] = weight;
      delays[axon * layout.compartments + compartment] = delay;
    }
    write('synapses.weight', weights);
    write('synapses.delay', delays);
    core.resetCounters();
    return core;
  });
  return new LoihiController(loaded, layout.routes);
}

/** Runs a chip and states, by core, what its compartments did. */
export function recordLoihi(
  { cores }: LoihiNetwork,
  controller: LoihiController,
  inputs: readonly (readonly number[])[],
): CompartmentTrace[] {
  const traces = cores.map(
    ({ compartments }): CompartmentTrace => ({
      u: compartments.threshold.map(() => []),
      v: compartments.threshold.map(() => []),
      spikes: [],
    }),
  );
  for (const now of inputs) {
    controller.step(now);
    for (const [index, { u, v, spikes }] of traces.entries()) {
      const core = controller.cores[index];
      if (core === undefined) throw new Error(`no core ${index}`);
      const currents = core.read(fieldNamed(core.image, 'compartments.current'));
      const voltages = core.read(fieldNamed(core.image, 'compartments.voltage'));
      for (const [at, list] of u.entries()) list.push(currents[at] ?? 0);
      for (const [at, list] of v.entries()) list.push(voltages[at] ?? 0);
      spikes.push([...(controller.spikes[index] ?? [])]);
    }
  }
  return traces;
}
