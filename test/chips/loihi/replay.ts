import {
  type Chip,
  coreImageOf,
  createMachine,
  type Divergence,
  goldenFormat,
  type ReplayContext,
  type Verdict,
} from 'plasticore/chips';
import { loihiDivergence, weightDivergence } from './divergence.ts';
import { type Expectations, lifExpectations, type ModelExpectation, netExpectations } from './expectation.ts';
import type { LearnTrace } from './learning/recording.ts';
import { LearningCore, learningDivergence, programOf } from './learning/run.ts';
import { type LoihiNetwork, lifNetwork, netNetwork } from './network.ts';
import { loihiProgram, recordLoihi } from './program.ts';
import { loihiFormat } from './trace-parts.ts';
import { type LoihiTrace, loihiSchema } from './trace-shape.ts';
import type { WeightEncoding } from './weights.ts';

/** A network of a recording, with its stimulus and what is expected of it. */
interface Run {
  /** Its name, with a comma; nothing if there is only one. */
  readonly name: string;
  network(weights: WeightEncoding): LoihiNetwork;
  readonly expectations: Expectations;
}

/** Replays a recording on the bundled microcode of Loihi, once for each public model that ran it. */
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
export const loihi: Chip = {
  name: 'loihi',
  golden: async () => [goldenFormat(loihiFormat, loihiSchema, replayLoihi)],
};

const deployed = { hw: 'loihi-compartments', from: '', precision: 'own', seed: 1 } as const;

/** Runs that learn, each as the model that it was recorded from computes it. */
function replayLearning({ runs }: LearnTrace, { engine, deploy, file, onCore }: ReplayContext): Verdict {
  const divergence = first(Object.entries(runs), ([name, run]) => {
    // The replay triggers the events of programs that learn.
    const settings = { hw: [{ path: ['controller'], value: 'replay', place: { file } }] };
    const image = coreImageOf(deploy({ program: programOf(run), ...deployed, settings }));
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
        expectations: lifExpectations(trace),
      },
    ];
  return Object.entries(trace.runs).map(([name, run]) => ({
    name: `run ${name}, `,
    network: (weights) => netNetwork(run, weights),
    expectations: netExpectations(run),
  }));
}

function divergenceOf(
  { name, network, expectations }: Run,
  { engine, deploy, onCore }: ReplayContext,
): Divergence | undefined {
  return first(expectations.models, (expectation) => {
    const { model } = expectation;
    const described = network(model === 'lava' ? 'lava' : 'brian2loihi');
    const image = deploy({ program: loihiProgram(described, model), ...deployed });
    const machine = createMachine(image, { engine });
    for (const core of machine.cores) onCore?.(core);
    return loihiDivergence(expectation, described, recordLoihi(described, machine), name);
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

function countedModel({ model, layers }: ModelExpectation): string {
  const count = layers.flat().filter((stated) => stated !== undefined).length;
  return `${model === 'common' ? 'the common model' : model} (${count})`;
}
