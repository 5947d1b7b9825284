import * as z from 'zod';
import { checkJson, Part, parseJson } from '../../golden/index.ts';
import { byFifoCounter } from '../../image/index.ts';
import { integerRange } from '../../isa/index.ts';
import {
  expected,
  integer,
  list,
  oneOf,
  recordOf,
  strictObject,
  text,
  truth,
  wanted,
  whole,
} from '../../text/index.ts';

/**
 * Reads a `plasticore-trace/1`.
 *
 * @param file names the text in errors
 * @throws PlasticoreError with the place, the path, what was found and what was expected
 */
export function readCoreTrace(text: string, file: string): CoreTrace {
  return checkJson(parseJson(text, file), coreTraceSchema);
}

/** The JSON Schema (draft 7) of `plasticore-trace/1`. */
export function traceJsonSchema(): object {
  return {
    title: 'Plasticore trace',
    ...z.toJSONSchema(coreTraceSchema, { target: 'draft-7', io: 'input', unrepresentable: 'any' }),
  };
}

/** Formats a trace as JSON with one line for each part of its head and for each sample, for comparing as text. */
export function formatTrace(trace: CoreTrace): string {
  const { samples, expected, ...head } = trace;
  const lines = Object.entries(head).map(
    ([key, value]) => `  ${JSON.stringify(key)}: ${JSON.stringify(value)},`,
  );
  const block = (items: readonly unknown[], indent: string) =>
    items.map((item) => `${indent}${JSON.stringify(item)}`).join(',\n');
  const counters =
    expected.counters === undefined ? '' : `,\n    "counters": ${JSON.stringify(expected.counters)}`;
  return `{
${lines.join('\n')}
  "samples": [
${block(samples, '    ')}
  ],
  "expected": {
    "initial": ${JSON.stringify(expected.initial)},
    "samples": [
${block(expected.samples, '      ')}
    ]${counters}
  }
}
`;
}

/** Checks that the parts of a trace fit together. Each part that does not is an issue at its path. */
function checkCoreTrace(trace: CoreTrace, context: z.core.$RefinementCtx): void {
  const part = new Part(trace, context);
  const { steps, samples, image, program, hwModel } = trace;
  if ((image === undefined) !== (program !== undefined && hwModel !== undefined))
    part.issue('expected either program and hwModel, or image');
  const [populations, fields] = [trace.populations, trace.fields].map((list) => list.map(({ name }) => name));
  part
    .at('populations')
    .as(populations ?? [])
    .distinct('population');
  part
    .at('fields')
    .as(fields ?? [])
    .distinct('field');
  part.at('input').known(populations ?? [], 'population');
  for (const sample of part.at('samples').items()) {
    const inputs = sample.at('inputs');
    const { length } = inputs.value;
    if (length === 0 || length > steps)
      inputs.issue(`expected 1 to ${steps} items, one for each step of the sample, found ${length}`);
    checkSpikes(inputs, length, trace.input, 'an input', part);
    checkValues(sample.at('values'), inputs.value, trace.input, trace);
  }
  const expected = part.at('expected');
  checkFields(expected.at('initial'), trace);
  for (const { name } of trace.fields) {
    if (!Object.hasOwn(trace.expected.initial, name))
      expected.at('initial').issue(`expected all fields, '${name}' is missing`);
  }
  expected.at('samples').length(samples.length, 'one for each sample');
  for (const [index, sample] of expected.at('samples').items().entries()) {
    // A sample may have fewer steps than the program.
    const presented = samples[index]?.inputs.length ?? steps;
    checkSample(sample, (sample.value.replayed === true ? 2 : 1) * presented, part);
  }
  const counters = expected.at('counters').present();
  counters
    ?.at('banks')
    .as(counters.value.banks.map(({ name }) => name))
    .distinct('bank');
  for (const [name, spikes] of counters?.at('spikes').entries() ?? [])
    spikes.as(name).known(populations ?? [], 'population');
}

function checkSample(sample: Part<TraceSampleExpected>, steps: number, trace: Part<CoreTrace>): void {
  const populations = trace.value.populations.map(({ name }) => name);
  for (const [name, spikes] of sample.at('spikes').entries())
    if (spikes.as(name).known(populations, 'population')) checkSpikes(spikes, steps, name, 'a neuron', trace);
  for (const [name, values] of sample.at('values').present()?.entries() ?? [])
    if (values.as(name).known(populations, 'population'))
      checkValues(values, sample.value.spikes[name] ?? [], name, trace.value);
  for (const list of sample.each('cycles', 'steps')) list.present()?.length(steps, 'one for each step');
  for (const values of sample.at('steps').present()?.items() ?? []) checkFields(values, trace.value);
  checkFields(sample.at('fields'), trace.value);
}

function checkSpikes(
  byStep: Part<readonly (readonly number[])[]>,
  steps: number,
  of: string,
  what: string,
  trace: Part<CoreTrace>,
): void {
  byStep.length(steps, 'one for each step');
  const population = trace
    .at('populations')
    .items()
    .find(({ value }) => value.name === of);
  const size = population?.value.size ?? 0;
  if (byStep.value.every((spikes) => spikes.every((neuron) => neuron < size))) return;
  // Every field of a population has an item for each neuron. If all are larger, the size is wrong, not the spike.
  const larger = trace.value.fields.find(({ name, items }) => name.startsWith(`${of}.`) && items > size);
  if (larger === undefined) for (const spikes of byStep.items()) spikes.allBelow(size, what);
  else population?.at('size').expect(false, `${larger.items}, the items of ${larger.name}`);
}

function checkValues(
  values: Part<readonly (readonly number[])[] | undefined>,
  spikes: readonly (readonly number[])[],
  of: string,
  { populations }: CoreTrace,
): void {
  const { payload } = populations.find(({ name }) => name === of) ?? {};
  const byStep = values.present();
  if ((byStep === undefined) !== (payload === undefined))
    values.issue(`expected ${payload === undefined ? 'none' : 'numbers'}: see the payload of '${of}'`);
  if (byStep === undefined || payload === undefined) return;
  byStep.length(spikes.length, 'one for each step');
  const { low, high } = integerRange(payload.bits, payload.signed);
  for (const [step, numbers] of byStep.items().entries()) {
    numbers.length(spikes[step]?.length ?? 0, 'one for each spike');
    numbers.all((value) => value >= low && value <= high, `${low} to ${high}`);
  }
}

function checkFields(values: Part<FieldValues>, { fields }: CoreTrace): void {
  for (const [name, items] of values.entries<readonly number[]>()) {
    const field = fields.find((one) => one.name === name);
    if (field === undefined) {
      items.as(name).known(
        fields.map((one) => one.name),
        'field',
      );
      continue;
    }
    items.length(field.items, 'as the list of fields says');
    if (field.storage === 'float32') continue;
    const { low, high } = integerRange(field.bits, field.signed);
    const isInRange = (value: number): boolean => Number.isInteger(value) && value >= low && value <= high;
    items.all(isInRange, `a whole number, ${low} to ${high}`);
  }
}

export const coreTraceFormat = 'plasticore-trace/1';

const number = z.number({ error: wanted('a number') });

const values = recordOf(z.string(), list(number, 'the items of a field')).describe(
  'By field, the value of each item; a listed field that is not there is as it was at the point before',
);

const byPopulation = <Item extends z.ZodType>(item: Item) => recordOf(z.string(), item);

const carried = list(list(integer(-(2 ** 23), 2 ** 24 - 1), 'numbers'), 'by step, numbers');

/** On a chip of many cores, a step may take a part of a cycle. */
const cycles = z.number({ error: expected('a number of cycles, at least 0') }).min(0);

const sample = strictObject({
  epoch: whole('an epoch', 0).describe('From 0: which values of scheduled parameters hold'),
  learn: truth.describe('Whether actions of learning run'),
  place: strictObject({ index: whole('a sample of a pass', 0), isLast: truth })
    .optional()
    .describe(
      'Its place in its pass over the data, where actions of the program run once for a batch of samples',
    ),
  host: strictObject({ label: whole('a class', 0).describe('What the host writes as host.label') }).describe(
    'Scalars that the host writes before the sample; host.step counts from 0',
  ),
  inputs: list(list(whole('an input', 0), 'inputs'), 'by step, inputs').describe(
    'By step, the inputs that spike, in the order in which the host supplies them',
  ),
  values: carried.optional().describe('By step, what each of these spikes carries, where they carry numbers'),
});

const sampleExpected = strictObject({
  spikes: byPopulation(list(list(whole('a neuron', 0), 'neurons'), 'by step, neurons')).describe(
    'By population and step, the neurons that spike, in the order of their emission; only those stated are compared',
  ),
  values: byPopulation(carried)
    .optional()
    .describe('By population and step, what each of these spikes carries, where they carry numbers'),
  replayed: truth
    .optional()
    .describe(
      'Whether the sample is presented again: each list by step then goes on with the steps of the second presentation',
    ),
  cycles: list(cycles, 'by step, cycles')
    .optional()
    .describe(
      'By step, the cycles that it takes, on a chip of many cores those of its time; step 0 includes what the start of the sample takes',
    ),
  steps: list(values, 'by step, fields').optional().describe('By step, the fields after it'),
  fields: values.describe('The fields after the sample'),
  answer: whole('a class', 0).optional().describe('The first of the largest items of the readout'),
});

/** The parts of a `plasticore-trace/1`, each validated by itself. */
const coreTraceParts = strictObject({
  format: z.literal(coreTraceFormat),
  name: text('a name'),
  description: text('a description').default(''),
  program: text('the name or path of a program')
    .optional()
    .describe('A bundled program by name, or a path from this file'),
  hwModel: text('the name or path of an hw-model')
    .optional()
    .describe('A bundled hw-model by name, or a path from this file'),
  image: text('the path of an image')
    .optional()
    .describe('In place of program and hwModel: a .pcore file, as a path from this file'),
  precision: text('a precision'),
  seed: whole('a seed', 0, 2 ** 32 - 1),
  settings: list(text('path=value'), 'settings')
    .default([])
    .describe('What replaces parts of the program (program.…) or the hw-model (hw.…)'),
  placement: recordOf(
    z.string(),
    list(
      strictObject({
        first: whole('a neuron', 0),
        size: whole('a number of neurons', 1),
        core: whole('the number of a core', 0),
      }),
      'slices',
    ),
  )
    .optional()
    .describe('On a chip of many cores: by population, the core of each slice of its neurons'),
  core: strictObject({
    lanes: whole('a number of lanes', 1),
    datapathBits: whole('a number of bits', 1),
    arithmetic: oneOf('an arithmetic', ['integer', 'float32']),
    clockMhz: number.positive({ error: 'expected a frequency above 0' }),
    fifoDepth: whole('a number of places', 1),
    whenFull: oneOf('what a full FIFO does', ['drop', 'stall']),
  }),
  steps: whole('a number of steps', 1).describe(
    'Time steps of a sample, at most: a sample has as many as its inputs',
  ),
  input: text('the name of a population').describe('The population whose spikes the host supplies'),
  populations: list(
    strictObject({
      name: text('a name'),
      size: whole('a number of neurons', 1),
      payload: strictObject({ bits: whole('a number of bits', 1, 24), signed: truth })
        .optional()
        .describe('The number that its spikes carry; none if absent'),
    }),
    'populations',
  ),
  fields: list(
    strictObject({
      name: text('population.field or projection.field'),
      items: whole('a number of items', 1),
      bits: whole('a number of bits', 1, 32),
      signed: truth,
      storage: oneOf('a storage', ['integer', 'float32']),
    }),
    'fields',
  ).describe('The fields that the trace states. Items of a projection are its synapses, row by row'),
  samples: list(sample, 'samples').describe('The stimulus, in order'),
  expected: strictObject({
    initial: values.describe('All the fields before the first sample'),
    samples: list(sampleExpected, 'one for each sample'),
    counters: strictObject({
      cycles,
      spikes: byPopulation(whole('a number of spikes', 0)),
      router: strictObject(byFifoCounter((name) => whole(`a number of ${name}`, 0))),
      banks: list(
        strictObject({
          name: text('a bank'),
          wordsRead: whole('a number of words', 0),
          wordsWritten: whole('a number of words', 0),
        }),
        'banks',
      ),
    })
      .optional()
      .describe('Of all samples together'),
  }),
});

/** The behaviour of a core: the schema of `plasticore-trace/1`. */
export const coreTraceSchema = coreTraceParts.superRefine(checkCoreTrace);

export type CoreTrace = z.infer<typeof coreTraceParts>;
export type TraceSample = CoreTrace['samples'][number];
export type TraceExpected = CoreTrace['expected'];
export type TraceSampleExpected = TraceExpected['samples'][number];
export type FieldValues = Readonly<Record<string, readonly number[]>>;
