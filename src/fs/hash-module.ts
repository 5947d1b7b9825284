/** A hash of a module of code: for Node only. */
import { existsSync, readFileSync } from 'node:fs';
import { dirname, join, relative, resolve, sep } from 'node:path';
import { sha256 } from '../random/index.ts';

/** A file beside the module that it imports by name; one that is named in a comment does no harm. */
const importsFile = /\b(?:from|import)\s*\(?\s*(['"])(\.{1,2}\/[^'"]+)\1/g;

/**
 * SHA-256 of a module: of its file; if it imports files beside it, of the list of all files with the hash of each, as
 * `sha256sum` writes it. Packages that it imports are not part of it.
 *
 * @throws the system's error if the file cannot be read
 */
export function hashModule(path: string): string {
  const start = resolve(path);
  const hashes = new Map<string, string>();
  const files = [start];
  for (const file of files) {
    if (hashes.has(file)) continue;
    const bytes = readFileSync(file);
    hashes.set(file, sha256([bytes]));
    for (const [, , name = ''] of new TextDecoder().decode(bytes).matchAll(importsFile)) {
      const imported = join(dirname(file), name);
      if (existsSync(imported)) files.push(imported);
    }
  }
  const [[, alone] = ['', '']] = hashes;
  if (hashes.size === 1) return alone;
  const lines = [...hashes].map(
    ([file, hash]) => `${hash}  ${relative(dirname(start), file).split(sep).join('/')}\n`,
  );
  return sha256([new TextEncoder().encode(lines.sort().join(''))]);
}
