import * as z from 'zod';
import { found, list, recordOf, strictObject, text, wanted, whole } from '../../text/index.ts';

export const controllerFormat = 'plasticore-controller-trace/1';

const number = z.number({ error: wanted('a number') });
const numbers = list(number, 'numbers');
const integer = z.int({ error: wanted('a whole number') });

/** For each core, by name: fields of the program, registers, columns of tables, and generators (`generators.noise`). */
const memories = list(recordOf(z.string(), numbers), 'one for each core');

const settings = recordOf(z.string(), z.unknown()).optional();

const input = z
  .tuple([text('the name of an input')], integer, {
    error: ({ input: value }) => `expected an input, [name, number, ...], found ${found(value)}`,
  })
  .describe('The name of an input, and the numbers that come with it');

const banks = list(
  strictObject({
    name: text('a bank'),
    wordsRead: whole('a number of words', 0),
    wordsWritten: whole('a number of words', 0),
  }),
  'banks',
)
  .refine((all) => new Set(all.map(({ name }) => name)).size === all.length, {
    error: 'expected each bank once',
  })
  .optional();

const step = strictObject({
  cycles: whole('a cycle', 0).optional().describe('The clock after the input'),
  records: recordOf(z.string(), list(list(integer, 'numbers'), 'rows'))
    .optional()
    .describe('By record, what the input adds to it; a record that is not there stays as it is'),
  banks: banks.describe('Words that the input reads and writes, in all cores'),
  states: memories.optional().describe('Of each core, what has changed since the input before'),
});

/** Recordings of a chip whose controller is data. What they state follows from the controller. */
export const controllerTraceSchema = strictObject({
  format: z.literal(controllerFormat),
  name: text('a name'),
  description: text('a description').default(''),
  program: text('the name or path of a program').optional().describe('A path is relative to this file'),
  hwModel: text('the name or path of an hw-model').optional().describe('A path is relative to this file'),
  image: text('the path of an image')
    .optional()
    .describe('In place of program and hwModel: a .pcore file, relative to this file'),
  precision: text('a precision').default('own'),
  seed: whole('a seed', 0, 2 ** 32 - 1).default(1),
  settings: strictObject({ program: settings, hw: settings })
    .optional()
    .describe('Values that replace parts of program and hw-model, by path: parameters.served'),
  memories: memories
    .default([])
    .describe('What the memories of each core hold before the first input; what is not there is as it was'),
  inputs: list(input, 'inputs'),
  expected: strictObject({
    inputs: list(step, 'one for each input'),
    states: memories
      .optional()
      .describe('Of each core, in the end. A list that is shorter states the first numbers'),
    contents: list(recordOf(z.string(), list(text('hexadecimal digits'), 'words')), 'one for each core')
      .optional()
      .describe('Of each core, in the end: the words of banks, in hexadecimal digits'),
    banks: banks.describe('Words that all inputs together read and write, in all cores'),
    counters: strictObject({
      pushes: whole('a number of entries', 0),
      pops: whole('a number of entries', 0),
      drops: whole('a number of entries', 0),
    })
      .optional()
      .describe('Of all queues'),
  }),
}).superRefine(({ inputs, expected, image, program, hwModel }, context) => {
  if ((image === undefined) === (program === undefined || hwModel === undefined))
    context.addIssue({
      code: 'custom',
      path: image === undefined ? [] : ['image'],
      message: 'expected program and hwModel, or an image',
    });
  if (expected.inputs.length !== inputs.length)
    context.addIssue({
      code: 'custom',
      path: ['expected', 'inputs'],
      message: `expected ${inputs.length} items (one for each input), found ${expected.inputs.length}`,
    });
});

export type ControllerTrace = z.infer<typeof controllerTraceSchema>;
export type ControllerExpected = ControllerTrace['expected'];
export type ControllerStep = ControllerExpected['inputs'][number];
export type Memories = z.infer<typeof memories>;
