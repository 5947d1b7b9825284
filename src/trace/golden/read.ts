import { chips as bundledChips, type Chip, checkModule } from '../../chips/index.ts';
import {
  type GoldenFormat,
  type GoldenTrace,
  goldenFormat,
  type JsonText,
  parseJson,
  type ReplayContext,
} from '../../golden/index.ts';
import type { Image } from '../../image/index.ts';
import { found, nearest, newerFormat, option, PlasticoreError } from '../../text/index.ts';
import { coreTraceSchema } from './core-trace.ts';
import { coreTraceFormat } from './core-trace-parts.ts';
import { replayCoreTrace } from './replay.ts';

/** Traces of any core, as `recordTrace` makes them. */
const coreGolden = goldenFormat(coreTraceFormat, coreTraceSchema, replayCoreTrace);

/** Loads all formats of golden traces: the general one for any core, and those of chips. */
export async function goldenFormats(chips: readonly Chip[] = bundledChips): Promise<readonly GoldenFormat[]> {
  const ofChips = await Promise.all(
    chips.map(async (chip) => ((await chip.golden?.()) ?? []).map((format) => formatOn(chip, format))),
  );
  return [coreGolden, ...ofChips.flat()];
}

/** A format of a chip, whose replays refuse images that are for another module than the chip is in. */
function formatOn(chip: Chip, { name, read }: GoldenFormat): GoldenFormat {
  const checked = (image: Image): Image => {
    const { controller, controllerModule: module } = image.core;
    if (controller === chip.name) checkModule({ chip: controller, module }, chip);
    return image;
  };
  const within = (context: ReplayContext): ReplayContext => ({
    ...context,
    deploy: (request) => checked(context.deploy(request)),
    readImage: (reference) => checked(context.readImage(reference)),
  });
  return {
    name,
    read(json) {
      const trace = read(json);
      return { ...trace, replay: (context) => trace.replay(within(context)) };
    },
  };
}

/**
 * Reads a trace of any format and validates it completely: no key is unknown or duplicated, each value is in range, and
 * the parts fit together.
 *
 * @param file names the text in errors
 * @param formats the formats that are accepted, from {@link goldenFormats}
 * @throws PlasticoreError with the place, the path, what was found and what was expected
 */
export function readTrace(text: string, file: string, formats: readonly GoldenFormat[]): GoldenTrace {
  const names = formats.map(({ name }) => name);
  const json = parseJson(text, file);
  const name = formatOf(json, names);
  const format = formats.find((candidate) => candidate.name === name);
  if (format !== undefined) return format.read(json);
  const place = json.locate(['format']);
  const newer = names.map((known) => newerFormat(name, known)).find((message) => message !== undefined);
  if (newer !== undefined) throw new PlasticoreError('format', `format: ${newer}`, place);
  const near = nearest(name, names);
  throw new PlasticoreError('format', `format: expected ${names.join(', ')}, found '${name}'`, {
    ...place,
    hint: `${near === undefined ? '' : `did you mean '${near}'? If not, `}load the module that reads it: ${option('chip', 'FILE.mjs')}`,
  });
}

function formatOf({ value, locate }: JsonText, names: readonly string[]): string {
  const format = typeof value === 'object' && value !== null && 'format' in value ? value.format : undefined;
  if (typeof format === 'string') return format;
  throw new PlasticoreError(
    'format',
    `format: expected ${names.join(', ')}, found ${found(format)}`,
    locate(['format']),
  );
}
