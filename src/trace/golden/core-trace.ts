import * as z from 'zod';
import { checkJson, parseJson } from '../../golden/index.ts';
import { type CoreTrace, coreTraceParts } from './core-trace-parts.ts';
import { checkCoreTrace } from './core-trace-shape.ts';

/** The behaviour of a core: the schema of `plasticore-trace/1`. */
export const coreTraceSchema = coreTraceParts.superRefine(checkCoreTrace);

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
