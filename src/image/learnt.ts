import { operationNamed } from '../isa/index.ts';
import type { Image } from './image.ts';
import { kernelsByPhase } from './learning.ts';
import { Memory } from './memory.ts';

/**
 * The fields, by index, that hold what a core has learnt: weights and shadow weights, and other fields that inference
 * needs and only learning writes, such as thresholds that adapt. Where a controller decides when the core learns, all
 * fields of synapses that a kernel writes.
 */
export function learntFields(image: Image): number[] {
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
    return isLearnt && field.neededFor === 'inference';
  });
}

function writtenBy({ kernels }: Image, indices: Iterable<number>): ReadonlySet<number> {
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
 * An image that starts with what a core has learnt.
 *
 * @param read the items of a field of that core, by its index
 * @param samples how many samples it has learnt from
 */
export function learntImage(
  image: Image,
  read: (field: number) => ArrayLike<number>,
  samples: number,
): Image {
  const memory = new Memory(image);
  for (const index of learntFields(image)) {
    const field = image.fields[index];
    // A view follows its shadow weight.
    if (field?.layout !== undefined && field.view === undefined) memory.write(image, field, read(index));
  }
  const before = image.provenance.learnt?.samples ?? 0;
  return {
    ...image,
    contents: memory.banks,
    provenance: { ...image.provenance, learnt: { samples: before + samples } },
  };
}
