import type { CoreImage } from '../../../src/image/index.ts';
import type { ActionSpec } from '../../../src/program/index.ts';
import { PlasticoreError } from '../../../src/text/index.ts';
import { type Outcome, runBoth } from './compare.ts';
import { imageOf, type RandomProgram } from './program.ts';

/** The outcome of a program: refused by the compiler, run, or crashed in an engine. */
export type Trial =
  | { readonly is: 'refused' }
  | { readonly is: 'run'; readonly outcome: Outcome }
  | { readonly is: 'crash'; readonly image: CoreImage; readonly error: unknown };

export function tryProgram(program: RandomProgram): Trial {
  let image: CoreImage;
  try {
    image = imageOf(program);
  } catch (error) {
    if (error instanceof PlasticoreError) return { is: 'refused' };
    throw error;
  }
  try {
    return { is: 'run', outcome: runBoth(program, image) };
  } catch (error) {
    return { is: 'crash', image, error };
  }
}

/** The sort of a failure, so that one fault does not shrink into another; undefined where the engines agree. */
function faultOf(trial: Trial): string | undefined {
  if (trial.is === 'refused') return undefined;
  if (trial.is === 'crash') return `crash ${trial.error}`.replaceAll(/\d+/g, '');
  const { difference } = trial.outcome;
  if (difference === undefined) return undefined;
  if (difference.what === 'stop') return 'stop';
  return difference.what.startsWith('counter') ? 'counters' : 'state';
}

/** Cuts a failing program down, piece by piece, to one that fails still and of which no piece can go. */
export function shrink(program: RandomProgram): RandomProgram {
  let smallest = program;
  const fault = faultOf(tryProgram(program));
  for (let isSmaller = true; isSmaller; ) {
    isSmaller = false;
    for (const candidate of smallerPrograms(smallest)) {
      if (faultOf(tryProgram(candidate)) !== fault) continue;
      smallest = candidate;
      isSmaller = true;
      break;
    }
  }
  return smallest;
}

/** The large cuts first. */
function* smallerPrograms(program: RandomProgram): Generator<RandomProgram> {
  yield* fewerSamples(program);
  yield* shorterLists(program);
  yield* shorterKernels(program);
  yield* smallerNetworks(program);
  yield* plainerCores(program);
}

function* fewerSamples(program: RandomProgram): Generator<RandomProgram> {
  const { samples, triggers, spec } = program;
  for (const index of triggers.keys()) yield { ...program, triggers: without(triggers, index) };
  for (const index of samples.keys()) yield { ...program, samples: without(samples, index) };
  if (spec.steps > 1) {
    const steps = spec.steps - 1;
    for (const isFirst of [true, false]) {
      yield {
        ...program,
        spec: { ...spec, steps },
        samples: samples.map((sample) => ({
          ...sample,
          spikes: isFirst ? sample.spikes.slice(-steps) : sample.spikes.slice(0, steps),
        })),
      };
    }
  }
  for (const [index, sample] of samples.entries()) {
    const replace = (changed: Partial<typeof sample>): RandomProgram => ({
      ...program,
      samples: samples.with(index, { ...sample, ...changed }),
    });
    if (sample.epoch > 0) yield replace({ epoch: 0 });
    if (sample.label > 0) yield replace({ label: 0 });
    if (sample.spikes.length > 1) yield replace({ spikes: sample.spikes.slice(1) });
    for (const [step, spikes] of sample.spikes.entries()) {
      if (spikes.length === 0) continue;
      yield replace({ spikes: sample.spikes.with(step, spikes.slice(0, spikes.length >> 1)) });
      yield replace({ spikes: sample.spikes.with(step, spikes.slice(1)) });
    }
  }
}

function* shorterLists(program: RandomProgram): Generator<RandomProgram> {
  const { spec } = program;
  const { events } = spec;
  const change = (changed: Partial<typeof events>): RandomProgram => ({
    ...program,
    spec: { ...spec, events: { ...events, ...changed } },
  });
  for (const tick of shorter(events.tick)) yield change({ tick });
  for (const sample of shorter(events.sample)) yield change({ sample });
  for (const [name, list] of Object.entries(events.spike)) {
    for (const shortened of shorter(list)) yield change({ spike: { ...events.spike, [name]: shortened } });
  }
  for (const [name, list] of Object.entries(events.previousSpike)) {
    for (const shortened of shorter(list))
      yield change({ previousSpike: { ...events.previousSpike, [name]: shortened } });
  }
  for (const [name, list] of Object.entries(events.on)) {
    for (const shortened of shorter(list)) yield change({ on: { ...events.on, [name]: shortened } });
  }
  const used = new Set(JSON.stringify(events).match(/(?<="run":")\w+/g));
  const kernels = program.kernels.filter(({ name }) => used.has(name));
  if (kernels.length < program.kernels.length) yield { ...program, kernels };
}

/** A list without one of its actions, with one dissolved, or with one that has no condition. */
function* shorter(actions: readonly ActionSpec[]): Generator<ActionSpec[]> {
  for (const index of actions.keys()) yield without(actions, index);
  for (const [index, action] of actions.entries()) {
    if (action.do !== undefined) {
      yield [...actions.slice(0, index), ...action.do, ...actions.slice(index + 1)];
      for (const inner of shorter(action.do)) yield actions.with(index, { ...action, do: inner });
    }
    for (const key of ['when', 'pass', 'from', 'until', 'every', 'last', 'rows', 'columns'] as const) {
      if (action[key] !== undefined) yield actions.with(index, { ...action, [key]: undefined });
    }
    if (action.clear !== undefined && action.clear.length > 1)
      yield actions.with(index, { ...action, clear: action.clear.slice(1) });
  }
}

function* shorterKernels(program: RandomProgram): Generator<RandomProgram> {
  const { kernels } = program;
  for (const [index, kernel] of kernels.entries()) {
    const replace = (changed: Partial<typeof kernel>): RandomProgram => ({
      ...program,
      kernels: kernels.with(index, { ...kernel, ...changed }),
    });
    for (const gate of kernel.gates.keys()) yield replace({ gates: without(kernel.gates, gate) });
    for (let count = kernel.lines.length >> 1; count > 0; count >>= 1) {
      for (let line = 0; line + count <= kernel.lines.length; line++) {
        yield replace({ lines: [...kernel.lines.slice(0, line), ...kernel.lines.slice(line + count)] });
      }
    }
    for (const [line, text] of kernel.lines.entries()) {
      if (/^ldi /.test(text)) continue;
      const [, register] = /^\S+ (r\d+), /.exec(text) ?? [];
      if (register !== undefined && !/^(st|reduce)(\.max)? /.test(text))
        yield replace({ lines: kernel.lines.with(line, `ldi ${register}, 1`) });
    }
  }
}

function* smallerNetworks(program: RandomProgram): Generator<RandomProgram> {
  const { spec } = program;
  for (const [name, population] of Object.entries(spec.populations)) {
    for (const size of new Set([1, population.size >> 1, population.size - 1])) {
      if (size < 1 || size >= population.size || population.shape !== undefined) continue;
      const neurons = program.triggers.flatMap(({ scalars: { neuron = 0, post = 0 } }) => [neuron, post]);
      if (neurons.some((neuron) => neuron >= size)) continue;
      const populations = { ...spec.populations, [name]: { ...population, size } };
      const samples = program.samples.map((sample) =>
        name === spec.input
          ? { ...sample, spikes: sample.spikes.map((step) => step.filter((neuron) => neuron < size)) }
          : sample,
      );
      yield { ...program, spec: { ...spec, populations }, samples };
    }
    for (const fields of withoutAField(population.fields)) {
      const populations = { ...spec.populations, [name]: { ...population, fields } };
      yield { ...program, spec: { ...spec, populations } };
    }
    const isJoined = Object.values(spec.projections).some(({ from, to }) => from === name || to === name);
    if (name === spec.input || isJoined) continue;
    const { [name]: _, ...populations } = spec.populations;
    yield { ...program, spec: { ...spec, populations } };
  }
  for (const [name, projection] of Object.entries(spec.projections)) {
    const { [name]: _, ...projections } = spec.projections;
    yield { ...program, spec: { ...spec, projections } };
    for (const fields of withoutAField(projection.fields)) {
      yield {
        ...program,
        spec: { ...spec, projections: { ...spec.projections, [name]: { ...projection, fields } } },
      };
    }
  }
}

function* withoutAField<T extends { readonly record?: string | undefined }>(
  fields: Readonly<Record<string, T>>,
): Generator<Record<string, T>> {
  for (const [name, field] of Object.entries(fields)) {
    const { [name]: _, ...others } = fields;
    yield { ...others };
    if (field.record !== undefined) yield { ...fields, [name]: { ...field, record: undefined } };
  }
}

function* plainerCores(program: RandomProgram): Generator<RandomProgram> {
  const { hw } = program;
  if (hw.router.fifoDepth < 4096)
    yield { ...program, hw: { ...hw, router: { ...hw.router, fifoDepth: 4096 } } };
  if (hw.columnGate === 'clock') yield { ...program, hw: { ...hw, columnGate: 'skip-tile' } };
  if (hw.inferenceWeights === 'sliced') yield { ...program, hw: { ...hw, inferenceWeights: 'stored' } };
  for (const lanes of [4, 8, 16]) if (lanes < hw.lanes) yield { ...program, hw: { ...hw, lanes } };
  for (const [index, bank] of hw.banks.entries()) {
    if (bank.wordBits === 64 && bank.bitMask) continue;
    const plain = { ...bank, wordBits: 64, capacityBits: 64 * 2 ** 16, bitMask: true };
    yield { ...program, hw: { ...hw, banks: hw.banks.with(index, plain) } };
  }
}

function without<T>(items: readonly T[], index: number): T[] {
  return items.filter((_, other) => other !== index);
}
