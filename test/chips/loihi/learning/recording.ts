import {
  found,
  list,
  oneOf,
  Part,
  PlasticoreError,
  recordOf,
  strictObject,
  text,
  whole,
} from 'plasticore/chips';
import * as z from 'zod';
import { loihiFormat, sources } from '../trace-parts.ts';
import { parseRule } from './rule.ts';

const steps = whole('a number of steps', 1, 65_536);
const neurons = whole('a number of neurons', 1, 1024);
const mode = oneOf('the mode of a synapse', ['mixed', 'exc', 'inh']);
const bits = whole('bits of a weight', 1, 8);
const weight = whole('a weight', -256, 255);
const rule = text('a rule').superRefine((value, context) => {
  try {
    parseRule(value);
  } catch (error) {
    if (!(error instanceof PlasticoreError)) throw error;
    context.addIssue({ code: 'custom', message: error.message });
  }
});
/** A number from 0 to below 1. */
const share = z
  .number({ error: ({ input }) => `expected a number from 0 to below 1, found ${found(input)}` })
  .min(0, { error: ({ input }) => `expected a number from 0 to below 1, found ${found(input)}` })
  .lt(1, { error: ({ input }) => `expected a number from 0 to below 1, found ${found(input)}` });
const fraction = (units: number) =>
  z
    .number({ error: ({ input }) => `expected an impulse, found ${found(input)}` })
    .min(0, { error: 'expected an impulse from 0 on' })
    .max(127, { error: 'expected an impulse up to 127' })
    .refine((value) => Number.isInteger(value * units), {
      error: `expected an impulse in units of 1/${units}`,
    });
const tau = whole('a time constant in steps', 0, 65_535);
const indices = (what: string) => list(list(whole(what, 0), `${what}s`), `by step, ${what}s`);
const rows = (item: z.ZodType<number>, what: string) => list(list(item, what), what);
const matrices = (item: z.ZodType<number>, what: string) => list(list(list(item, what), what), what);
const level = whole('a trace', 0, 127);
const draw7 = whole('a random number of 7 bits', 0, 127);
const spikes = { pre: indices('a pre-synaptic neuron'), post: indices('a post-synaptic neuron') };

const lavaTrace = strictObject({ tau, impulse: fraction(256) });
const lava = strictObject({
  source: z.literal('lava'),
  config: strictObject({
    n_pre: neurons,
    n_post: neurons,
    mode,
    t_epoch: whole('steps of an epoch', 1, 63),
    three_factor: z.boolean(),
    x1: lavaTrace,
    x2: lavaTrace,
    y1: lavaTrace,
    y2: lavaTrace,
    y3: lavaTrace,
    dw: rule.nullable(),
    dt: rule.nullable(),
    dd: rule.nullable(),
    decay_factor: recordOf(z.string(), share),
    steps,
    weights: rows(weight, 'weights, by post-synaptic neuron'),
    tag: rows(whole('a tag', -257, 255), 'tags, by post-synaptic neuron'),
    delay: rows(whole('a delay', 0, 255), 'delays, by post-synaptic neuron'),
  }),
  stimulus: strictObject({
    ...spikes,
    y1: rows(level, 'by step, what each neuron sends').optional(),
    y2: rows(level, 'by step, what each neuron sends').optional(),
    y3: rows(level, 'by step, what each neuron sends').optional(),
  }),
  random: strictObject({
    x_decay: list(share, 'by epoch, random numbers'),
    x_impulse: list(draw7, 'by epoch, random numbers'),
    y_decay: list(share, 'by epoch, random numbers'),
    y_impulse: list(draw7, 'by epoch, random numbers'),
    weight: list(share, 'by epoch, random numbers'),
    y_within: list(draw7, 'by step, random numbers'),
  }),
  expected: strictObject({
    weights: matrices(weight, 'by epoch and post-synaptic neuron, weights'),
    tag: matrices(whole('a tag', -257, 255), 'by epoch and post-synaptic neuron, tags').optional(),
    delay: matrices(whole('a delay', 0, 255), 'by epoch and post-synaptic neuron, delays').optional(),
    x1: rows(level, 'by epoch, traces').optional(),
    x2: rows(level, 'by epoch, traces').optional(),
    y1: rows(level, 'by epoch, traces').optional(),
    y2: rows(level, 'by epoch, traces').optional(),
    y3: rows(level, 'by epoch, traces').optional(),
  }),
});

const brianTrace = strictObject({ tau: whole('a time constant in steps', 1, 65_535), impulse: fraction(1) });
const brianTraces = {
  x1: brianTrace.optional(),
  x2: brianTrace.optional(),
  y1: brianTrace.optional(),
  y2: brianTrace.optional(),
  y3: brianTrace.optional(),
};
const bySynapse = (item: z.ZodType<number>, what: string) => ({
  x1: rows(item, `by step, ${what}`).optional(),
  x2: rows(item, `by step, ${what}`).optional(),
  y1: rows(item, `by step, ${what}`).optional(),
  y2: rows(item, `by step, ${what}`).optional(),
  y3: rows(item, `by step, ${what}`).optional(),
});
const brian = strictObject({
  source: z.literal('brian2loihi'),
  config: strictObject({
    n_pre: neurons,
    n_post: neurons,
    mode,
    bits,
    exp: whole('the exponent of a weight', -8, 7),
    dw: rule,
    ...brianTraces,
    steps,
    weights: rows(weight, 'weights, by post-synaptic neuron'),
  }),
  stimulus: strictObject(spikes),
  random: strictObject({ ...bySynapse(share, 'random numbers'), w: rows(share, 'by step, random numbers') }),
  expected: strictObject({ ...bySynapse(level, 'traces'), weights: rows(weight, 'by step, weights') }),
});

const nengo = strictObject({
  source: z.literal('nengo_loihi'),
  config: strictObject({
    n_pre: neurons,
    n_post: neurons,
    steps,
    mode: z.literal('mixed'),
    bits,
    exp: whole('the exponent of a weight', -8, 7),
    train_epoch: z.literal(2),
    learn_epoch: z.literal(4),
    tau: whole('a time constant in steps', 1, 65_535),
    decay_factor: share,
    impulse: fraction(256),
    rate_mant: whole('the mantissa of a rate', -8, 7),
    rate_exp: whole('the exponent of a rate', -20, 4),
    weights: rows(weight, 'weights, by axon'),
  }),
  stimulus: strictObject({
    pre: indices('an axon'),
    error: rows(whole('an error', -127, 127), 'by step, errors'),
  }),
  random: strictObject({
    trace: rows(share, 'by epoch, random numbers'),
    weight: matrices(share, 'by epoch and axon, random numbers'),
  }),
  expected: strictObject({
    trace: rows(level, 'by epoch, traces'),
    weights: matrices(weight, 'by epoch and axon, weights'),
  }),
});

/** Runs that learn, each as one public model computes it. */
export const learnParts = strictObject({
  format: z.literal(loihiFormat),
  kind: z.literal('learn'),
  name: text('a name'),
  sources,
  runs: recordOf(
    z.string(),
    z.discriminatedUnion('source', [lava, brian, nengo], {
      error: 'expected a run of one of the sources lava, brian2loihi, nengo_loihi',
    }),
  ),
});

export type LearnTrace = z.infer<typeof learnParts>;
export type LearnRun = LearnTrace['runs'][string];
export type LavaRun = z.infer<typeof lava>;
export type BrianRun = z.infer<typeof brian>;
export type NengoRun = z.infer<typeof nengo>;

type Nested = number | string | readonly Nested[];

/** Checks that the parts of each run fit together. */
export function checkLearnShape(trace: LearnTrace, context: z.core.$RefinementCtx): void {
  for (const [, run] of new Part(trace, context).at('runs').entries<LearnRun>()) {
    const { steps } = run.value.config;
    for (const [lists, neurons] of spikesOf(run)) {
      lists.length(steps, 'one for each step');
      for (const spikes of lists.items()) spikes.allBelow(neurons, 'a neuron');
    }
    for (const [path, lengths, value] of shapesOf(run.value))
      checkLengths(run.under(...path).as(value), lengths);
    if (run.value.source !== 'lava') continue;
    const { config } = run.value;
    for (const name of ['x1', 'x2', 'y1', 'y2', 'y3'] as const) {
      const { tau } = config[name];
      if (tau !== 0 && config.decay_factor[tau] === undefined)
        run
          .under('config', 'decay_factor')
          .issue(`expected a factor for the time constant ${tau} of ${name}`);
    }
  }
}

function checkLengths(list: Part<Nested>, [length, ...inner]: readonly number[]): void {
  const { value } = list;
  if (length === undefined || typeof value !== 'object') return;
  list.as(value).length(length, 'as the configuration says');
  for (const item of list.as(value).items()) checkLengths(item, inner);
}

/** The spikes of each side by step, and the number of its neurons. */
function spikesOf(run: Part<LearnRun>): [spikes: Part<readonly (readonly number[])[]>, neurons: number][] {
  const { value } = run;
  const { n_pre, n_post } = value.config;
  const pre = run.at('stimulus').at('pre');
  if (value.source === 'nengo_loihi') return [[pre, n_pre]];
  return [
    [pre, n_pre],
    [run.under('stimulus', 'post').as(value.stimulus.post), n_post],
  ];
}

/** Each list of a run with the lengths that it has to have, from the outside in. */
function shapesOf(run: LearnRun): [path: string[], lengths: number[], value: Nested][] {
  const { n_pre: pre, n_post: post, steps } = run.config;
  const part = (
    name: 'config' | 'stimulus' | 'random' | 'expected',
    lengths: Readonly<Record<string, number[]>>,
  ) =>
    Object.entries(run[name] as Readonly<Record<string, unknown>>).flatMap(
      ([key, value]): [string[], number[], Nested][] => {
        const known = lengths[key];
        return known === undefined || !Array.isArray(value) ? [] : [[[name, key], known, value as Nested]];
      },
    );
  switch (run.source) {
    case 'lava': {
      const epochs = Math.floor(steps / run.config.t_epoch);
      const synapses = [post, pre];
      const sent = { y1: [steps, post], y2: [steps, post], y3: [steps, post] };
      return [
        ...part('config', { weights: synapses, tag: synapses, delay: synapses }),
        ...part('stimulus', sent),
        ...part('random', {
          x_decay: [epochs],
          x_impulse: [epochs],
          y_decay: [epochs],
          y_impulse: [epochs],
          weight: [epochs],
          y_within: [steps],
        }),
        ...part('expected', {
          weights: [epochs, ...synapses],
          tag: [epochs, ...synapses],
          delay: [epochs, ...synapses],
          x1: [epochs, pre],
          x2: [epochs, pre],
          y1: [epochs, post],
          y2: [epochs, post],
          y3: [epochs, post],
        }),
      ];
    }
    case 'brian2loihi': {
      const all = [steps, pre * post];
      const traces = { x1: all, x2: all, y1: all, y2: all, y3: all };
      return [
        ...part('config', { weights: [post, pre] }),
        ...part('random', { ...traces, w: all }),
        ...part('expected', { ...traces, weights: all }),
      ];
    }
    case 'nengo_loihi': {
      const [traces, weights] = [Math.floor(steps / 2), Math.floor(steps / 4)];
      return [
        ...part('config', { weights: [pre, post] }),
        ...part('stimulus', { error: [steps, post / 2] }),
        ...part('random', { trace: [traces, pre], weight: [weights, pre, post] }),
        ...part('expected', { trace: [traces, pre], weights: [weights, pre, post] }),
      ];
    }
  }
}
