import type * as z from 'zod';
import { checkLength, suggest } from '../../text/index.ts';
import type { CompartmentTrace, LifTrace, NetRun, NetTrace } from './trace-parts.ts';
import type { SynapseFormat } from './weights.ts';

type Path = readonly (string | number)[];
type Issue = (path: Path, message: string) => void;

/** Checks that the parts of a recording fit together. Each part that does not is an issue at its path. */
export function checkLifShape(trace: LifTrace, context: z.core.$RefinementCtx): void {
  const { config, synapses, stimulus, expected, other } = trace;
  const { compartments, inputs, steps, synapse_formats } = config;
  const issue = issueIn(context);
  for (const name of ['decay_u', 'decay_v', 'vth', 'bias_mant', 'bias_exp', 'refract'] as const)
    checkLength(context, ['config', name], config[name], compartments, 'one for each compartment');
  if (config.class.length !== compartments)
    issue(['config', 'class'], `expected ${compartments} letters, found ${config.class.length}`);
  for (const [at, [input, compartment, format, mantissa]] of synapses.entries()) {
    const path = ['synapses', at];
    below(issue, [...path, 0], input, inputs, 'an input');
    below(issue, [...path, 1], compartment, compartments, 'a compartment');
    below(issue, [...path, 2], format, synapse_formats.length, 'a format');
    checkSign(issue, [...path, 3], synapse_formats[format], mantissa);
  }
  checkInputs(context, ['stimulus', 'inputs'], stimulus.inputs, steps, inputs);
  checkTrace(context, ['expected'], expected, compartments, steps);
  for (const [model, { identical, different, not_run }] of Object.entries(other)) {
    const lists = { identical, different: different.map((entry) => entry.compartment), not_run };
    const seen = new Set<number>();
    for (const [name, list] of Object.entries(lists)) {
      for (const [at, compartment] of list.entries()) {
        const path = ['other', model, name, at];
        below(issue, path, compartment, compartments, 'a compartment');
        if (seen.has(compartment)) issue(path, `compartment ${compartment} is listed twice`);
        seen.add(compartment);
      }
    }
    if (seen.size < compartments)
      issue(['other', model], `expected all ${compartments} compartments, found ${seen.size}`);
    for (const [at, entry] of different.entries()) checkDifferent(['other', model, 'different', at], entry);
  }

  function checkDifferent(path: Path, entry: LifTrace['other']['lava']['different'][number]): void {
    const { u, v, spikes, compartment, first_difference } = entry;
    checkLength(context, [...path, 'u'], u, steps, 'one for each step');
    checkLength(context, [...path, 'v'], v, steps, 'one for each step');
    ascending(issue, [...path, 'spikes'], spikes, steps, 'a step');
    const spiking = new Set(spikes);
    const first = u.findIndex(
      (current, step) =>
        current !== expected.u[compartment]?.[step] ||
        v[step] !== expected.v[compartment]?.[step] ||
        spiking.has(step) !== expected.spikes[step]?.includes(compartment),
    );
    if (first !== first_difference)
      issue([...path, 'first_difference'], `expected ${first}, where it differs, found ${first_difference}`);
  }
}

export function checkNetShape({ runs }: NetTrace, context: z.core.$RefinementCtx): void {
  for (const [name, run] of Object.entries(runs)) checkRun(['runs', name], run, context);
}

function checkRun(
  path: Path,
  { config, stimulus, expected, other }: NetRun,
  context: z.core.$RefinementCtx,
): void {
  const { steps, inputs, layers, projections } = config;
  const issue = issueIn(context);
  const names = Object.keys(layers);
  for (const name of names.filter((layer) => layer === 'in' || layer === 'from'))
    issue([...path, 'config', 'layers', name], `expected another name for a layer, found ${name}`);
  for (const [at, projection] of projections.entries()) {
    const here = [...path, 'config', 'projections', at];
    const { pre, post, synapses } = projection;
    const sources = pre === 'in' ? inputs : sizeOf([...here, 'pre'], pre, ['in', ...names]);
    const targets = sizeOf([...here, 'post'], post, names);
    if (sources === undefined || targets === undefined) continue;
    for (const [index, [from, to, mantissa]] of synapses.entries()) {
      below(issue, [...here, 'synapses', index, 0], from, sources, `a neuron of ${pre}`);
      below(issue, [...here, 'synapses', index, 1], to, targets, `a compartment of ${post}`);
      checkSign(issue, [...here, 'synapses', index, 2], projection, mantissa);
    }
  }
  checkInputs(context, [...path, 'stimulus', 'inputs'], stimulus.inputs, steps, inputs);
  const { from: _, ...byLayer } = expected;
  checkLayers([...path, 'expected'], byLayer);
  for (const [model, traces] of Object.entries(other)) {
    if (traces !== 'identical') checkLayers([...path, 'other', model], traces);
  }

  function checkLayers(at: Path, traces: Readonly<Record<string, CompartmentTrace>>): void {
    for (const name of names) {
      if (!Object.hasOwn(traces, name)) issue(at, `expected all layers, '${name}' is missing`);
    }
    for (const [name, trace] of Object.entries(traces)) {
      const size = sizeOf([...at, name], name, names);
      if (size !== undefined) checkTrace(context, [...at, name], trace, size, steps);
    }
  }

  function sizeOf(at: Path, name: string, known: readonly string[]): number | undefined {
    const layer = Object.hasOwn(layers, name) ? layers[name] : undefined;
    if (layer === undefined) issue(at, `there is no layer '${name}'; ${suggest(name, [...known])}`);
    return layer?.n;
  }
}

function checkTrace(
  context: z.core.$RefinementCtx,
  path: Path,
  { u, v, spikes }: CompartmentTrace,
  compartments: number,
  steps: number,
): void {
  const issue = issueIn(context);
  for (const [name, lists] of Object.entries({ u, v })) {
    checkLength(context, [...path, name], lists, compartments, 'one for each compartment');
    for (const [at, list] of lists.entries())
      checkLength(context, [...path, name, at], list, steps, 'one for each step');
  }
  checkLength(context, [...path, 'spikes'], spikes, steps, 'one for each step');
  for (const [step, list] of spikes.entries())
    ascending(issue, [...path, 'spikes', step], list, compartments, 'a compartment');
}

function checkInputs(
  context: z.core.$RefinementCtx,
  path: Path,
  bySteps: readonly (readonly number[])[],
  steps: number,
  inputs: number,
): void {
  checkLength(context, path, bySteps, steps, 'one for each step');
  for (const [step, list] of bySteps.entries()) {
    for (const [at, input] of list.entries())
      below(issueIn(context), [...path, step, at], input, inputs, 'an input');
  }
}

function checkSign(
  issue: Issue,
  path: Path,
  format: Pick<SynapseFormat, 'mode'> | undefined,
  mantissa: number,
): void {
  if (format?.mode === 'exc' && mantissa < 0)
    issue(path, `expected a mantissa from 0 on (exc), found ${mantissa}`);
  if (format?.mode === 'inh' && mantissa > 0)
    issue(path, `expected a mantissa up to 0 (inh), found ${mantissa}`);
}

function ascending(issue: Issue, path: Path, items: readonly number[], limit: number, what: string): void {
  for (const [at, item] of items.entries()) {
    const least = at === 0 ? 0 : (items[at - 1] ?? 0) + 1;
    if (item < least || item >= limit)
      issue([...path, at], `expected ${what} from ${least} to ${limit - 1}, ascending, found ${item}`);
  }
}

function below(issue: Issue, path: Path, value: number, limit: number, what: string): void {
  if (value >= limit) issue(path, `expected ${what} below ${limit}, found ${value}`);
}

function issueIn(context: z.core.$RefinementCtx): Issue {
  return (path, message) => context.addIssue({ code: 'custom', path: [...path], message });
}
