import * as z from 'zod';

/** A key with its meaning and examples, for reference pages and editors. Defaults and ranges come from its schema. */
export function key<Schema extends z.ZodType>(
  schema: Schema,
  description: string,
  ...examples: readonly unknown[]
): Schema {
  return schema.meta({ description, ...(examples.length > 0 && { examples }) });
}

/**
 * The JSON Schema (draft 7) of a file format. Editors use it to complete and check files, and the reference page is
 * generated from it.
 */
export function jsonSchemaOf(schema: z.ZodType, title: string): z.core.JSONSchema.BaseSchema {
  const { $schema, ...rest } = z.toJSONSchema(schema, {
    target: 'draft-7',
    io: 'input',
    unrepresentable: 'any',
    override: ({ zodSchema, jsonSchema }) => {
      // Zod drops the examples of schemas that contain a transform: a population's size may come from its shape.
      const examples = z.globalRegistry.get(zodSchema)?.examples;
      if (Array.isArray(examples)) jsonSchema.examples = examples;
    },
  });
  return { ...($schema === undefined ? {} : { $schema }), title, ...rest };
}

type JsonSchema = z.core.JSONSchema.BaseSchema;

/**
 * The JSON Schema of files that may extend another one of their kind. One that does may state any part, and null to
 * remove an entry. Any other file must be complete.
 */
export function layeredJsonSchema(schema: z.ZodType, title: string): JsonSchema {
  const { $schema, title: _, ...whole } = jsonSchemaOf(schema, title);
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
