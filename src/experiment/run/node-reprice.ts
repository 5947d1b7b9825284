import { dirname, join } from 'node:path';
import { imageOn } from '../../compiler/index.ts';
import { findFile, readBytes, readText, statIfThere } from '../../fs/index.ts';
import { checkJson, parseJson } from '../../golden/index.ts';
import { functionOf, type HwModel } from '../../hardware/index.ts';
import {
  type ActivityCounts,
  activityCountsSchema,
  activityShape,
  type Image,
  type ProgramView,
  readImage,
  withActivity,
} from '../../image/index.ts';
import {
  energy,
  isSharedRun,
  type Report,
  reprice,
  scoredPhase,
  sharedRunMessage,
} from '../../report/index.ts';
import { wiredFor } from '../../rtl/index.ts';
import { command, isBareName, option, PlasticoreError } from '../../text/index.ts';
import {
  describeSettings,
  findHwModel,
  joinSettings,
  parseSettings,
  type Settings,
} from '../description/index.ts';
import { runFiles, studyFiles } from '../disk/node-folder.ts';
import { readCounts, readReport, type StoredCounts } from './node-outcome.ts';

/** Another core for what has run. */
export interface OtherCore {
  /** Name or path of an hw-model; default: the one that the run ran on. */
  readonly hw?: string | undefined;
  /** `path=value`, as the option `set` takes them; added to those of the run. */
  readonly set?: readonly string[] | undefined;
  /** The file with the bits that toggle, of a run of the same program; if absent, as many as figures assume. */
  readonly activity?: string | undefined;
}

/**
 * The report of a finished run as it would be on another core that does the same: its counts at other prices. Nothing
 * runs.
 *
 * @param folder the run's
 * @throws PlasticoreError `file` if the run has not left what it takes; `usage` if the core does not do the same, or
 * the activity is that of another; `fit` if the program does not fit it
 */
export function repriceRun(folder: string, { hw: reference, set = [], activity }: OtherCore): Report {
  const { report, image, counts } = readPricedRun(folder);
  const { provenance } = report;
  const asked = parseSettings(set);
  for (const [target, overrides] of Object.entries({
    program: asked.program,
    experiment: asked.experiment,
  })) {
    if (overrides[0] === undefined) continue;
    throw new PlasticoreError('usage', `changes the ${target}, which has run already`, {
      ...overrides[0].place,
      hint: `${option('set', 'hw.…=…')} changes what the core costs`,
    });
  }
  const own = parseSettings(provenance.settings);
  const imageFor = (name: string, settings: Settings): Image => {
    const open = findHwModel({ name, from: '' }, provenance.precision, findFile, settings.hw);
    const hw = wiredFor(image, open);
    checkFunction(counts.function, hw, folder);
    return imageOn(image, hw);
  };
  const name = reference ?? counts.hw ?? provenance.hwModel;
  if (reference === undefined) checkSame(report, reprice(report, counts, imageFor(name, own)), name);
  const settings = joinSettings(own, asked);
  const other = imageFor(name, settings);
  const seen = activity === undefined ? undefined : readActivity(activity, other);
  const priced = seen === undefined ? other : { ...other, costs: withActivity(other, seen) };
  const repriced = reprice(report, counts, priced);
  return { ...repriced, provenance: { ...repriced.provenance, settings: describeSettings(settings) } };
}

/** Makes sure that a core has the prices that it had when the run ran on it. */
function checkSame(report: Report, repriced: Report, hw: string): void {
  const [had, has] = [energyOf(report), energyOf(repriced)];
  if (had === has) return;
  throw new PlasticoreError('usage', `has changed since the run: ${energy(has)} now, ${energy(had)} then`, {
    file: isBareName(hw) ? `hw-model '${hw}'` : hw,
    hint: `${option('hw', hw)} prices the run for it as it is now`,
  });
}

/** Null where nobody knows it: a core has energies in all phases, or in none. */
function energyOf(report: Report): number | null {
  const [learning, scored] = [report.train.energyPj.total, scoredPhase(report).phase.energyPj.total];
  return learning === null || scored === null ? null : learning + scored;
}

/** The rate of errors in a function of a core, and its key in an hw-model. */
const rate = { path: 'faults.rate', key: 'faults.bitErrorRate' } as const;

function checkFunction(ran: Readonly<Record<string, unknown>> | null, hw: HwModel, folder: string): void {
  if (ran === null)
    throw new PlasticoreError('usage', 'is the run of an image, which does not say what its core does', {
      file: folder,
      hint: 'run the experiment that it was compiled from',
    });
  // As the file holds it.
  const other = JSON.parse(JSON.stringify(functionOf(hw))) as Readonly<Record<string, unknown>>;
  const found = differences(ran, other).map((each) => ({
    ...each,
    path: each.path === rate.path ? rate.key : each.path,
  }));
  if (found.length === 0) return;
  const list = found.map(
    ({ path, had, has }) => `${path} (${had} in the run, ${has} in hw-model '${hw.name}')`,
  );
  throw new PlasticoreError(
    'usage',
    `its counts do not hold for that core, which differs in ${list.join(', ')}`,
    {
      file: folder,
      hint: found.some(({ path }) => path === rate.key)
        ? 'other cells fail at another rate, which bitErrorRate: auto takes from the supply of the banks, so that answers differ: run again on the other core'
        : 'these decide what is counted: run again on the other core',
    },
  );
}

/** A value that two cores do not have in common. */
interface Difference {
  /** Where it is, such as `banks.state.wordBits`. */
  readonly path: string;
  /** In each of them, as a message shows it. */
  readonly had: string;
  readonly has: string;
}

/** The first differing value of each part in which two functions of cores differ. */
function differences(
  ran: Readonly<Record<string, unknown>>,
  other: Readonly<Record<string, unknown>>,
): Difference[] {
  return keysOf(ran, other).flatMap((key) => firstDifference(ran[key], other[key], key) ?? []);
}

function firstDifference(had: unknown, has: unknown, path: string): Difference | undefined {
  if (JSON.stringify(had) === JSON.stringify(has)) return undefined;
  if (isTexts(had) && isTexts(has))
    return {
      path,
      had: shown(had.filter((text) => !has.includes(text))),
      has: shown(has.filter((text) => !had.includes(text))),
    };
  const [first, second] = [partsOf(had), partsOf(has)];
  if (first === undefined || second === undefined) return { path, had: shown(had), has: shown(has) };
  for (const key of keysOf(first, second)) {
    // Parts that have no name are not worth one.
    const found = firstDifference(first[key], second[key], /^\d+$/.test(key) ? path : `${path}.${key}`);
    if (found !== undefined) return found;
  }
  return { path, had: 'in another order', has: 'in its own' };
}

function keysOf(a: object, b: object): string[] {
  return [...new Set([...Object.keys(a), ...Object.keys(b)])];
}

/** The parts of an object, or of a list, whose items are called by their names if they have some. */
function partsOf(value: unknown): Readonly<Record<string, unknown>> | undefined {
  if (typeof value !== 'object' || value === null) return undefined;
  if (!Array.isArray(value)) return value as Readonly<Record<string, unknown>>;
  return Object.fromEntries(value.map((item: unknown, index) => [nameOf(item) ?? String(index), item]));
}

function nameOf(item: unknown): string | undefined {
  const name = typeof item === 'object' && item !== null && 'name' in item ? item.name : undefined;
  return typeof name === 'string' ? name : undefined;
}

function isTexts(value: unknown): value is readonly string[] {
  return Array.isArray(value) && value.every((item) => typeof item === 'string');
}

function shown(value: unknown): string {
  if (value === undefined || (Array.isArray(value) && value.length === 0)) return 'none';
  if (isTexts(value)) return value.join(', ');
  return JSON.stringify(value);
}

/**
 * Reads the toggles that were counted in a window of a run.
 *
 * @param image of the run that they are for
 * @throws PlasticoreError with the place of a fault; `usage` if they were counted on another program, at another
 * precision, or on a core of another shape
 */
function readActivity(file: string, image: ProgramView): ActivityCounts {
  const json = parseJson(readText(file), file);
  const counts = checkJson(json, activityCountsSchema);
  const { shape } = counts;
  const own = activityShape(image);
  const hint = `count them on the same: ${command('trace EXPERIMENT', option('steps', 'A..B'), option('activity', 'FILE'))}`;
  if (shape.program !== own.program || shape.precision !== own.precision)
    throw new PlasticoreError(
      'usage',
      `holds the toggles of '${shape.program}' at ${shape.precision}: expected those of '${own.program}' at ${own.precision}`,
      { file, hint },
    );
  const found = differences({ ...shape }, { ...own });
  if (found.length > 0) {
    const list = found.map(({ path, had, has }) => `${path} (${had} in the file, ${has} in the run)`);
    throw new PlasticoreError('usage', `its toggles are those of a core that differs in ${list.join(', ')}`, {
      file,
      hint,
    });
  }
  if (counts.kernels.length !== shape.kernels.length || counts.banks.length !== shape.banks.length)
    throw new PlasticoreError(
      'invalid-value',
      `expected toggles of ${shape.kernels.length} kernels and ${shape.banks.length} banks, found ${counts.kernels.length} and ${counts.banks.length}`,
      { file, hint },
    );
  return counts;
}

/** The files in the folder of a run from which it is priced anew. */
export interface PricedRun {
  readonly report: Report;
  readonly image: Image;
  readonly counts: StoredCounts;
}

const again = `run it again: ${command('run EXPERIMENT', option('out', 'DIR'))}`;

/**
 * Reads the folder of a run whose counts can be priced.
 *
 * @throws PlasticoreError `file` for any other folder, saying what it is
 */
export function readPricedRun(folder: string): PricedRun {
  const refuse = (what: string, hint: string): never => {
    throw new PlasticoreError('file', what, { file: folder, hint });
  };
  const has = (name: string): boolean => statIfThere(join(folder, name)) !== undefined;
  const status = statIfThere(folder);
  const expected = `expected the ${option('out')} of a finished run`;
  if (status === undefined) return refuse('there is no such folder', expected);
  if (!status.isDirectory()) return refuse('is a file', `name the folder that holds it: ${dirname(folder)}`);
  const report = readReport(join(folder, runFiles.report));
  if (report === undefined) {
    if (has(studyFiles.space))
      return refuse(
        'is the folder of a study, whose runs keep no image',
        `${studyFiles.designsCsv} has the prices of its designs; those of a front are in ${studyFiles.designs}, to be run: ${command('run EXPERIMENT', option('out', 'DIR'))}`,
      );
    if (has(runFiles.checkpoint))
      return refuse(
        'is the folder of a run that is not finished',
        `${command('run EXPERIMENT', option('out', folder), option('resume'))} finishes it`,
      );
    if (has(runFiles.failure))
      return refuse('is the folder of a run that failed', `${runFiles.failure} says why`);
    return refuse(`holds no ${runFiles.report}`, expected);
  }
  if (isSharedRun(report))
    return refuse(
      sharedRunMessage,
      `${command('explore EXPERIMENT', option('out', folder), option('resume'))} completes it`,
    );
  if (report.chip !== undefined)
    return refuse('is the folder of a run on many cores, whose time was counted as it ran', again);
  const name = [runFiles.image, runFiles.compiled].find(has);
  if (name === undefined)
    return refuse('is the folder of a run without an image, such as a cell of a sweep', again);
  if (!has(runFiles.counts)) return refuse(`is the folder of a run, without its ${runFiles.counts}`, again);
  const image = readImage(readBytes(join(folder, name)), join(folder, name));
  return { report, image, counts: readCounts(join(folder, runFiles.counts), image) };
}
