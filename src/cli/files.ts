/** Files that a command line names: images and traces, and how one file refers to another. */
import { dirname, isAbsolute, join, relative, sep } from 'node:path';
import { type GivenPlacement, readPlacement } from '../compiler/index.ts';
import type { FileReference } from '../experiment/index.ts';
import { readBytes, readText, unpack } from '../fs/index.ts';
import type { GoldenFormat, GoldenTrace } from '../golden/index.ts';
import { type Image, readImage } from '../image/index.ts';
import { isBareName, mostUnpackedTextBytes } from '../text/index.ts';
import { readTrace } from '../trace/index.ts';

/** Reads an image from disk. */
export function readImageFile(path: string): Image {
  return readImage(readBytes(path, 'plasticore compile makes an image'), path);
}

/** Reads a trace from disk: JSON, plain or compressed (.gz, .br). */
export function readTraceFile(path: string, formats: readonly GoldenFormat[]): GoldenTrace {
  const bytes = readBytes(path, 'plasticore golden EXPERIMENT -o FILE writes a trace');
  return readTrace(new TextDecoder().decode(unpack(path, bytes, mostUnpackedTextBytes)), path, formats);
}

/** Reads a placement from disk; undefined if none is given. */
export function readPlacementFile(path: string | undefined): GivenPlacement | undefined {
  if (path === undefined) return undefined;
  return readPlacement(readText(path, 'plasticore compile --write-placement FILE writes one'), path);
}

/** How one file refers to another: a bundled name unchanged, else the path relative to its folder. */
export function referenceFrom(file: string, { name, from }: FileReference): string {
  if (isBareName(name)) return name;
  return pathFrom(dirname(file), isAbsolute(name) ? name : join(dirname(from), name));
}

/** A path as a file in a folder names it. */
export function pathFrom(folder: string, file: string): string {
  const path = relative(folder, file).split(sep).join('/');
  return path.startsWith('.') || isAbsolute(path) ? path : `./${path}`;
}
