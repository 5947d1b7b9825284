import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, isAbsolute, join, relative, resolve } from 'node:path';
import type { Experiment } from '../../experiment/index.ts';
import {
  checkClaim,
  claimFolder,
  exploreFiles,
  removeDesigns,
  removeResults,
} from '../../experiment/node.ts';
import { lockFolder, makeFolder, readTextIfThere, writeAtomically } from '../../fs/index.ts';
import { type Exploration, exploreCsv } from '../../report/index.ts';
import type { Find } from '../../text/index.ts';
import { checkNoJobs } from '../runs/slurm/node-slurm.ts';
import { experimentOf, type SpaceSource } from '../space/index.ts';
import { DesignSearch } from './node-design-search.ts';
import type { SearchOptions } from './node-search-options.ts';

export interface ExploreOptions extends SearchOptions {
  /** Folder for the space, all runs, and the results of the search. */
  readonly out?: string | undefined;
  /** Continues with the runs in `out`. */
  readonly resume?: boolean | undefined;
  /** Removes existing results in `out` first. */
  readonly overwrite?: boolean | undefined;
}

/** Earlier releases named the runs of their folders differently. */
const spaceSchema = 'plasticore/space/2';

/**
 * Searches the space of an experiment for designs. Designs that do the same share one run for each seed;
 * their costs are priced from its counts. With `out`, runs are kept there, so that a search that was stopped
 * continues from them, and another search finds them.
 *
 * A design that does not fit, or fails, is a result with its reason.
 *
 * @throws PlasticoreError for invalid input; `usage` if the folder holds something else; the signal's reason
 */
export async function explore(
  experiment: Experiment,
  source: SpaceSource,
  options: ExploreOptions,
  find: Find,
): Promise<Exploration> {
  const { out, resume = false, overwrite = false } = options;
  checkClaim(options, 'runs/designs');
  if (out === undefined) {
    const folder = mkdtempSync(join(tmpdir(), 'plasticore-explore-'));
    try {
      return await new DesignSearch(experiment, source, options, find, folder).run(() => undefined);
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  }
  const search = new DesignSearch(experiment, source, options, find, join(out, exploreFiles.runs));
  const release = lockFolder(out);
  try {
    claimFolder(out, 'search', { resume, overwrite });
    if (options.on === undefined) checkNoJobs(out);
    const found = await search.run((store) => {
      const file = join(out, exploreFiles.space);
      if (overwrite) removeResults(out);
      else if (readTextIfThere(file)?.includes(spaceSchema) === false) store.rename();
      const space = { schema: spaceSchema, experiment: experiment.spec.name, ...source.spec };
      writeAtomically(file, `${JSON.stringify(space, null, 2)}\n`);
    });
    writeAtomically(join(out, exploreFiles.json), `${JSON.stringify(found, null, 2)}\n`);
    writeAtomically(join(out, exploreFiles.csv), exploreCsv(found));
    writeFront(found, experiment, search, join(out, exploreFiles.designs));
    return found;
  } finally {
    release();
  }
}

/** Writes each design of the front as an experiment, in place of those of an earlier search. */
function writeFront(
  { front }: Exploration,
  experiment: Experiment,
  search: DesignSearch,
  folder: string,
): void {
  removeDesigns(folder);
  makeFolder(folder);
  for (const name of front) {
    const text = experimentOf(experiment, search.common, search.designNamed(name), (reference, from) => {
      const path = isAbsolute(reference) ? reference : join(from === '' ? '.' : dirname(from), reference);
      const moved = isAbsolute(reference) ? path : relative(resolve(folder), resolve(path));
      return moved.startsWith('.') || isAbsolute(moved) ? moved : `./${moved}`;
    });
    writeAtomically(join(folder, `${name}.yaml`), text);
  }
}
