/** Files that a command line names: images and traces, and how one file refers to another. */
import { existsSync } from 'node:fs';
import { dirname, isAbsolute, join, relative, sep } from 'node:path';
import { type GivenPlacement, readPlacement } from '../compiler/index.ts';
import type { FileReference } from '../experiment/index.ts';
import { runFiles } from '../experiment/node.ts';
import { readBytes, readText, statIfThere, unpack } from '../fs/index.ts';
import type { GoldenFormat, GoldenTrace } from '../golden/index.ts';
import { type Image, readImage } from '../image/index.ts';
import { isBareName, mostUnpackedTextBytes, PlasticoreError } from '../text/index.ts';
import { readTrace } from '../trace/index.ts';

/** Whether a path says by itself that it is an image: a .pcore file, or the folder of a run, which holds one. */
export function isImagePath(path: string): boolean {
  return path.endsWith('.pcore') || (!isBareName(path) && statIfThere(path)?.isDirectory() === true);
}

/** Reads an image from disk: a file, or what a run has learnt, of its folder. */
export function readImageFile(path: string): Image {
  if (statIfThere(path)?.isDirectory() !== true)
    return readImage(readBytes(path, 'plasticore compile makes an image'), path);
  const image = join(path, runFiles.image);
  if (existsSync(image)) return readImageFile(image);
  throw new PlasticoreError('file', `holds no ${runFiles.image}`, {
    file: path,
    hint: 'expected an image (.pcore), or the --out folder of a run on a single core that has learnt; cells of a sweep have none: run the cell again with plasticore run --out',
  });
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
