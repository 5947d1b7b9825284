import { type LoihiModel, largestHeld } from './program.ts';
import { type CompartmentTrace, type LifTrace, type NetRun, recordedModels } from './trace-parts.ts';
import { losesBits } from './weights.ts';

/** A recording of one compartment. */
export interface CompartmentExpectation {
  readonly u: readonly number[];
  readonly v: readonly number[];
  /** The steps in which it spikes. */
  readonly spikes: ReadonlySet<number>;
}

/** One model's recording of a network: by layer, its compartments; undefined for one that is not compared. */
export interface ModelExpectation {
  readonly model: LoihiModel;
  readonly layers: readonly (readonly (CompartmentExpectation | undefined)[])[];
}

/** The recordings of a network, and the parts that are not compared, in words. */
export interface Expectations {
  readonly models: readonly ModelExpectation[];
  readonly omitted: readonly string[];
}

/**
 * The last step to compare. A model without limits may leave what a register holds; the voltage is then at the
 * register's limit, and what follows is not the model's.
 */
export function lastStepOf({ v }: CompartmentExpectation): number {
  const beyond = v.findIndex((voltage) => Math.abs(voltage) > largestHeld);
  return beyond < 0 ? v.length - 1 : beyond;
}

/** The compartments that are not compared to the end. */
function cutShort({ model, layers }: ModelExpectation): string[] {
  const stated = layers.flat().filter((each) => each !== undefined);
  const cut = stated.filter((each) => lastStepOf(each) < each.v.length - 1).length;
  return cut === 0 ? [] : [`${cut} compartments of ${model}, after they leave 32 bits`];
}

/** The expectations of compartments that are not connected. */
export function lifExpectations({ config, synapses, expected, other }: LifTrace): Expectations {
  const stated = byCompartment(expected);
  const lossy = new Set(
    synapses.flatMap(([, compartment, format, mantissa]) => {
      const encoding = config.synapse_formats[format];
      return encoding !== undefined && losesBits(encoding, mantissa) ? [compartment] : [];
    }),
  );
  const others = (['brian2loihi', 'lava'] as const).map((model): ModelExpectation => {
    const { identical, different } = other[model];
    const compartments: (CompartmentExpectation | undefined)[] = stated.map(() => undefined);
    for (const compartment of identical) compartments[compartment] = stated[compartment];
    for (const { compartment, u, v, spikes } of different)
      compartments[compartment] = { u, v, spikes: new Set(spikes) };
    if (model === 'lava') for (const compartment of lossy) compartments[compartment] = undefined;
    return { model, layers: [compartments] };
  });
  return {
    models: [{ model: 'common', layers: [stated] }, ...others],
    omitted: [
      ...others.flatMap(cutShort),
      ...(lossy.size === 0 ? [] : [`${lossy.size} compartments of lava, which loses bits of sums`]),
    ],
  };
}

/** The expectations of a network: by the common model, and by each model that ran it. */
export function netExpectations({ config, expected, other }: NetRun): Expectations {
  const names = Object.keys(config.layers);
  const modelOf = (
    model: LoihiModel,
    traceOf: (layer: string) => CompartmentTrace | undefined,
  ): ModelExpectation => ({
    model,
    layers: names.map((name) => {
      const trace = traceOf(name);
      if (trace === undefined) throw new Error(`no trace of layer ${name}`);
      return byCompartment(trace);
    }),
  });
  const stated = (name: string): CompartmentTrace | undefined => expected[name];
  const isLossy = config.projections.some((projection) =>
    projection.synapses.some(([, , mantissa]) => losesBits(projection, mantissa)),
  );
  const models = [modelOf('common', stated)];
  const omitted: string[] = [];
  for (const recorded of recordedModels) {
    const traces = recorded === expected.from ? 'identical' : other[recorded];
    const model = recorded === 'nengo_loihi' ? 'common' : recorded;
    if (traces === undefined || (model === 'common' && traces === 'identical')) continue;
    if (model === 'lava' && isLossy) omitted.push('lava, which loses bits of sums');
    else models.push(modelOf(model, (name) => (traces === 'identical' ? stated(name) : traces[name])));
  }
  return { models, omitted: [...models.flatMap(cutShort), ...omitted] };
}

function byCompartment({ u, v, spikes }: CompartmentTrace): CompartmentExpectation[] {
  const steps = u.map(() => new Set<number>());
  for (const [step, compartments] of spikes.entries())
    for (const compartment of compartments) steps[compartment]?.add(step);
  return u.map((currents, compartment) => ({
    u: currents,
    v: v[compartment] ?? [],
    spikes: steps[compartment] ?? new Set(),
  }));
}
