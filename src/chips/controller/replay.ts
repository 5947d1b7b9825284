import {
  at,
  type CoreImage,
  coreImageOf,
  createCore,
  DataController,
  type Divergence,
  dataCores,
  firstDifference,
  goldenFormat,
  type Image,
  type Override,
  PlasticoreError,
  type ReplayContext,
  type Verdict,
} from '../api.ts';
import { InputRecorder } from './record.ts';
import {
  type ControllerExpected,
  type ControllerTrace,
  controllerFormat,
  controllerTraceSchema,
  type Memories,
} from './trace.ts';

/** Recordings of any chip whose controller is data. */
export const controllerGolden = goldenFormat(controllerFormat, controllerTraceSchema, replay);

/** Makes the chip of an image, on either engine. */
export function createDataChip(image: CoreImage, engine: string): DataController {
  const count = dataCores(image.core);
  const cores = Array.from({ length: count }, (_, index) => createCore(image, { engine, index }));
  return new DataController(cores);
}

function replay(trace: ControllerTrace, context: ReplayContext): Verdict {
  const { file, engine } = context;
  const chip = createDataChip(coreImageOf(imageOf(trace, context)), engine);
  for (const core of chip.cores) context.onCore?.(core);
  fill(chip, trace.memories, file);
  const recorder = new InputRecorder(chip);
  const { expected } = trace;
  for (const [index, [name, ...values]] of trace.inputs.entries()) {
    const found = send(recorder, name, values, index, file);
    const divergence = stepDivergence(at(expected.inputs, index), found);
    const numbers = values.length === 0 ? '' : ` ${values.join(', ')}`;
    if (divergence !== undefined)
      return {
        agrees: false,
        divergence: { when: `input ${index} (${name}${numbers})`, context: [], ...divergence },
      };
  }
  const divergence = endDivergence(expected, recorder.finish().expected);
  if (divergence !== undefined)
    return { agrees: false, divergence: { when: 'in the end', context: [], ...divergence } };
  return { agrees: true, summary: summaryOf(trace) };
}

function imageOf(trace: ControllerTrace, { file, deploy, readImage }: ReplayContext): Image {
  const { image, program = '', hwModel = '' } = trace;
  if (image !== undefined) return readImage(image);
  return deploy({
    program,
    hw: hwModel,
    from: file,
    precision: trace.precision,
    seed: trace.seed,
    settings: {
      program: overridesOf(trace.settings?.program, file),
      hw: overridesOf(trace.settings?.hw, file),
    },
  });
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

type Mismatch = Pick<Divergence, 'what' | 'expected' | 'found'>;

/** The first difference of an input: what was recorded, then the clock, then states. */
function stepDivergence(
  want: ControllerExpected['inputs'][number],
  have: ControllerExpected['inputs'][number],
): Mismatch | undefined {
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
    numberDivergence('cycles', want.cycles, have.cycles) ??
    statesDivergence(want.states ?? [], have.states ?? [])
  );
}

function endDivergence(want: ControllerExpected, have: ControllerExpected): Mismatch | undefined {
  const states = statesDivergence(want.states ?? [], want.states === undefined ? [] : (have.states ?? []));
  if (states !== undefined || want.counters === undefined || have.counters === undefined) return states;
  for (const name of ['pushes', 'pops', 'drops'] as const) {
    const divergence = numberDivergence(name, want.counters[name], have.counters[name]);
    if (divergence !== undefined) return divergence;
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

function numberDivergence(what: string, want: number, have: number): Mismatch | undefined {
  return want === have ? undefined : { what, expected: String(want), found: String(have) };
}

function summaryOf({ inputs, expected }: ControllerTrace): string {
  const counts = new Map<string, number>();
  for (const { records = {} } of expected.inputs)
    for (const [name, rows] of Object.entries(records))
      counts.set(name, (counts.get(name) ?? 0) + rows.length);
  const cycles = expected.inputs.at(-1)?.cycles ?? 0;
  const parts = [`${inputs.length} inputs`, ...[...counts].map(([name, count]) => `${count} ${name}`)];
  return `${parts.join(', ')}, ${cycles} cycles`;
}
