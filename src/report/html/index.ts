/** One HTML page from the reports of runs. */
import type { RunFolder } from './input.ts';

/**
 * Makes one self-contained HTML page from the files of runs. The page opens without a network.
 *
 * The chart library is slow to load, so the first call loads it.
 *
 * @param summary the text of a sweep's `summary.csv`, which lists the cells without a result
 * @throws PlasticoreError if a report is damaged, foreign or too new, if another file is damaged, or if there are no
 * runs
 */
export async function htmlReport(folders: readonly RunFolder[], summary?: string): Promise<string> {
  const [{ makePage }, { draw }] = await Promise.all([import('./page.ts'), import('./render.ts')]);
  return makePage(folders, summary, draw);
}
