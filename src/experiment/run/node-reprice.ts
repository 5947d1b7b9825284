import { imageOn } from '../../compiler/index.ts';
import { findFile } from '../../fs/index.ts';
import { functionOf, type HwModel } from '../../hardware/index.ts';
import { type Image, withActivity } from '../../image/index.ts';
import { energy, type Report, reprice, scoredPhase } from '../../report/index.ts';
import { isBareName, option, PlasticoreError } from '../../text/index.ts';
import {
  describeSettings,
  findHwModel,
  joinSettings,
  parseSettings,
  type Settings,
} from '../description/index.ts';
import { differences } from './differences.ts';
import { readActivity } from './node-activity.ts';
import { readPricedRun } from './node-priced-run.ts';

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
    const hw = findHwModel({ name, from: '' }, provenance.precision, findFile, settings.hw);
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
