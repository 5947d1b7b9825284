/** One HTML page from the reports of runs. */
import type { RunFolder } from './input.ts';

/**
 * One self-contained HTML page from the files of runs: it opens without a network.
 *
 * The charts' library is loaded on the first call only, because it takes a while to load.
 *
 * @param summary the text of a sweep's `summary.csv`, which lists the cells without a result
 * @throws PlasticoreError for a report that is damaged, foreign or too new, for other damaged files, and for no runs
 */
export async function htmlReport(folders: readonly RunFolder[], summary?: string): Promise<string> {
  const [{ makePage }, { draw }] = await Promise.all([import('./page.ts'), import('./render.ts')]);
  return makePage(folders, summary, draw);
}
