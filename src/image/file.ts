// Not 'msgpackr' itself: on Node it searches for an optional native module at every start.
import { Packr } from 'msgpackr/pack';
import { sha256 } from '../random/index.ts';
import { command, newerFormat, PlasticoreError } from '../text/index.ts';
import type { Image } from './placed.ts';
import { validateImage } from './validate/index.ts';
import { coreImageOf, isSpread } from './whole.ts';

/** The version of the `.pcore` format that this release writes and reads. */
export const imageVersion = 5;

/** An image of version 4 is that of a single core. */
const versionOfOneCore = 4;

const magic = 'plasticore/image';

/** The contents of a `.pcore` file: an envelope that every version can read, and the packed image with its hash. */
interface Envelope {
  readonly magic: string;
  readonly version: number;
  readonly sha256: string;
  readonly image: Uint8Array;
}

// Structured clone preserves typed arrays; equal images give equal bytes.
const packr = new Packr({ structuredClone: true, useRecords: false });

/** Packs an image into the bytes of a `.pcore` file. */
export function writeImage(image: Image): Uint8Array {
  const packed = Uint8Array.from(packr.pack(storedOf(image)));
  const envelope: Envelope = {
    magic,
    version: imageVersion,
    sha256: sha256([packed]),
    image: packed,
  };
  return Uint8Array.from(packr.pack(envelope));
}

/** Nothing is stored twice: a single core's image implies the whole program's. */
function storedOf(image: Image): object {
  const { cores, lists, placement, chip, lostPackets, ...view } = image;
  if (isSpread(image))
    return {
      ...{ holds: 'parts', view, cores, lists, placement },
      ...(chip !== undefined && { chip }),
      ...(lostPackets !== undefined && { lostPackets }),
    };
  const core = coreImageOf(image);
  if (chip === undefined) return { holds: 'core', core };
  const startsAlike = cores.every((own) => own.image.contents === core.contents);
  const contents = startsAlike ? {} : { contents: cores.map((own) => own.image.contents) };
  return { holds: 'alike', core, chip, count: cores.length, ...contents };
}

/**
 * Reads the bytes of a `.pcore` file.
 *
 * @param file its name, for errors
 * @throws PlasticoreError `image` if the file is not an image, is damaged, or has another version
 */
export function readImage(bytes: Uint8Array, file: string): Image {
  const envelope = unpack(bytes);
  if (!isEnvelope(envelope)) {
    throw new PlasticoreError('image', 'not an image: expected a .pcore file, or its header is damaged', {
      file,
      hint: `${command('compile')} makes one from a program`,
    });
  }
  if (envelope.version !== imageVersion && envelope.version !== versionOfOneCore) {
    const name = (version: number) => `image version ${version}`;
    const newer = newerFormat(name(envelope.version), name(imageVersion));
    throw new PlasticoreError(
      'image',
      newer ?? `expected ${name(imageVersion)}, found ${name(envelope.version)}`,
      { file, hint: newer === undefined ? 'compile it again' : undefined },
    );
  }
  const found = sha256([envelope.image]);
  if (found !== envelope.sha256) {
    throw new PlasticoreError(
      'image',
      `the image is damaged: its SHA-256 is ${found}, expected ${envelope.sha256}`,
      {
        file,
        hint: 'compile or copy it again',
      },
    );
  }
  const stored = unpack(envelope.image);
  return validateImage(
    envelope.version === versionOfOneCore ? { holds: 'core', core: stored } : stored,
    file,
  );
}

/** A foreign file may contain anything, so any fault in it means that it is not an image. */
function unpack(bytes: Uint8Array): unknown {
  try {
    // A copy, because the decoder modifies its input.
    return packr.unpack(Uint8Array.from(bytes));
  } catch {
    return undefined;
  }
}

function isEnvelope(value: unknown): value is Envelope {
  if (typeof value !== 'object' || value === null) return false;
  const { magic: found, version, sha256: hash, image } = value as Partial<Record<keyof Envelope, unknown>>;
  return (
    found === magic && typeof version === 'number' && typeof hash === 'string' && image instanceof Uint8Array
  );
}
