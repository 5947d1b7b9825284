/** One HTML page from the reports of runs. */
import type { RunFolder } from './input.ts';
import { makePage } from './page.ts';
import { draw } from './render.ts';

/** The page with its charts drawn by ECharts. */
export function renderPage(folders: readonly RunFolder[], summary?: string): string {
  return makePage(folders, summary, draw);
}
