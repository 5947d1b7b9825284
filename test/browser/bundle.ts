import { builtinModules } from 'node:module';
import { fileURLToPath } from 'node:url';
import { type BuildFailure, build } from 'esbuild';
import { scriptsAsText } from '../../scripts/bundle-report.ts';

export interface Bundle {
  readonly code: string;
  /** Packages and files that the code still imports when it runs. */
  readonly imports: readonly string[];
  /** Node's own modules that its sources name, even where esbuild puts an empty module in their place. */
  readonly builtins: readonly string[];
  readonly warnings: readonly string[];
}

/** Bundles a module of this repository, with all that it imports, for a browser. */
export async function bundleForBrowser(path: string): Promise<Bundle> {
  const { outputFiles, metafile, warnings } = await build({
    entryPoints: [fileURLToPath(new URL(`../../${path}`, import.meta.url))],
    bundle: true,
    platform: 'browser',
    format: 'esm',
    plugins: [scriptsAsText],
    write: false,
    metafile: true,
    logLevel: 'silent',
  });
  const imported = Object.values(metafile.inputs).flatMap(({ imports }) => imports);
  return {
    code: outputFiles[0]?.text ?? '',
    imports: Object.values(metafile.outputs).flatMap(({ imports }) => imports.map((entry) => entry.path)),
    builtins: imported.flatMap(({ path: name, original = name }) => (isBuiltin(original) ? [original] : [])),
    warnings: warnings.map(({ text }) => text),
  };
}

/** What esbuild says against a bundle for a browser. */
export async function faultsOf(path: string): Promise<string[]> {
  try {
    await bundleForBrowser(path);
    return [];
  } catch (error) {
    return (error as BuildFailure).errors.map(({ text }) => text);
  }
}

function isBuiltin(name: string): boolean {
  return name.startsWith('node:') || builtinModules.includes(name);
}
