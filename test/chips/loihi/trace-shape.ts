import { found, Part } from 'plasticore/chips';
import * as z from 'zod';
import { checkLearnShape, learnParts } from './learning/recording.ts';
import {
  type CompartmentTrace,
  type LifTrace,
  lifParts,
  type NetRun,
  type NetTrace,
  netParts,
} from './trace-parts.ts';
import type { SynapseFormat } from './weights.ts';

type Other = LifTrace['other']['lava'];

/** Recordings of public models of Loihi: the schema of `loihi-golden/1`. Steps count from 0. */
export const loihiSchema = z.discriminatedUnion(
  'kind',
  [
    lifParts.superRefine(checkLifShape),
    netParts.superRefine(checkNetShape),
    learnParts.superRefine(checkLearnShape),
  ],
  {
    error: ({ input }) => {
      const kind = typeof input === 'object' && input !== null && 'kind' in input ? input.kind : input;
      return `expected 'lif', 'net' or 'learn', found ${found(kind)}`;
    },
  },
);

export type LoihiTrace = z.infer<typeof loihiSchema>;

/** Checks that the parts of a recording fit together. Each part that does not is an issue at its path. */
function checkLifShape(trace: LifTrace, context: z.core.$RefinementCtx): void {
  const part = new Part(trace, context);
  const { compartments, inputs, steps, synapse_formats } = trace.config;
  const config = part.at('config');
  for (const list of config.each('decay_u', 'decay_v', 'vth', 'bias_mant', 'bias_exp', 'refract'))
    list.length(compartments, 'one for each compartment');
  const letters = trace.config.class.length;
  if (letters !== compartments)
    config.at('class').issue(`expected ${compartments} letters, found ${letters}`);
  for (const synapse of part.at('synapses').items()) {
    synapse.at(0).below(inputs, 'an input');
    synapse.at(1).below(compartments, 'a compartment');
    synapse.at(2).below(synapse_formats.length, 'a format');
    checkSign(synapse.at(3), synapse_formats[synapse.value[2]]);
  }
  checkInputs(part.at('stimulus').at('inputs'), steps, inputs);
  checkTrace(part.at('expected'), compartments, steps);
  for (const [, other] of part.at('other').entries<Other>()) checkOther(other, trace);
}

/** Each compartment is in one of the lists of a model. */
function checkOther(other: Part<Other>, { config, expected }: LifTrace): void {
  const { compartments, steps } = config;
  const different = other.at('different');
  const lists = [
    other.at('identical'),
    different.as(different.value.map(({ compartment }) => compartment)),
    other.at('not_run'),
  ];
  const seen = new Set<string | number>();
  for (const list of lists) {
    list.allBelow(compartments, 'a compartment');
    list.distinct('compartment', seen);
  }
  if (seen.size < compartments) other.issue(`expected all ${compartments} compartments, found ${seen.size}`);
  for (const entry of different.items()) {
    const { u, v, spikes, compartment, first_difference } = entry.value;
    for (const values of entry.each('u', 'v')) values.length(steps, 'one for each step');
    entry.at('spikes').ascending(steps, 'a step');
    const spiking = new Set(spikes);
    const first = u.findIndex(
      (current, step) =>
        current !== expected.u[compartment]?.[step] ||
        v[step] !== expected.v[compartment]?.[step] ||
        spiking.has(step) !== expected.spikes[step]?.includes(compartment),
    );
    entry.at('first_difference').expect(first === first_difference, `${first}, where it differs`);
  }
}

function checkNetShape(trace: NetTrace, context: z.core.$RefinementCtx): void {
  for (const [, run] of new Part(trace, context).at('runs').entries<NetRun>()) checkRun(run);
}

function checkRun(run: Part<NetRun>): void {
  const { steps, inputs, layers } = run.value.config;
  const names = Object.keys(layers);
  const sizeNamed = (name: string): number | undefined =>
    Object.hasOwn(layers, name) ? layers[name]?.n : undefined;
  for (const [name, layer] of run.at('config').at('layers').entries())
    layer.as(name).expect(name !== 'in' && name !== 'from', 'another name for a layer');
  for (const projection of run.at('config').at('projections').items()) {
    const { pre, post } = projection.value;
    if (pre !== 'in' && !projection.at('pre').known(['in', ...names], 'layer')) continue;
    if (!projection.at('post').known(names, 'layer')) continue;
    for (const synapse of projection.at('synapses').items()) {
      synapse.at(0).below(pre === 'in' ? inputs : (sizeNamed(pre) ?? 0), `a neuron of ${pre}`);
      synapse.at(1).below(sizeNamed(post) ?? 0, `a compartment of ${post}`);
      checkSign(synapse.at(2), projection.value);
    }
  }
  checkInputs(run.at('stimulus').at('inputs'), steps, inputs);
  const { from: _, ...byLayer } = run.value.expected;
  checkLayers(run.at('expected').as(byLayer));
  for (const [, traces] of run.at('other').entries()) {
    if (traces.value !== undefined && traces.value !== 'identical') checkLayers(traces.as(traces.value));
  }

  function checkLayers(traces: Part<Readonly<Record<string, CompartmentTrace>>>): void {
    for (const name of names)
      if (!Object.hasOwn(traces.value, name)) traces.issue(`expected all layers, '${name}' is missing`);
    for (const [name, trace] of traces.entries())
      if (trace.as(name).known(names, 'layer')) checkTrace(trace, sizeNamed(name) ?? 0, steps);
  }
}

function checkTrace(trace: Part<CompartmentTrace>, compartments: number, steps: number): void {
  for (const lists of trace.each('u', 'v')) {
    lists.length(compartments, 'one for each compartment');
    for (const list of lists.items()) list.length(steps, 'one for each step');
  }
  trace.at('spikes').length(steps, 'one for each step');
  for (const list of trace.at('spikes').items()) list.ascending(compartments, 'a compartment');
}

function checkInputs(bySteps: Part<readonly (readonly number[])[]>, steps: number, inputs: number): void {
  bySteps.length(steps, 'one for each step');
  for (const list of bySteps.items()) list.ascending(inputs, 'an input');
}

function checkSign(mantissa: Part<number>, format: Pick<SynapseFormat, 'mode'> | undefined): void {
  if (format?.mode === 'exc') mantissa.expect(mantissa.value >= 0, 'a mantissa from 0 on (exc)');
  if (format?.mode === 'inh') mantissa.expect(mantissa.value <= 0, 'a mantissa up to 0 (inh)');
}
