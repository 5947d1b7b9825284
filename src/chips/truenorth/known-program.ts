import { at } from '../../engine/index.ts';
import { type Image, kernelText } from '../../image/index.ts';
import { fieldNamed } from '../controller.ts';
import { axons, neurons } from './contents.ts';

/** The kernels that the module of a chip carries out: those of program `truenorth`, with potentials of so many bits. */
const kernels = (potentialBits: number): string => `kernel synapticEvent over row
ld r0, pre.type
and r1, r0, 1
and r2, r0, 2
ld r3, post.w0
ld r4, post.w1
sel r3, r1, r4, r3
ld r4, post.w2
ld r5, post.w3
sel r4, r1, r5, r4
sel r3, r2, r4, r3
ld r4, syn.connected
sel r3, r4, r3, 0
ld r4, post.potential
add r4, r4, r3
st r4, post.potential
kernel decide over neurons
ld r0, self.potential
ld r1, self.leak
add r0, r0, r1
shl.w r0, r0, ${32 - potentialBits}
sra r0, r0, ${32 - potentialBits}
ld r1, self.pos_threshold
cmp.ge r2, r0, r1
emit r2
ld r3, self.reset_mode
ld r4, self.reset_potential
sub r1, r0, r1
sel r1, r3, r1, r4
ld r5, self.neg_threshold
cmp.lt r6, r0, r5
sub r5, r0, r5
neg r4, r4
sel r5, r3, r5, r4
sel r0, r6, r5, r0
sel r0, r2, r1, r0
st r0, self.potential`;

/** The bits that the memory of a chip has for a field: one less for a weight, so that several can be added. */
const mostBits = {
  'neurons.w0': 15,
  'neurons.w1': 15,
  'neurons.w2': 15,
  'neurons.w3': 15,
  'neurons.leak': 16,
  'neurons.pos_threshold': 16,
  'neurons.neg_threshold': 16,
} as const;

/**
 * Whether the module of a chip does what an image says: whether its kernels, its events and its widths are those that the
 * module was written for. Any other program runs on cores of the machine.
 */
export function isKnown(image: Image): boolean {
  const field = (name: string) => at(image.fields, fieldNamed(image, name));
  const potential = field('neurons.potential');
  const text = image.kernels.flatMap((kernel) => {
    const { header, lines } = kernelText(image, kernel);
    return [header, ...lines.map((line) => line.text.replaceAll(/\s+/g, ' '))];
  });
  const events = image.events.named.map(({ name, actions }) => ({ name, actions }));
  const whole = image.kernels.every(
    ({ rows, columns, order }) => rows === undefined && columns === undefined && order === 'rows',
  );
  return (
    whole &&
    text.join('\n') === kernels(potential.bits) &&
    JSON.stringify(events) === known &&
    potential.overflow === 'wrap' &&
    field('crossbar.connected').count === axons * neurons &&
    Object.entries(mostBits).every(([name, most]) => field(name).bits <= most)
  );
}

const known = JSON.stringify([
  { name: 'axon', actions: [{ does: 'run', kernel: 0 }] },
  { name: 'tick', actions: [{ does: 'run', kernel: 1 }] },
]);
