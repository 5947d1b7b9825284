import { readFileSync } from 'node:fs';
import { at, type Machine, type Program, program } from 'plasticore/chips';
import type { LoihiNetwork, Synapse } from './network.ts';
import type { CompartmentTrace } from './trace-parts.ts';

/**
 * Who computes. `common` is the model that the public ones agree with, and NengoLoihi where they differ: it was tested
 * on the chip. It is the bundled program `loihi`.
 */
export type LoihiModel = 'common' | 'brian2loihi' | 'lava';

/** The largest current or voltage that the registers of any model here can hold. */
export const largestHeld = 2 ** 31 - 1;

/** Bits of the registers. */
interface Registers {
  readonly charge: number;
  readonly current: number;
  readonly drive: number;
  readonly voltage: number;
}

const registers: Readonly<Record<LoihiModel, Registers>> = {
  common: { charge: 22, current: 24, drive: 24, voltage: 24 },
  // Nothing is limited. 32 bits hold what does not diverge.
  brian2loihi: { charge: 32, current: 32, drive: 32, voltage: 32 },
  // Its current is corrected once, by the kernel, and may stay beyond 24 bits.
  lava: { charge: 32, current: 32, drive: 32, voltage: 24 },
};

const microcode = readFileSync(new URL('../../../programs/rules/loihi.uc', import.meta.url), 'utf8');

/** A recorded network as a program: the kernels of the bundled one over a population for each layer. */
export function loihiProgram(network: LoihiNetwork, model: LoihiModel): Program {
  const { inputs, stimulus, layers } = network;
  const { charge, current, drive, voltage } = registers[model];
  const { lowest, highest } = limitsOf(model, network.limits);
  const dense = network.projections.flatMap(({ from, to, synapses }) =>
    ranked(synapses).map((list) => ({ from: nameOf(from), to: nameOf(to), synapses: list })),
  );
  const sizes = new Map([
    [nameOf(undefined), inputs],
    ...layers.map(({ threshold }, index) => [nameOf(index), threshold.length] as const),
  ]);
  const deliveries = (name: string) =>
    dense.flatMap(({ from }, index) => (from === name ? [{ run: 'deliver', over: `synapses${index}` }] : []));
  let built = program({ name: 'loihi', steps: stimulus.length })
    .population(nameOf(undefined), { size: inputs })
    .input(nameOf(undefined))
    .parameter('lowest_voltage', lowest)
    .parameter('highest_voltage', highest)
    .parameter('current_wrap', 32 - current)
    .parameter('drive_wrap', 32 - drive)
    .microcode('loihi', { text: microcode })
    .tick({ deliver: nameOf(undefined) })
    .spike(nameOf(undefined), ...deliveries(nameOf(undefined)));
  for (const [index, layer] of layers.entries()) {
    const name = nameOf(index);
    const filled = (values: readonly number[]) => ({ initial: { values: [...values] } });
    built = built
      .population(name, {
        size: layer.threshold.length,
        fields: {
          current_decay: { ...integer(13, false), ...filled(layer.currentDecay) },
          voltage_decay: { ...integer(13, false), ...filled(layer.voltageDecay) },
          threshold: { ...integer(17, false), ...filled(layer.threshold) },
          bias: { ...integer(20), ...filled(layer.bias) },
          refractory_period: { ...integer(7, false), ...filled(layer.refractoryPeriod) },
          charge: { ...integer(charge), overflow: 'wrap' },
          current: { ...integer(current), overflow: 'wrap' },
          voltage: integer(voltage),
          dead_steps: integer(7, false),
        },
      })
      .previousSpike(name, ...deliveries(name))
      .tick({ deliver: name, spikes: 'previous' });
  }
  for (const [index, { from, to, synapses }] of dense.entries()) {
    const columns = sizes.get(to) ?? 0;
    const weights = new Array<number>((sizes.get(from) ?? 0) * columns).fill(0);
    const delays = [...weights];
    for (const { source, compartment, weight, delay } of synapses) {
      weights[source * columns + compartment] = weight;
      delays[source * columns + compartment] = delay;
    }
    built = built.projection(`synapses${index}`, {
      from,
      to,
      weights: 'none',
      delay: { values: delays },
      fields: { weight: { ...integer(16), initial: { values: weights } } },
    });
  }
  const update = model === 'lava' ? 'updateOnce' : 'update';
  return built
    .tick(...layers.map((_, index) => ({ run: update, over: nameOf(index) })))
    .readout(`${nameOf(0)}.voltage`)
    .create();
}

/** The population of a layer, or of the inputs. */
function nameOf(layer: number | undefined): string {
  return layer === undefined ? 'axons' : `layer${layer}`;
}

function integer(bits: number, signed = true) {
  return { kind: 'integer' as const, bits, signed };
}

function limitsOf(model: LoihiModel, limits: LoihiNetwork['limits']): LoihiNetwork['limits'] {
  if (model === 'common') return limits;
  const most = model === 'lava' ? 2 ** 23 - 1 : largestHeld;
  return { lowest: -most, highest: most };
}

/** Lists in which a source has one synapse at most onto each compartment. */
function ranked(synapses: readonly Synapse[]): readonly (readonly Synapse[])[] {
  const lists: Synapse[][] = [];
  const taken = new Map<string, number>();
  for (const synapse of synapses) {
    const key = `${synapse.source} ${synapse.compartment}`;
    const rank = taken.get(key) ?? 0;
    taken.set(key, rank + 1);
    const list = lists[rank] ?? [];
    lists[rank] = list;
    list.push(synapse);
  }
  return lists;
}

/** Runs a network, and states by layer what its compartments did. */
export function recordLoihi(
  { stimulus, layers }: LoihiNetwork,
  machine: Machine,
): readonly CompartmentTrace[] {
  const { fields, populations } = machine.image;
  const field = (name: string) => fields.findIndex((candidate) => candidate.name === name);
  const watched = layers.map(({ threshold }, index) => ({
    trace: {
      u: threshold.map((): number[] => []),
      v: threshold.map((): number[] => []),
      spikes: [] as number[][],
    },
    current: field(`${nameOf(index)}.current`),
    voltage: field(`${nameOf(index)}.voltage`),
    population: populations.findIndex(({ name }) => name === nameOf(index)),
  }));
  machine.begin({ label: 0, learn: false, steps: stimulus.length, spikes: spikeTrain(stimulus) });
  for (let step = 0; step < stimulus.length; step++) {
    machine.step();
    for (const { trace, current, voltage, population } of watched) {
      for (const [compartment, value] of machine.read(current).entries())
        at(trace.u, compartment).push(value);
      for (const [compartment, value] of machine.read(voltage).entries())
        at(trace.v, compartment).push(value);
      trace.spikes.push([...machine.spikesOf(population)].sort((a, b) => a - b));
    }
  }
  return watched.map(({ trace }) => trace);
}

/** Spikes by step, as a sample has them. */
function spikeTrain(steps: readonly (readonly number[])[]) {
  const offsets = Uint32Array.from({ length: steps.length + 1 }, (_, step) =>
    steps.slice(0, step).reduce((sum, { length }) => sum + length, 0),
  );
  return { steps: steps.length, offsets, indices: Uint32Array.from(steps.flat()) };
}
