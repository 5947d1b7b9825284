import { found, list, oneOf, recordOf, strictObject, text, whole } from 'plasticore/chips';
import * as z from 'zod';

export const loihiFormat = 'loihi-golden/1';

/** The public models of which recordings exist. */
export const recordedModels = ['brian2loihi', 'lava', 'nengo_loihi'] as const;

/** The largest that a recording may have. */
const most = { steps: 65_536, inputs: 4096, compartments: 1024 } as const;

const decay = whole('a decay', 0, 4096);
const threshold = whole('a threshold', 0, 2 ** 17 - 1);
const biasMantissa = whole('the mantissa of a bias', -4096, 4095);
const biasExponent = whole('the exponent of a bias', 0, 7);
const refractoryPeriod = whole('a refractory period in steps', 1, 64);
const count = (what: string, largest: number) => whole(what, 1, largest);
const index = (what: string) => whole(what, 0);
const mantissa = whole('the mantissa of a weight', -256, 255);
const value = whole('a current or a voltage', Number.MIN_SAFE_INTEGER);
const values = list(value, 'one for each step');
const bySteps = (what: string) => list(list(index(what), `${what}s`), `by step, ${what}s`);

export const sources = strictObject({
  brian2loihi: text('a version'),
  nengo_loihi: text('a version'),
  lava: text('a version'),
});

const limits = {
  steps: count('a number of steps', most.steps),
  inputs: count('a number of inputs', most.inputs),
  vmin: whole('the lowest voltage', -(2 ** 23 - 1), 0),
  vmax: whole('the highest voltage', 0, 2 ** 23 - 1),
};

const format = {
  mode: oneOf('the mode of a synapse', ['mixed', 'exc', 'inh']),
  bits: whole('bits of a weight', 1, 8),
  exp: whole('the exponent of a weight', -8, 7),
};

const stimulus = strictObject({ inputs: bySteps('an input') });

const compartmentTraces = list(values, 'by compartment, one for each step');
/** By compartment and step, the current and the voltage after it; by step, the compartments that spike. */
const trace = strictObject({ u: compartmentTraces, v: compartmentTraces, spikes: bySteps('a compartment') });

/** How one of the models does on compartments that do not know of each other. */
const otherModel = strictObject({
  identical: list(index('a compartment'), 'compartments'),
  different: list(
    strictObject({
      compartment: index('a compartment'),
      first_difference: index('a step'),
      u: values,
      v: values,
      spikes: list(index('a step'), 'the steps in which it spikes'),
    }),
    'compartments',
  ),
  not_run: list(index('a compartment'), 'compartments'),
});

const weight = whole('a weight', Number.MIN_SAFE_INTEGER);
const weightColumns = ['mode', 'bits', 'exp', 'mantissa', 'brian2loihi', 'lava', 'nengo_loihi'] as const;

/** Compartments that do not know of each other, each with its own parameters. */
export const lifParts = strictObject({
  format: z.literal(loihiFormat),
  kind: z.literal('lif'),
  name: text('a name'),
  sources,
  config: strictObject({
    ...limits,
    compartments: count('a number of compartments', most.compartments),
    synapse_formats: list(strictObject(format), 'formats of synapses'),
    decay_u: list(decay, 'decays'),
    decay_v: list(decay, 'decays'),
    vth: list(threshold, 'thresholds'),
    bias_mant: list(biasMantissa, 'mantissas'),
    bias_exp: list(biasExponent, 'exponents'),
    refract: list(refractoryPeriod, 'refractory periods'),
    class: text('a letter for each compartment').regex(/^[A-Z]*$/, {
      error: 'expected a letter for each compartment',
    }),
  }),
  synapses: list(
    z.tuple([index('an input'), index('a compartment'), index('a format'), mantissa], {
      error: 'expected a synapse, [input, compartment, format, mantissa]',
    }),
    'synapses',
  ),
  stimulus,
  expected: trace,
  other: strictObject({ brian2loihi: otherModel, lava: otherModel }),
  weight_cases: strictObject({
    columns: z.tuple(
      [
        z.literal(weightColumns[0]),
        z.literal(weightColumns[1]),
        z.literal(weightColumns[2]),
        z.literal(weightColumns[3]),
        z.literal(weightColumns[4]),
        z.literal(weightColumns[5]),
        z.literal(weightColumns[6]),
      ],
      { error: `expected the columns ${weightColumns.join(', ')}` },
    ),
    rows: list(
      z.tuple([format.mode, format.bits, format.exp, mantissa, weight, weight, weight.nullable()], {
        error: 'expected a case of a weight, as the columns say',
      }),
      'cases',
    ),
  }),
});

const layer = strictObject({
  n: count('a number of compartments', most.compartments),
  decay_u: decay,
  decay_v: decay,
  vth: threshold,
  bias_mant: biasMantissa,
  bias_exp: biasExponent,
  refract: refractoryPeriod,
});

const projection = strictObject({
  pre: text("'in' or a layer"),
  post: text('a layer'),
  ...format,
  synapses: list(
    z.tuple([index('a neuron'), index('a compartment'), mantissa, whole('a delay', 0, 62)], {
      error: 'expected a synapse, [pre, post, mantissa, delay]',
    }),
    'synapses',
  ),
});

/** Layers of compartments, with projections between them. */
const run = strictObject({
  config: strictObject({
    ...limits,
    layers: recordOf(z.string(), layer),
    projections: list(projection, 'projections'),
  }),
  stimulus,
  expected: z.object({ from: oneOf('a model', recordedModels) }).catchall(trace),
  other: z.partialRecord(
    z.enum(recordedModels),
    z.union([z.literal('identical'), recordOf(z.string(), trace)], {
      error: ({ input }) => `expected 'identical' or traces by layer, found ${found(input)}`,
    }),
  ),
});

export const netParts = strictObject({
  format: z.literal(loihiFormat),
  kind: z.literal('net'),
  name: text('a name'),
  sources,
  runs: recordOf(z.string(), run),
});

export type LifTrace = z.infer<typeof lifParts>;
export type NetTrace = z.infer<typeof netParts>;
export type NetRun = NetTrace['runs'][string];
/** By compartment and step, currents and voltages; by step, spikes. */
export type CompartmentTrace = z.infer<typeof trace>;
