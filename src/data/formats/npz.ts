import { type UnzipFileInfo, unzipSync, zipSync } from 'fflate';
import { mostUnpackedBytes, PlasticoreError, tooLarge } from '../../text/index.ts';
import { type NdArray, readNpy, writeNpy } from './npy.ts';

const extension = '.npy';

/**
 * Reads a `.npz` file: arrays by name, in file order.
 *
 * @param name names the file in errors, all of code `data`
 */
export function readNpz(bytes: Uint8Array, name: string): Map<string, NdArray> {
  let entries: Record<string, Uint8Array>;
  const others: string[] = [];
  try {
    entries = unzipSync(bytes, { filter: boundedBy(bytes, name, others) });
  } catch (error) {
    if (error instanceof PlasticoreError) throw error;
    throw new PlasticoreError(
      'data',
      `not a readable .npz (zip) file: ${error instanceof Error ? error.message : error}`,
      {
        file: name,
        hint: 'write it with numpy.savez or numpy.savez_compressed',
      },
    );
  }
  const [other] = others;
  if (other !== undefined)
    throw new PlasticoreError('data', `entries of a .npz file end in ${extension}`, {
      file: `${name}:${other}`,
    });
  return new Map(
    Object.entries(entries).map(([entry, content]) => [
      entry.slice(0, -extension.length),
      readNpy(content, `${name}:${entry}`),
    ]),
  );
}

/** Deflate codes at most 258 bytes in 2 bits. An entry that announces a larger ratio is damaged. */
const largestRatio = 1032;

/** Size of a directory entry without its name (APPNOTE.TXT of PKWARE, 4.3.12). */
const entryHeadBytes = 46;

/**
 * Allows an entry to be unpacked only if its announced size is possible and all entries together stay within {@link
 * mostUnpackedBytes}. No entry gets more memory than it announces.
 *
 * @param others gets the names of entries that are no arrays
 */
function boundedBy(bytes: Uint8Array, name: string, others: string[]): (entry: UnzipFileInfo) => boolean {
  let total = 0;
  let entries = 0;
  return ({ name: entry, size, originalSize }) => {
    entries += 1;
    // A damaged directory may announce more entries than the file has room for.
    if (entries * entryHeadBytes > bytes.length) throw new Error('its directory is damaged');
    // It is not unpacked: an entry `__proto__` would not be among those that are.
    if (!entry.endsWith(extension)) {
      others.push(entry);
      return false;
    }
    total += originalSize;
    if (total > mostUnpackedBytes) throw tooLarge(name, mostUnpackedBytes, 'write it with numpy.savez');
    if (originalSize <= largestRatio * size) return true;
    throw new PlasticoreError(
      'data',
      `it announces ${originalSize} bytes, more than ${size} packed bytes can hold`,
      { file: `${name}:${entry}` },
    );
  };
}

/** Makes a `.npz` file with entries sorted by name. Equal arrays give equal bytes, regardless of time and place. */
export function writeNpz(arrays: Readonly<Record<string, NdArray>>): Uint8Array {
  // The earliest time that a zip entry can hold. Zip stores local time, so it is constructed in the current time zone.
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
