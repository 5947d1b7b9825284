import type * as z from 'zod';
import { jsonSchemaOf } from '../text/index.ts';
import { hwModelSchema } from './checks.ts';

type JsonSchema = z.core.JSONSchema.BaseSchema;

/**
 * The JSON Schema (draft 7) of `hw-models/*.yaml`, for completion and validation in editors.
 *
 * A file that extends another may state any part of a model, and null to remove an entry. Any other file must state a
 * complete model.
 */
export function hwModelJsonSchema(): JsonSchema {
  const title = 'Plasticore hw-model';
  const { $schema, title: _, ...whole } = jsonSchemaOf(hwModelSchema, title);
  return {
    ...($schema === undefined ? {} : { $schema }),
    title,
    ...partial(whole),
    required: ['format', 'name'],
    if: { required: ['extends'] },
    else: whole,
  };
}

/** The same schema with nothing required and null allowed wherever an entry can be removed. */
function partial(schema: JsonSchema): JsonSchema {
  const { required: _, ...rest } = schema;
  const optional = { ...rest };
  if (schema.properties !== undefined) {
    optional.properties = Object.fromEntries(
      Object.entries(schema.properties).map(([key, inner]) => [key, removable(inner)]),
    );
  }
  if (schema.additionalProperties !== undefined) {
    optional.additionalProperties = removable(schema.additionalProperties);
  }
  return optional;
}

function removable(schema: JsonSchema | boolean): JsonSchema | boolean {
  return typeof schema === 'boolean' ? schema : { anyOf: [partial(schema), { type: 'null' }] };
}
