import {
  chips as bundledChips,
  type Chip,
  checkModule,
  controllerRecordings,
  type RecordedFrom,
} from '../../chips/index.ts';
import type { Dataset } from '../../data/index.ts';
import { type Cell, lastingStages, Session } from '../../experiment/index.ts';
import {
  type GoldenFormat,
  type GoldenTrace,
  goldenFormat,
  type JsonText,
  parseJson,
  type ReplayContext,
} from '../../golden/index.ts';
import type { Image } from '../../image/index.ts';
import { command, found, nearest, newerFormat, option, PlasticoreError } from '../../text/index.ts';
import { coreTraceFormat, coreTraceSchema } from './core-trace.ts';
import { replayCoreTrace } from './replay.ts';

/** Traces of any core, as `recordTrace` makes them. */
const coreGolden = goldenFormat(coreTraceFormat, coreTraceSchema, replayCoreTrace);

/** Loads all formats of golden traces: that of any core, that of controllers as data, and those of chips. */
export async function goldenFormats(chips: readonly Chip[] = bundledChips): Promise<readonly GoldenFormat[]> {
  const ofChips = await Promise.all(
    chips.map(async (chip) => ((await chip.golden?.()) ?? []).map((format) => formatOn(chip, format))),
  );
  return [coreGolden, await controllerRecordings(), ...ofChips.flat()];
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
  // A format of a chip's own is named after the chip, whose module has its name.
  const [, chip] = /^([\w-]+)-golden\/\d+$/.exec(name) ?? [];
  const near = chip === undefined ? nearest(name, names) : undefined;
  throw new PlasticoreError('format', `format: expected ${names.join(', ')}, found '${name}'`, {
    ...place,
    hint: `${near === undefined ? '' : `did you mean '${near}'? If not, `}load the module that reads it: ${option('chip', `${chip ?? 'FILE'}.mjs`)}`,
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

/**
 * Runs a cell that hosts a chip on data, as an experiment does, and records what the chip did, in a format of its own.
 *
 * @throws PlasticoreError `usage` if the host of the chip cannot record, `data` if the data do not fit the chip
 */
export function chipTraceOf(
  cell: Cell,
  data: Dataset,
  {
    source,
    ...options
  }: {
    readonly engine?: string | undefined;
    readonly chips: readonly Chip[];
    readonly source?: RecordedFrom | undefined;
  },
): unknown {
  const session = new Session(cell, data, { ...options, stages: lastingStages(cell, data) });
  const { program, provenance } = cell.image;
  const end = session.host.record?.({
    name: cell.name,
    source,
    description: `${program} as Plasticore ${provenance.compiler} runs it on ${data.name}`,
  });
  if (end === undefined)
    throw new PlasticoreError('usage', `'${cell.name}' hosts a chip whose host writes no golden traces`, {
      hint: `${command('verify')} replays the recordings of chips, in formats of their own`,
    });
  let presented = session.next();
  while (presented !== undefined) presented = session.next();
  return end();
}
