import { createCore } from '../../engine/index.ts';
import {
  countsMismatch,
  divergence,
  firstDifference,
  goldenFormat,
  type Mismatch,
  numberMismatch,
  type ReplayContext,
  type ReplayDeployment,
  type Verdict,
  wordsOfBanks,
} from '../../golden/index.ts';
import { type CoreImage, coreImageOf, hexWord, type Image } from '../../image/index.ts';
import { at, type Override, PlasticoreError, suggest } from '../../text/index.ts';
import { DataController, dataCores } from '../data-controller.ts';
import { observedBy, stimulusFiles } from './bench.ts';
import { type CountedBanks, InputRecorder } from './record.ts';
import {
  type ControllerExpected,
  type ControllerStep,
  type ControllerTrace,
  controllerFormat,
  controllerTraceSchema,
  type Memories,
} from './trace.ts';

/** Recordings of any chip whose controller is data. */
export const controllerGolden = goldenFormat(controllerFormat, controllerTraceSchema, replay, {
  bench: (trace) => ({
    controller: (context) => imageOf(trace, context).cores[0]?.image.core.controller,
    files: (context) =>
      stimulusFiles(filledChip(trace, context), trace, context.parameters(deploymentOf(trace, context.file))),
    compare: (observed) => observedVerdict(trace, observedBy(observed)),
  }),
});

/** Makes the chip of an image, on either engine. */
function createDataChip(image: CoreImage, engine: string): DataController {
  const count = dataCores(image.core);
  const cores = Array.from({ length: count }, (_, index) => createCore(image, { engine, index }));
  return new DataController(cores);
}

/** The chip of a trace, with its memories as the trace states them. */
export function filledChip(trace: ControllerTrace, context: ReplayContext): DataController {
  const chip = createDataChip(coreImageOf(imageOf(trace, context)), context.engine);
  for (const core of chip.cores) context.onCore?.(core);
  fill(chip, trace.memories, context.file);
  for (const core of chip.cores) core.resetCounters();
  return chip;
}

function replay(trace: ControllerTrace, context: ReplayContext): Verdict {
  const { file } = context;
  const chip = filledChip(trace, context);
  const recorder = new InputRecorder(chip, countedBanks(trace, chip, file));
  const { expected } = trace;
  for (const [index, [name, ...values]] of trace.inputs.entries()) {
    const found = send(recorder, name, values, index, file);
    const different = stepDivergence(at(expected.inputs, index), found);
    if (different !== undefined) return diverging(whenOf(trace, index), different);
  }
  const contents = expected.contents?.map((banks, core) => contentsOf(chip, core, Object.keys(banks), file));
  const different = endDivergence(expected, { ...recorder.finish().expected, contents });
  if (different !== undefined) return diverging('in the end', different);
  return { agrees: true, summary: summaryOf(trace) };
}

/** Whether what a bench has observed is what a trace states. */
function observedVerdict(trace: ControllerTrace, found: ControllerExpected): Verdict {
  const { expected } = trace;
  for (const [index, want] of expected.inputs.entries()) {
    const have = found.inputs[index];
    const different =
      have === undefined
        ? { what: 'the input', expected: 'to be done', found: 'no end' }
        : stepDivergence(want, have);
    if (different !== undefined) return diverging(whenOf(trace, index), different);
  }
  const different = endDivergence(expected, found);
  if (different !== undefined) return diverging('in the end', different);
  return { agrees: true, summary: summaryOf(trace) };
}

function diverging(when: string, mismatch: Mismatch): Verdict {
  return { agrees: false, divergence: divergence(when, mismatch) };
}

function whenOf({ inputs }: ControllerTrace, index: number): string {
  const [name, ...values] = at(inputs, index);
  return `input ${index} (${name}${values.length === 0 ? '' : ` ${values.join(', ')}`})`;
}

/** The banks whose accesses a trace states. @throws PlasticoreError `data` for one that is not there */
function countedBanks(
  { expected }: ControllerTrace,
  chip: DataController,
  file: string,
): CountedBanks | undefined {
  const ofInputs = expected.inputs.flatMap(({ banks = [] }) => banks);
  const of = [...new Set([...ofInputs, ...(expected.banks ?? [])].map(({ name }) => name))];
  for (const name of of) bankNamed(chip, name, file);
  return { of, after: ofInputs.length > 0 ? 'input' : 'end' };
}

function bankNamed(chip: DataController, name: string, file: string): number {
  const { banks, core } = at(chip.cores, 0).image;
  const index = banks.findIndex((bank) => bank.name === name);
  if (index >= 0) return index;
  throw new PlasticoreError('data', `expected: hw-model '${core.hwModel}' has no bank '${name}'`, {
    file,
    hint: suggest(
      name,
      banks.map((bank) => bank.name),
    ),
  });
}

/** The words of banks, in hexadecimal digits. */
function contentsOf(chip: DataController, core: number, names: readonly string[], file: string) {
  const owner = at(chip.cores, core);
  const held = owner.save().banks;
  return Object.fromEntries(
    names.map((name) => {
      const index = bankNamed(chip, name, file);
      const { wordBits, usedWords } = at(owner.image.banks, index);
      const words = Array.from({ length: usedWords }, (_, word) =>
        hexWord(at(held, index), word * wordBits, wordBits),
      );
      return [name, words];
    }),
  );
}

function imageOf(trace: ControllerTrace, { file, deploy, readImage }: ReplayContext): Image {
  return trace.image === undefined ? deploy(deploymentOf(trace, file)) : readImage(trace.image);
}

function deploymentOf(
  { program = '', hwModel = '', precision, seed, settings }: ControllerTrace,
  file: string,
): ReplayDeployment {
  return {
    program,
    hw: hwModel,
    from: file,
    precision,
    seed,
    settings: { program: overridesOf(settings?.program, file), hw: overridesOf(settings?.hw, file) },
  };
}

function overridesOf(
  values: Readonly<Record<string, unknown>> | undefined,
  file: string,
): readonly Override[] {
  return Object.entries(values ?? {}).map(([path, value]) => ({
    path: path.split('.'),
    value,
    place: { file },
  }));
}

function fill(chip: DataController, memories: Memories, file: string): void {
  const most = chip.cores.length;
  if (memories.length > most)
    throw new PlasticoreError('data', `memories: the chip has ${most} cores, found ${memories.length}`, {
      file,
    });
  for (const [core, stated] of memories.entries())
    for (const [name, values] of Object.entries(stated)) {
      try {
        chip.write(name, core, values);
      } catch (error) {
        throw inTrace(error, `memories.${core}.${name}`, file);
      }
    }
}

function send(recorder: InputRecorder, name: string, values: readonly number[], index: number, file: string) {
  try {
    return recorder.send(name, values);
  } catch (error) {
    throw inTrace(error, `inputs.${index}`, file);
  }
}

/** An error with the part of the recording at which it came up. */
function inTrace(error: unknown, path: string, file: string): unknown {
  if (!(error instanceof PlasticoreError)) return error;
  return new PlasticoreError(error.code, `${path}: ${error.message}`, { file, hint: error.hint });
}

/** The first difference of an input: what was recorded, then the clock, accesses, and states. */
function stepDivergence(want: ControllerStep, have: ControllerStep): Mismatch | undefined {
  const names = [...new Set([...Object.keys(want.records ?? {}), ...Object.keys(have.records ?? {})])];
  for (const name of names) {
    const difference = firstDifference(want.records?.[name] ?? [], have.records?.[name] ?? []);
    if (difference === undefined) continue;
    const [expected, found] = [difference.want, difference.have].map(
      (row) => row?.join(', ') ?? 'no further one',
    );
    return { what: `${name} ${difference.at}`, expected: String(expected), found: String(found) };
  }
  return (
    numberMismatch('cycles', want.cycles, have.cycles) ??
    countsMismatch(wordsOfBanks(want.banks), wordsOfBanks(have.banks)) ??
    statesDivergence(want.states ?? [], have.states ?? [])
  );
}

/** The first difference in the end. What a trace does not state is not compared. */
function endDivergence(want: ControllerExpected, have: ControllerExpected): Mismatch | undefined {
  const states = want.states?.map((stated, core) =>
    Object.fromEntries(
      Object.entries(stated).map(([name, values]) => [
        name,
        have.states?.[core]?.[name]?.slice(0, values.length) ?? [],
      ]),
    ),
  );
  return (
    statesDivergence(want.states ?? [], states ?? []) ??
    contentsDivergence(want.contents ?? [], have.contents ?? []) ??
    countsMismatch(wordsOfBanks(want.banks), wordsOfBanks(have.banks)) ??
    (want.counters &&
      have.counters &&
      countsMismatch(Object.entries(want.counters), Object.entries(have.counters)))
  );
}

function contentsDivergence(
  want: NonNullable<ControllerExpected['contents']>,
  have: NonNullable<ControllerExpected['contents']>,
): Mismatch | undefined {
  for (const [core, banks] of want.entries())
    for (const [name, words] of Object.entries(banks)) {
      const difference = firstDifference(words, have[core]?.[name] ?? []);
      if (difference !== undefined)
        return {
          what: `word ${difference.at} of bank ${name}${want.length > 1 ? ` of core ${core}` : ''}`,
          expected: difference.want ?? 'none',
          found: difference.have ?? 'none',
        };
    }
  return undefined;
}

function statesDivergence(want: Memories, have: Memories): Mismatch | undefined {
  for (let core = 0; core < Math.max(want.length, have.length); core++) {
    const [stated, found] = [want[core] ?? {}, have[core] ?? {}];
    for (const name of new Set([...Object.keys(stated), ...Object.keys(found)])) {
      const of = have.length > 1 ? `${name} of core ${core}` : name;
      const [values, others] = [stated[name], found[name]];
      if (values === undefined || others === undefined)
        return {
          what: of,
          expected: values === undefined ? 'no change' : 'a change',
          found: values === undefined ? 'a change' : 'none',
        };
      const difference = firstDifference(values, others);
      if (difference !== undefined)
        return {
          what: `${of}, item ${difference.at}`,
          expected: String(difference.want),
          found: String(difference.have),
        };
    }
  }
  return undefined;
}

function summaryOf({ inputs, expected }: ControllerTrace): string {
  const counts = new Map<string, number>();
  for (const { records = {} } of expected.inputs)
    for (const [name, rows] of Object.entries(records))
      counts.set(name, (counts.get(name) ?? 0) + rows.length);
  const cycles = expected.inputs.at(-1)?.cycles;
  const parts = [`${inputs.length} inputs`, ...[...counts].map(([name, count]) => `${count} ${name}`)];
  return [...parts, ...(cycles === undefined ? [] : [`${cycles} cycles`])].join(', ');
}
