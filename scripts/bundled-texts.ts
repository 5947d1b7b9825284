/**
 * `tsx scripts/bundled-texts.ts FOLDER`: writes `bundled.js` and its types into a folder beside `index.js`. The build
 * runs it, so that web pages can use the bundled files without a file system: `plasticore/bundled`.
 */
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { bundles } from '../src/text/index.ts';

const root = fileURLToPath(new URL('..', import.meta.url));

/** All bundled files by their path in the package. */
export function bundledTexts(): Record<string, string> {
  const paths = Object.values(bundles).flatMap(({ folder, extension }) =>
    readdirSync(join(root, folder))
      .filter((name) => name.endsWith(extension))
      .map((name) => `${folder}/${name}`),
  );
  return Object.fromEntries(paths.sort().map((path) => [path, readFileSync(join(root, path), 'utf8')]));
}

/** The arrays that bundled programs begin with, in base64, by their path in the package. */
function bundledArrays(): Record<string, string> {
  const { folder } = bundles.program;
  const names = readdirSync(join(root, folder)).filter((name) => name.endsWith('.npz'));
  return Object.fromEntries(
    names.sort().map((name) => [`${folder}/${name}`, readFileSync(join(root, folder, name), 'base64')]),
  );
}

/** The module `plasticore/bundled`, which uses `findAmong` of the named module. */
export function bundledModule(index: string): string {
  return `import { findAmong } from '${index}';
export const bundledTexts = ${JSON.stringify(bundledTexts(), undefined, 1)};
const arrays = ${JSON.stringify(bundledArrays(), undefined, 1)};
const bytes = (text) => Uint8Array.from(atob(text), (character) => character.charCodeAt(0));
const bytesOf = Object.fromEntries(Object.entries(arrays).map(([path, text]) => [path, bytes(text)]));
export const findBundled = findAmong({ ...bundledTexts, ...bytesOf });
`;
}

const types = `import type { Find } from './index.js';
/** The bundled programs, rules, core models and experiments, by their paths in the package. */
export declare const bundledTexts: Readonly<Record<string, string>>;
/** Finds bundled files by name: the \`find\` of \`createCore\`. */
export declare const findBundled: Find;
`;

const [, script, folder] = process.argv;
if (script === fileURLToPath(import.meta.url) && folder !== undefined) {
  writeFileSync(join(folder, 'bundled.js'), bundledModule('./index.js'));
  writeFileSync(join(folder, 'bundled.d.ts'), types);
}
