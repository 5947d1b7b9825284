import { type CoreImage, kernelText } from '../../image/index.ts';
import { sha256 } from '../../random/index.ts';
import { at } from '../../text/index.ts';
import { fieldNamed } from '../controller.ts';
import { bundledProgram } from './bundled-program.ts';
import { axons, neurons } from './contents.ts';

/** A hash of what an image's kernels and events do, for potentials of any number of bits. */
export function programHash(image: CoreImage): string {
  // A register is shifted left and right by the bits that a potential leaves of it.
  const wrap = new RegExp(`^(shl\\.w|sra) (.*), ${32 - bitsOf(image, 'neurons.potential')}$`);
  const kernels = image.kernels.map((kernel) => {
    const { header, lines } = kernelText(image, kernel);
    return [header, ...lines.map(({ text }) => text.replaceAll(/\s+/g, ' ').replace(wrap, '$1 $2, wrap'))];
  });
  const events = image.events.named.map(({ name, actions }) => ({ name, actions }));
  return sha256([new TextEncoder().encode(JSON.stringify({ kernels, events }))]);
}

/** The bits that the memory of a chip has for a field: one less for what is added or moved by one. */
const mostBits = {
  'neurons.w0': 15,
  'neurons.w1': 15,
  'neurons.w2': 15,
  'neurons.w3': 15,
  'neurons.leak': 16,
  'neurons.pos_threshold': 15,
  'neurons.neg_threshold': 16,
} as const;

/**
 * Whether the module of a chip does what an image says: whether the image is of the program as it is bundled,
 * with widths that the module has room for. Any other program runs on cores of the machine.
 */
export function isKnown(image: CoreImage): boolean {
  const whole = image.kernels.every(
    ({ rows, columns, order }) => rows === undefined && columns === undefined && order === 'rows',
  );
  return (
    whole &&
    programHash(image) === bundledProgram &&
    at(image.fields, fieldNamed(image, 'neurons.potential')).overflow === 'wrap' &&
    at(image.fields, fieldNamed(image, 'crossbar.connected')).count === axons * neurons &&
    Object.entries(mostBits).every(([name, most]) => bitsOf(image, name) <= most)
  );
}

function bitsOf(image: CoreImage, name: string): number {
  return at(image.fields, fieldNamed(image, name)).bits;
}
