import { join } from 'node:path';
import { imageOn } from '../../compiler/index.ts';
import { findFile, readBytes, statIfThere } from '../../fs/index.ts';
import { functionOf, type HwModel } from '../../hardware/index.ts';
import { type Image, readImage } from '../../image/index.ts';
import { type Report, reprice } from '../../report/index.ts';
import { option, PlasticoreError } from '../../text/index.ts';
import { describeSettings, findHwModel, joinSettings, parseSettings } from '../description/index.ts';
import { runFiles } from '../disk/node.ts';
import { readCounts } from './node-counts.ts';
import { readReport } from './node-outcome.ts';

/** Another core for what has run. */
export interface OtherCore {
  /** Name or path of an hw-model; default: the one that the run ran on. */
  readonly hw?: string | undefined;
  /** `path=value`, as the option `set` takes them; added to those of the run. */
  readonly set?: readonly string[] | undefined;
}

/**
 * The report of a finished run as it would be on another core that does the same: its counts at other prices. Nothing
 * runs.
 *
 * @param folder the run's
 * @throws PlasticoreError `file` if the run has not left what it takes; `usage` if the core does not do the same; `fit` if
 * the program does not fit it
 */
export function repriceRun(folder: string, { hw: reference, set = [] }: OtherCore): Report {
  const report = readReport(join(folder, runFiles.report));
  if (report === undefined)
    throw new PlasticoreError('file', `holds no ${runFiles.report}`, {
      file: folder,
      hint: `expected the ${option('out')} of a finished run`,
    });
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
  const settings = joinSettings(parseSettings(provenance.settings), asked);
  const name = reference ?? provenance.hwModel;
  const hw = findHwModel({ name, from: '' }, provenance.precision, findFile, settings.hw);
  const image = imageIn(folder);
  const counts = readCounts(join(folder, runFiles.counts), image);
  checkFunction(counts.function, hw, folder);
  const repriced = reprice(report, counts, imageOn(image, hw));
  return { ...repriced, provenance: { ...repriced.provenance, settings: describeSettings(settings) } };
}

function imageIn(folder: string): Image {
  const path = join(folder, runFiles.image);
  if (statIfThere(path) !== undefined) return readImage(readBytes(path), path);
  throw new PlasticoreError('file', `holds no ${runFiles.image}, whose kernels are priced`, {
    file: folder,
    hint: 'a run leaves one if it trains, on a single core: run again on the other core',
  });
}

function checkFunction(ran: Readonly<Record<string, unknown>> | null, hw: HwModel, folder: string): void {
  if (ran === null)
    throw new PlasticoreError('usage', 'is the run of an image, which does not say what its core does', {
      file: folder,
      hint: 'run the experiment that it was compiled from',
    });
  // As the file holds it.
  const other = JSON.parse(JSON.stringify(functionOf(hw))) as Readonly<Record<string, unknown>>;
  const differing = [...new Set([...Object.keys(ran), ...Object.keys(other)])].filter(
    (key) => JSON.stringify(ran[key]) !== JSON.stringify(other[key]),
  );
  if (differing.length === 0) return;
  const list = differing.map(
    (key) => `${key} (${shown(ran[key])} in the run, ${shown(other[key])} in hw-model '${hw.name}')`,
  );
  throw new PlasticoreError(
    'usage',
    `its counts do not hold for that core, which differs in ${list.join(', ')}`,
    {
      file: folder,
      hint: 'these decide what is counted: run again on the other core',
    },
  );
}

function shown(value: unknown): string {
  const text = JSON.stringify(value) ?? 'none';
  return text.length <= 40 ? text : `${text.slice(0, 40)}…`;
}
