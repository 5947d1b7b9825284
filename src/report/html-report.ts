import type { RunFolder } from './html/input.ts';

/**
 * One self-contained HTML page from the files of runs: it opens without a network.
 *
 * What draws it is loaded only here, for it takes a while that no one else should wait.
 *
 * @param summary the text of a sweep's `summary.csv`, for its cells without a result
 * @throws PlasticoreError for a report that is damaged, foreign or too new, for other damaged files, and for no runs
 */
export async function htmlReport(folders: readonly RunFolder[], summary?: string): Promise<string> {
  const { renderPage } = await import('./html/index.ts');
  return renderPage(folders, summary);
}
