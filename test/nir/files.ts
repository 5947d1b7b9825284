import { readFileSync } from 'node:fs';
import { unzipSync } from 'fflate';
import { readNpz } from '../../src/data/index.ts';
import { type NirGraph, readNir } from '../../src/nir/index.ts';

const unzipped = (name: string): Readonly<Record<string, Uint8Array>> =>
  unzipSync(readFileSync(new URL(`files/${name}.zip`, import.meta.url)));

/** Graphs by file name, and what they give; files/README.md says where they come from. */
export const battery = unzipped('battery');
export const paper = unzipped('paper');

export function bytesOf(files: Readonly<Record<string, Uint8Array>>, name: string): Uint8Array {
  const bytes = files[name];
  if (bytes === undefined) throw new Error(`no file ${name}`);
  return bytes;
}

export function graphOf(files: Readonly<Record<string, Uint8Array>>, name: string): Promise<NirGraph> {
  return readNir({ name: `${name}.nir`, bytes: bytesOf(files, `${name}.nir`) });
}

/** An array of a file with its shape. */
export function arraysOf(
  bytes: Uint8Array,
): (name: string) => { shape: readonly number[]; values: Float64Array } | undefined {
  const arrays = readNpz(bytes, 'x.npz');
  return (name) => {
    const found = arrays.get(name);
    return found && { shape: found.shape, values: Float64Array.from(found.data, Number) };
  };
}
