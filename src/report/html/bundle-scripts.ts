import { buildSync } from 'esbuild';

/** A script for browsers as text, and the files that have come into it. */
export interface BundledScript {
  readonly text: string;
  readonly inputs: readonly string[];
}

/** The script of every page. */
export const bundlePageScript = (): BundledScript => bundled('./script/page.ts');

/** The script of a page about many designs, beside that of every page. */
export const bundleExplorerScript = (): BundledScript => bundled('./script/explorer.tsx');

/** The style of every page. */
export const bundlePageStyle = (): string => bundled('../../../templates/report/page.css').text;

function bundled(path: string): BundledScript {
  // Browsers read the style as it is written.
  const isScript = !path.endsWith('.css');
  const { outputFiles, metafile } = buildSync({
    entryPoints: [decodeURIComponent(new URL(path, import.meta.url).pathname)],
    absWorkingDir: decodeURIComponent(new URL('../../../', import.meta.url).pathname),
    bundle: true,
    minifyWhitespace: true,
    minifySyntax: isScript,
    minifyIdentifiers: isScript,
    write: false,
    metafile: true,
    format: 'iife',
    platform: 'browser',
    target: 'es2022',
    charset: 'utf8',
    jsx: 'automatic',
    jsxImportSource: 'preact',
    define: { 'process.env.NODE_ENV': '"production"' },
    legalComments: 'none',
  });
  return { text: outputFiles[0]?.text ?? '', inputs: Object.keys(metafile.inputs) };
}
