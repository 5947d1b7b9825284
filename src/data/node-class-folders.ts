import { basename, join, resolve } from 'node:path';
import { listFolder, readBytes, statIfThere } from '../fs/index.ts';
import { PlasticoreError } from '../text/index.ts';
import { cameraEndings, readCamera } from './formats/camera.ts';
import { type CameraRecording, cameraDataset } from './sets/camera-set.ts';
import type { Dataset, EventSet } from './sets/dataset.ts';

/**
 * The folders of recordings to learn from and to test on: `Train` and `Test`, in any case; undefined if none is there.
 */
export function findCamera(directory: string): { readonly train: string; readonly test: string } | undefined {
  const folders = listFolder(directory).filter((entry) => entry.isDirectory());
  const find = (part: string): string | undefined =>
    folders.find(({ name }) => name.toLowerCase() === part)?.name;
  const [train, test] = [find('train'), find('test')];
  if (train === undefined && test === undefined) return undefined;
  if (train === undefined || test === undefined)
    throw new PlasticoreError('file', `no folder '${train === undefined ? 'train' : 'test'}'`, {
      file: directory,
      hint: 'recordings are expected in train/CLASS/ and test/CLASS/',
    });
  return { train: join(directory, train), test: join(directory, test) };
}

/** Loads recordings of a camera, in a folder for each class: of N-MNIST, or one's own. */
export function loadCamera(
  directory: string,
  folders: { readonly train: string; readonly test: string },
): Dataset<EventSet> {
  const classes = classesIn(folders.train);
  const read = (part: string): CameraRecording[] =>
    classes.flatMap((name, label) => {
      const folder = join(part, name);
      if (statIfThere(folder) === undefined) return [];
      return recordingsIn(folder).map((file) => ({
        file,
        label,
        events: readCamera({ name: file, bytes: readBytes(file) }),
      }));
    });
  const unknown = classesIn(folders.test).find((name) => !classes.includes(name));
  if (unknown !== undefined)
    throw new PlasticoreError('data', `class '${unknown}' is tested, and not learnt`, {
      file: folders.test,
      hint: `those to learn are ${classes.join(', ')}`,
    });
  return cameraDataset(basename(resolve(directory)), classes, {
    train: read(folders.train),
    test: read(folders.test),
  });
}

/** Names of classes; numbers in the order of numbers. */
function classesIn(folder: string): readonly string[] {
  const names = listFolder(folder)
    .filter((entry) => entry.isDirectory())
    .map(({ name }) => name);
  if (names.length === 0)
    throw new PlasticoreError('data', 'holds no folders of classes', {
      file: folder,
      hint: 'recordings are expected in a folder for each class',
    });
  return names.sort((a, b) => a.localeCompare(b, 'en', { numeric: true }));
}

function recordingsIn(folder: string): string[] {
  const files = listFolder(folder)
    .filter((entry) => !entry.isDirectory())
    .map(({ name }) => name);
  const found = files.filter((name) => cameraEndings.some((ending) => name.toLowerCase().endsWith(ending)));
  if (found.length === 0)
    throw new PlasticoreError('data', 'holds no recordings', {
      file: folder,
      hint: `files that end in ${cameraEndings.join(', ')} are expected`,
    });
  return found.sort().map((name) => join(folder, name));
}
