import { filledChip } from '../../src/chips/recording/replay.ts';
import { type ControllerTrace, controllerTraceSchema } from '../../src/chips/recording/trace.ts';
import { checkJson, parseJson, type Verdict } from '../../src/golden/index.ts';
import { readTrace } from '../../src/trace/index.ts';
import type { RecordedTrace } from '../golden/plain/recorded-trace.ts';
import { type GoldenName, goldenText } from '../support/golden.ts';
import { recordedFormats } from './recorded-formats.ts';
import { replayContext } from './replay-context.ts';

/** A recording of test/golden of a chip whose controller is data. */
export const recorded = (name: GoldenName): RecordedTrace => JSON.parse(goldenText(name)) as RecordedTrace;

const readTraceOf = (trace: RecordedTrace) => readTrace(JSON.stringify(trace), 'x.json', recordedFormats);

/** Replays a recording that is not in a file. */
export function replayed(trace: RecordedTrace, engine = 'fast'): Verdict {
  return readTraceOf(trace).replay({ ...replayContext, engine });
}

/** What a bench does with a recording. */
export function benchOf(trace: RecordedTrace) {
  const { bench } = readTraceOf(trace);
  if (bench === undefined) throw new Error('the format has a bench');
  return bench;
}

/** The chip of a recording, with its memories filled, after some of its inputs; all by default. */
export function chipAfter(trace: RecordedTrace, engine = 'fast', inputs = trace.inputs) {
  const checked: ControllerTrace = checkJson(
    parseJson(JSON.stringify(trace), 'x.json'),
    controllerTraceSchema,
  );
  const chip = filledChip(checked, { ...replayContext, engine });
  for (const [name, ...numbers] of inputs) chip.send(name, numbers);
  return chip;
}

/** What a bench writes of an RTL that does what a recording states. */
export function observedOf({ expected }: RecordedTrace): string {
  const [states = {}] = expected.states ?? [];
  const [contents = {}] = expected.contents ?? [];
  return [
    ...expected.inputs.flatMap(({ cycles, records = {}, banks = [] }) => [
      ...Object.entries(records).flatMap(([name, rows]) =>
        rows.map((row) => ['record', name, ...row].join(' ')),
      ),
      ...banks.map(({ name, wordsRead, wordsWritten }) => `bank ${name} ${wordsRead} ${wordsWritten}`),
      cycles === undefined ? 'input' : `input ${cycles}`,
    ]),
    // A state may have several lines.
    ...Object.entries(states).flatMap(([name, values]) => [
      ['state', name, ...values.slice(0, 1)].join(' '),
      ['state', name, ...values.slice(1)].join(' '),
    ]),
    ...Object.entries(contents).flatMap(([name, words]) => words.map((word) => `word ${name} ${word}`)),
    ...(expected.banks ?? []).map(
      ({ name, wordsRead, wordsWritten }) => `total ${name} ${wordsRead} ${wordsWritten}`,
    ),
    '',
  ].join('\n');
}
