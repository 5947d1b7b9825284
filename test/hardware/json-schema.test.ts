import { expect, test } from 'vitest';
import * as z from 'zod';
import { hwModelJsonSchema } from '../../src/hardware/index.ts';

const schema = hwModelJsonSchema();
const branch = z.object({
  required: z.array(z.string()),
  additionalProperties: z.literal(false),
  properties: z.record(z.string(), z.unknown()),
});

test('draft 7, with a branch for files that extend another', () => {
  expect(schema).toMatchObject({
    $schema: 'http://json-schema.org/draft-07/schema#',
    if: { required: ['extends'] },
  });
});

test('a whole model states everything but what is optional', () => {
  const { required, properties } = branch.parse(schema.else);
  const optional = Object.keys(properties).filter((key) => !required.includes(key));
  expect(optional.sort()).toEqual([
    'activity',
    'align',
    'bankSupplyV',
    'baseline',
    'chip',
    'clockPower',
    'controller',
    'extends',
    'faults',
    'fetch',
    'fpga',
    'generators',
    'kernels',
    'like',
    'mapping',
    'microcode',
    'operations',
    'otherKernels',
    'precision',
    'registers',
    'sequencer',
    'stepPeriodUs',
    'temperatureC',
    'timeInterval',
  ]);
  expect(properties).toMatchObject({
    lanes: { type: 'integer', minimum: 1, maximum: 1024 },
    arithmetic: { enum: ['integer', 'float32'] },
    banks: {
      additionalProperties: { additionalProperties: false, properties: { macros: { type: 'string' } } },
    },
  });
});

test('a file that extends another may state any part, and null', () => {
  const { required, properties } = branch.parse(schema);
  expect(required).toEqual(['format', 'name']);
  const { anyOf } = z.object({ anyOf: z.array(z.record(z.string(), z.unknown())) }).parse(properties.banks);
  expect(anyOf[1]).toEqual({ type: 'null' });
  const { anyOf: bank } = z
    .object({ anyOf: z.tuple([z.record(z.string(), z.unknown()), z.unknown()]) })
    .parse(anyOf[0]?.additionalProperties);
  expect(bank[0].required).toBeUndefined();
  expect(bank[0].additionalProperties).toBe(false);
});
