import { found, PlasticoreError, suggest } from '../../text/index.ts';
import { coreTraceSchema } from './core-trace.ts';
import { type CoreTrace, coreTraceFormat } from './core-trace-parts.ts';
import { checkJson, type JsonText, parseJson } from './json.ts';
import { type OdinTrace, odinFormat, odinSchema } from './odin.ts';
import { type ReckonTrace, reckonFormat, reckonSchema } from './reckon.ts';

/** A trace of any format; its `format` tells which. */
export type Trace = CoreTrace | OdinTrace | ReckonTrace;
export type TraceFormat = Trace['format'];

const readers: Readonly<Record<TraceFormat, (json: JsonText) => Trace>> = {
  [coreTraceFormat]: (json) => checkJson(json, coreTraceSchema),
  [odinFormat]: (json) => checkJson(json, odinSchema),
  [reckonFormat]: (json) => checkJson(json, reckonSchema),
};

export const traceFormats = Object.keys(readers) as readonly TraceFormat[];

/**
 * Reads a trace and checks all of it: no key is unknown, each value is in its range, and the parts fit each other.
 *
 * @param file what errors call the text
 * @throws PlasticoreError with place, path, what was found and expected
 */
export function readTrace(text: string, file: string): Trace {
  const json = parseJson(text, file);
  const format = formatOf(json);
  const known = traceFormats.find((name) => name === format);
  if (known !== undefined) return readers[known](json);
  const [kind = '', version = ''] = format.split('/');
  const older = traceFormats.find((name) => name.split('/')[0] === kind);
  throw new PlasticoreError('format', `format: expected ${traceFormats.join(', ')}, found '${format}'`, {
    ...json.locate(['format']),
    hint:
      older !== undefined && /^\d+$/.test(version)
        ? `this release reads ${older}; it needs plasticore ${version}.0 or later`
        : suggest(format, traceFormats),
  });
}

function formatOf({ value, locate }: JsonText): string {
  const format = typeof value === 'object' && value !== null && 'format' in value ? value.format : undefined;
  if (typeof format === 'string') return format;
  throw new PlasticoreError(
    'format',
    `format: expected ${traceFormats.join(', ')}, found ${found(format)}`,
    locate(['format']),
  );
}
