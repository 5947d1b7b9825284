/**
 * The scripts and the style of pages, as text. The sources bundle them when a page is made; the build puts the texts in
 * the place of this module: see scripts/bundle-report.ts.
 */
import { bundleExplorerScript, bundlePageScript, bundlePageStyle } from './bundle-scripts.ts';

/** The style of every page. */
export const pageStyle: string = bundlePageStyle();

/** The script of every page. */
export const pageScript: string = bundlePageScript().text;

/** The script of a page about many designs, beside that of every page. */
export const explorerScript: string = bundleExplorerScript().text;
