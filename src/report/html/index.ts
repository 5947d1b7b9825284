/** One HTML page from the reports of runs. */
import type { StudyReport } from '../schema-study.ts';
import type { DataSubject } from './data-source.ts';
import type { RunFolder } from './input.ts';
import type { Page, PageSource } from './page-source.ts';

/**
 * Makes one self-contained HTML page from the files of runs. The page opens without a network.
 *
 * The chart library is slow to load, so the first call loads it.
 *
 * @param study the result of the sweep or the search that they are of
 * @throws PlasticoreError if a report is damaged, foreign or too new, if another file is damaged, or if there are no
 * runs
 */
export async function htmlReport(folders: readonly RunFolder[], study?: StudyReport): Promise<string> {
  return (await reportPage({ folders, study })).text;
}

/** The same with all pictures as files of their own; a search for designs has a page, too. */
export async function reportPage(source: PageSource): Promise<Page> {
  const [{ makePage }, { draw }] = await Promise.all([import('./page.ts'), import('./render.ts')]);
  return makePage(source, draw);
}

/** The page about a data set. */
export async function dataReport(subject: DataSubject): Promise<string> {
  const { dataPage } = await import('./data-page.ts');
  return dataPage(subject);
}
