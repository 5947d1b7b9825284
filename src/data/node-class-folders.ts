import { basename, join, relative, resolve } from 'node:path';
import { listFolder, readBytes, statIfThere } from '../fs/index.ts';
import { PlasticoreError, plural } from '../text/index.ts';
import { cameraEndings, readCamera } from './formats/camera.ts';
import { readPng } from './formats/png.ts';
import { type CameraRecording, cameraDataset } from './sets/camera-set.ts';
import type { Dataset } from './sets/dataset.ts';
import { type ClassFile, pictureDataset } from './sets/picture-set.ts';

/** Folders with a folder for each class in each. Without one to test on, a part of the other is for that. */
export interface ClassFolders {
  readonly train: string;
  readonly test: string | undefined;
}

/** The ends of names of files that are samples. */
const pictureEndings = ['.png'];
const endings = [...cameraEndings, ...pictureEndings];
/** Pictures of a class that would be missing if they were left out in silence. */
const otherPictures = /\.(jpe?g|gif|bmp|webp|tiff?|pgm|ppm)$/i;

const endsIn = (file: string, some: readonly string[]): boolean =>
  some.some((ending) => file.toLowerCase().endsWith(ending));

/** What the system keeps in a folder, such as `.DS_Store`, is none of it. */
const isHidden = (name: string): boolean => name.startsWith('.');

/**
 * The folders below `directory` that are called `train` and `test`, in any case; undefined if none is there. One with
 * nothing but files, pictures among them, is a class of that name where folders of other names stand beside it.
 */
export function findParts(directory: string): ClassFolders | undefined {
  const folders = listFolder(directory).filter((entry) => entry.isDirectory() && !isHidden(entry.name));
  const hasOthers = folders.some(({ name }) => !/^(train|test)$/i.test(name));
  const find = (part: string): string | undefined =>
    folders.find(({ name }) => name.toLowerCase() === part && !(hasOthers && isClass(join(directory, name))))
      ?.name;
  const [train, test] = [find('train'), find('test')];
  if (train === undefined && test === undefined) return undefined;
  if (train === undefined || test === undefined)
    throw new PlasticoreError('file', `no folder '${train === undefined ? 'train' : 'test'}'`, {
      file: directory,
      hint: 'samples are expected in train/CLASS/ and test/CLASS/',
    });
  return { train: join(directory, train), test: join(directory, test) };
}

function isClass(folder: string): boolean {
  const entries = listFolder(folder);
  return (
    entries.some(({ name }) => endsIn(name, pictureEndings)) && !entries.some((entry) => entry.isDirectory())
  );
}

/** Whether pictures are in a folder, or in a folder below it. */
export function hasPictures(directory: string): boolean {
  return listFolder(directory).some((entry) =>
    entry.isDirectory() && !isHidden(entry.name)
      ? listFolder(join(directory, entry.name)).some(({ name }) => endsIn(name, pictureEndings))
      : endsIn(entry.name, pictureEndings),
  );
}

/**
 * Loads samples in a folder for each class: pictures, or recordings of a camera. Other files are left out, and counted.
 *
 * @throws PlasticoreError for what is none of these, or several
 */
export function loadClassFolders(directory: string, { train, test }: ClassFolders): Dataset {
  const classes = classesIn(train);
  const unknown = test === undefined ? undefined : classesIn(test).find((name) => !classes.includes(name));
  if (unknown !== undefined)
    throw new PlasticoreError('data', `class '${unknown}' is tested, and not learnt`, {
      file: test,
      hint: `those to learn are ${classes.join(', ')}`,
    });
  const filesOf = (part: string) => filesIn(directory, part, classes);
  const [learnt, tested] = [filesOf(train), test === undefined ? undefined : filesOf(test)];
  const files = [...learnt.samples, ...(tested?.samples ?? [])].map(({ file }) => file);
  const [picture, recording] = [
    files.find((file) => endsIn(file, pictureEndings)),
    files.find((file) => endsIn(file, cameraEndings)),
  ];
  if (picture !== undefined && recording !== undefined)
    throw new PlasticoreError('data', `is a recording of a camera, and ${picture} a picture`, {
      file: recording,
      hint: 'keep them in folders of their own',
    });
  const others = [...learnt.others, ...(tested?.others ?? [])];
  const [other] = others;
  const corrections =
    other === undefined ? [] : [`${plural(others.length, 'other file')} left out, such as ${other}`];
  const name = basename(resolve(directory));
  const parts = { train: learnt.samples, test: tested?.samples };
  const data =
    picture === undefined
      ? cameraDataset(name, classes, { train: recordings(parts.train), test: recordings(parts.test ?? []) })
      : pictureDataset({ name, folder: directory, classes }, parts, (file) =>
          readPng({ name: file, bytes: readBytes(file) }),
        );
  const isNamed = classes.some((own, label) => own !== String(label));
  return { ...data, ...(isNamed && { classNames: classes }), corrections };
}

function recordings(files: readonly ClassFile[]): CameraRecording[] {
  return files.map((of) => ({ ...of, events: readCamera({ name: of.file, bytes: readBytes(of.file) }) }));
}

/** Names of classes; numbers in the order of numbers. */
function classesIn(folder: string): readonly string[] {
  const names = listFolder(folder)
    .filter((entry) => entry.isDirectory() && !isHidden(entry.name))
    .map(({ name }) => name);
  if (names.length === 0)
    throw new PlasticoreError('data', 'holds no folders of classes', {
      file: folder,
      hint: 'samples are expected in a folder for each class',
    });
  return names.sort((a, b) => a.localeCompare(b, 'en', { numeric: true }));
}

/** The samples of each class in the order of their names, and the paths of other files. */
function filesIn(
  directory: string,
  part: string,
  classes: readonly string[],
): { readonly samples: readonly ClassFile[]; readonly others: readonly string[] } {
  const others: string[] = [];
  const samples = classes.flatMap((name, label) => {
    const folder = join(part, name);
    if (statIfThere(folder) === undefined) return [];
    const files = listFolder(folder)
      .filter((entry) => !entry.isDirectory() && !isHidden(entry.name))
      .map((entry) => join(folder, entry.name))
      .sort();
    const found = files.filter((file) => endsIn(file, endings));
    const other = files.find((file) => otherPictures.test(file));
    if (other !== undefined)
      throw new PlasticoreError('data', 'of pictures, PNG files alone are read', {
        file: other,
        hint: 'convert it to PNG',
      });
    if (found.length === 0)
      throw new PlasticoreError('data', 'holds no samples', {
        file: folder,
        hint: `files that end in ${endings.join(', ')} are expected`,
      });
    for (const file of files) if (!endsIn(file, endings)) others.push(file);
    return found.map((file): ClassFile => ({ file, label, origin: relative(directory, file) }));
  });
  return { samples, others };
}
