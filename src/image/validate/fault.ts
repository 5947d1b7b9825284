import { PlasticoreError } from '../../text/index.ts';

/** A fault in an image, and its path: `fields.3.bits`. */
export class ImageFault extends Error {
  readonly path: readonly PropertyKey[];

  constructor(path: readonly PropertyKey[], message: string) {
    super(message);
    this.path = path;
  }
}

export function fail(path: readonly PropertyKey[], message: string): never {
  throw new ImageFault(path, message);
}

export function expect(holds: boolean, path: readonly PropertyKey[], message: () => string): asserts holds {
  if (!holds) fail(path, message());
}

/** The item at an index that an image states. */
export function itemAt<T>(items: readonly T[], index: number, path: readonly PropertyKey[], what: string): T {
  const item = items[index];
  if (item === undefined) fail(path, `there is no ${what} ${index}: the image has ${items.length}`);
  return item;
}

/** Reports a fault in a part of an image as one of the whole. */
export function withinPart(path: readonly PropertyKey[], check: () => void): void {
  try {
    check();
  } catch (error) {
    throw error instanceof ImageFault ? new ImageFault([...path, ...error.path], error.message) : error;
  }
}

/** Reports a fault as an error in a file. */
export function damaged(error: unknown, file: string): PlasticoreError {
  const hint = 'compile it again';
  if (error instanceof ImageFault) {
    const where = error.path.map(String).join('.');
    return new PlasticoreError('image', `the image contradicts itself: ${where}: ${error.message}`, {
      file,
      hint,
    });
  }
  if (error instanceof PlasticoreError)
    return new PlasticoreError('image', `the image contradicts itself: ${error.message}`, { file, hint });
  throw error;
}
