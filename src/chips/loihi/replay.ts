import {
  coreImageOf,
  createCore,
  type Divergence,
  goldenFormat,
  type ReplayContext,
  type Verdict,
} from '../api.ts';
import { lifNetwork, netNetwork } from './described.ts';
import { loihiDivergence, weightDivergence } from './divergence.ts';
import { type Expectations, lifExpectations, type ModelExpectation, netExpectations } from './expectation.ts';
import { LearningCore } from './learning/core.ts';
import type { LearnTrace } from './learning/recording.ts';
import { learningDivergence, programOf } from './learning/run.ts';
import { loihiSettings } from './models.ts';
import { type LoihiNetwork, layOut } from './network.ts';
import { loihiController, recordLoihi } from './record.ts';
import { type LoihiTrace, loihiSchema } from './trace.ts';
import { loihiFormat } from './trace-parts.ts';
import type { WeightEncoding } from './weights.ts';

/** A network of a recording, with its stimulus and what is expected of it. */
interface Run {
  /** Its name, with a comma; nothing if there is only one. */
  readonly name: string;
  network(weights: WeightEncoding): LoihiNetwork;
  readonly inputs: readonly (readonly number[])[];
  readonly limits: { readonly vmin: number; readonly vmax: number };
  readonly expectations: Expectations;
}

/** Replays a recording on the bundled model of Loihi, once for each public model that ran it. */
export function replayLoihi(trace: LoihiTrace, context: ReplayContext): Verdict {
  if (trace.kind === 'learn') return replayLearning(trace, context);
  const runs = runsOf(trace);
  const divergence =
    first(runs, (run) => divergenceOf(run, context)) ??
    (trace.kind === 'lif' ? weightDivergence(trace.weight_cases) : undefined);
  return divergence === undefined
    ? { agrees: true, summary: summaryOf(trace, runs) }
    : { agrees: false, divergence };
}

/** Recordings of public models of Loihi. */
export const loihiGolden = goldenFormat(loihiFormat, loihiSchema, replayLoihi);

/** Runs that learn, each as the model that it was recorded from computes it. */
function replayLearning({ runs }: LearnTrace, { engine, deploy, onCore }: ReplayContext): Verdict {
  const divergence = first(Object.entries(runs), ([name, run]) => {
    const request = { hw: 'loihi-compartments', from: '', precision: 'own', seed: 1 };
    const image = coreImageOf(deploy({ program: programOf(run), ...request }));
    return learningDivergence(name, run, new LearningCore(image, engine, onCore));
  });
  if (divergence !== undefined) return { agrees: false, divergence };
  const told = Object.entries(runs).map(
    ([name, { source, config }]) => `${name} as ${source} (${config.steps} steps)`,
  );
  return { agrees: true, summary: `traces, weights, tags and delays of runs that learn: ${told.join(', ')}` };
}

function runsOf(trace: Exclude<LoihiTrace, LearnTrace>): Run[] {
  if (trace.kind === 'lif')
    return [
      {
        name: '',
        network: (weights) => lifNetwork(trace, weights),
        inputs: trace.stimulus.inputs,
        limits: trace.config,
        expectations: lifExpectations(trace),
      },
    ];
  return Object.entries(trace.runs).map(([name, run]) => ({
    name: `run ${name}, `,
    network: (weights) => netNetwork(run.config, weights),
    inputs: run.stimulus.inputs,
    limits: run.config,
    expectations: netExpectations(run),
  }));
}

function divergenceOf(
  { name, network, inputs, limits, expectations }: Run,
  { engine, deploy, file, onCore }: ReplayContext,
): Divergence | undefined {
  return first(expectations.models, (expectation) => {
    const laid = network(expectation.model === 'lava' ? 'lava' : 'brian2loihi');
    const layout = layOut(laid);
    const { vmin: lowest, vmax: highest } = limits;
    const image = coreImageOf(
      deploy({
        program: 'loihi',
        hw: 'loihi-compartments',
        from: '',
        precision: 'own',
        seed: 1,
        settings: loihiSettings(expectation.model, layout, { lowest, highest }, file),
      }),
    );
    const controller = loihiController(laid, layout, (index) => {
      const core = createCore(image, { engine, index });
      onCore?.(core);
      return core;
    });
    return loihiDivergence(expectation, recordLoihi(laid, controller, inputs), name);
  });
}

function first<Item, Result>(
  items: readonly Item[],
  find: (item: Item) => Result | undefined,
): Result | undefined {
  for (const item of items) {
    const result = find(item);
    if (result !== undefined) return result;
  }
  return undefined;
}

function summaryOf(trace: Exclude<LoihiTrace, LearnTrace>, runs: readonly Run[]): string {
  const compared = runs.flatMap(({ name, expectations: { models, omitted } }) => [
    `${name}compartments as ${models.map(countedModel).join(', ')} computes them`,
    ...omitted.map((what) => `not compared: ${what}`),
  ]);
  const weights = trace.kind === 'lif' ? [`${trace.weight_cases.rows.length} weights of three models`] : [];
  return ['current, voltage and spikes in each step', ...compared, ...weights].join('; ');
}

function countedModel({ model, cores }: ModelExpectation): string {
  const count = cores
    .flatMap(({ compartments }) => compartments)
    .filter((stated) => stated !== undefined).length;
  return `${model === 'common' ? 'the common model' : model} (${count})`;
}
