import { operationNamed } from '../isa/index.ts';
import type { ProgramView } from './image.ts';
import { kernelsByPhase } from './learning.ts';
import { Memory, valuesFor } from './memory.ts';
import type { Image, PlacedCore } from './placed.ts';
import { wholeItem } from './whole.ts';

/**
 * The fields, by index, with the results of learning: weights and shadow weights, other fields of synapses that only
 * learning writes, so that it can go on from there, and those of neurons that inference needs as well, such as adaptive
 * thresholds. If a controller decides when the core learns, all fields of synapses that a kernel writes.
 */
export function learntFields(image: ProgramView): number[] {
  const { core, fields, projections } = image;
  const { inference, learning } = kernelsByPhase(image.events);
  const [inInference, inLearning] = [inference, learning].map((kernels) => writtenBy(image, kernels));
  const synapses = projections.map(({ name }) => `${name}.`);
  return [...fields.keys()].filter((index) => {
    const field = fields[index];
    if (field === undefined || field.fixed === true) return false;
    const isOfSynapses = synapses.some((owner) => field.name.startsWith(owner));
    if (isOfSynapses && /\.(weight|shadow)$/.test(field.name)) return true;
    if (core.controller !== undefined) return isOfSynapses && inInference?.has(index) === true;
    const isLearnt = inLearning?.has(index) === true && inInference?.has(index) !== true;
    return isLearnt && (isOfSynapses || field.neededFor === 'inference');
  });
}

function writtenBy({ kernels }: ProgramView, indices: Iterable<number>): ReadonlySet<number> {
  const found = new Set<number>();
  for (const index of indices)
    for (const { mnemonic, operands } of kernels[index]?.code ?? []) {
      const { does } = operationNamed(mnemonic).effect;
      if (does !== 'store' && does !== 'reduce') continue;
      for (const operand of operands) if (operand.is === 'field') found.add(operand.field);
    }
  return found;
}

/**
 * An image that starts with the results of a machine's learning.
 *
 * @param read the items of a field of the program, by its index
 * @param samples the number of samples from which it has learnt
 */
export function learntImage(
  image: Image,
  read: (field: number) => ArrayLike<number>,
  samples: number,
): Image {
  const items = new Map(learntFields(image).map((index) => [index, read(index)]));
  const before = image.provenance.learnt?.samples ?? 0;
  const provenance = { ...image.provenance, learnt: { samples: before + samples } };
  return {
    ...image,
    cores: image.cores.map((core) => ({
      ...core,
      image: { ...core.image, contents: contentsWith(core, items), provenance },
    })),
    provenance,
  };
}

/** The initial bits of a core's banks, except for its parts of some fields. */
function contentsWith(
  { image, fields }: PlacedCore,
  items: ReadonlyMap<number, ArrayLike<number>>,
): readonly Uint32Array[] {
  const memory = new Memory(image);
  for (const [index, field] of image.fields.entries()) {
    const part = fields[index];
    const from = items.get(part?.field ?? -1);
    // A view follows its shadow weight.
    if (part === undefined || from === undefined || field.layout === undefined || field.view !== undefined)
      continue;
    const values = valuesFor(field, field.count);
    for (let item = 0; item < field.count; item++) values[item] = from[wholeItem(part, item)] ?? 0;
    memory.write(image, field, values);
  }
  return memory.banks;
}
