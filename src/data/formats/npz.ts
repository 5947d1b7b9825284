import { unzipSync, zipSync } from 'fflate';
import { PlasticoreError } from '../../text/index.ts';
import { type NdArray, readNpy, writeNpy } from './npy.ts';

const extension = '.npy';

/**
 * Reads a `.npz` file: arrays by name, in the file's order.
 *
 * @param name names the file in errors, all of code `data`
 */
export function readNpz(bytes: Uint8Array, name: string): Map<string, NdArray> {
  let entries: Record<string, Uint8Array>;
  try {
    entries = unzipSync(bytes);
  } catch (error) {
    throw new PlasticoreError(
      'data',
      `not a readable .npz (zip) file: ${error instanceof Error ? error.message : error}`,
      {
        file: name,
        hint: 'write it with numpy.savez or numpy.savez_compressed',
      },
    );
  }
  return new Map(
    Object.entries(entries).map(([entry, content]) => {
      const place = `${name}:${entry}`;
      if (!entry.endsWith(extension)) {
        throw new PlasticoreError('data', `entries of a .npz file end in ${extension}`, { file: place });
      }
      return [entry.slice(0, -extension.length), readNpy(content, place)];
    }),
  );
}

/** Writes a `.npz` file, entries sorted by name; equal arrays give equal bytes, whenever and wherever they are written. */
export function writeNpz(arrays: Readonly<Record<string, NdArray>>): Uint8Array {
  // The earliest time that a zip entry can hold; zip stores local time, so it is made in the zone of now.
  const mtime = new Date(1980, 0, 1);
  const names = Object.keys(arrays).sort();
  return zipSync(
    Object.fromEntries(
      names.flatMap((name) => {
        const array = arrays[name];
        return array === undefined ? [] : [[`${name}${extension}`, writeNpy(array)]];
      }),
    ),
    { mtime },
  );
}
