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
