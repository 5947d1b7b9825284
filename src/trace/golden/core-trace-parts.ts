import * as z from 'zod';
import { byFifoCounter } from '../../image/index.ts';
import {
  expected,
  found,
  integer,
  list,
  oneOf,
  recordOf,
  strictObject,
  text,
  truth,
  whole,
} from '../../text/index.ts';

export const coreTraceFormat = 'plasticore-trace/1';

const number = z.number({ error: ({ input }) => `expected a number, found ${found(input)}` });

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
export const coreTraceParts = strictObject({
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

export type CoreTrace = z.infer<typeof coreTraceParts>;
export type TraceSample = CoreTrace['samples'][number];
export type TraceExpected = CoreTrace['expected'];
export type TraceSampleExpected = TraceExpected['samples'][number];
export type FieldValues = Readonly<Record<string, readonly number[]>>;
