import { z } from 'zod';

/**
 * A key with its meaning and examples, for the reference page of the format and for editors. Defaults and ranges are
 * those of its schema.
 */
export function key<Schema extends z.ZodType>(
  schema: Schema,
  description: string,
  ...examples: readonly unknown[]
): Schema {
  return schema.meta({ description, ...(examples.length > 0 && { examples }) });
}

/**
 * The JSON Schema (draft 7) of what a file of a format may hold, by which editors complete and check it, and from which
 * its reference page is made.
 */
export function jsonSchemaOf(schema: z.ZodType, title: string): z.core.JSONSchema.BaseSchema {
  const { $schema, ...rest } = z.toJSONSchema(schema, {
    target: 'draft-7',
    io: 'input',
    unrepresentable: 'any',
    override: ({ zodSchema, jsonSchema }) => {
      // Zod leaves out the examples of what contains a transform: a population's size may come from its shape.
      const examples = z.globalRegistry.get(zodSchema)?.examples;
      if (Array.isArray(examples)) jsonSchema.examples = examples;
    },
  });
  return { ...($schema === undefined ? {} : { $schema }), title, ...rest };
}
