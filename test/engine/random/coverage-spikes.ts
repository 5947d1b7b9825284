import { isBatchable } from '../../../src/engine/fast/plan/analysis/batch.ts';
import { planKernels } from '../../../src/engine/fast/plan/kernel-plan.ts';
import {
  type BoundKernel,
  factsOf,
  type ImageInstruction,
  kernelsIn,
  servedSpikes,
  spikeLists,
} from '../../../src/image/index.ts';
import type { Outcome } from './compare.ts';

/** What a run has shown of spikes that wait for delays, and of those that carry values. */
export function spikesSeen(outcome: Outcome): string[] {
  return [...valuesSeen(outcome), ...delaysSeen(outcome), ...entriesSeen(outcome)];
}

/** All of it. */
export const ofSpikes: readonly string[] = [
  ...['the input', 'a population'].map((whose) => `a spike of ${whose} acts late`),
  'a spike visits the synapses of one delay',
  'a spike visits listed synapses of one delay',
  'a spike visits listed blocks of one delay, of different lengths',
  'a rule learns late from listed synapses',
  'a kernel visits listed synapses of all delays',
  'a spike waits for more than a step',
  'a rule learns late',
  'a late spike emits',
  'late spikes are a batch',
  ...['emitted', 'previous'].flatMap((kind) =>
    ['row', 'neuron'].map((domain) => `the value of a spike, ${kind}, in a kernel over ${domain}`),
  ),
  'the value of a spike, late, in a kernel over row',
  'values of a batch of spikes',
  'a spike of the input enters again',
  'a spike of the input enters again with its value',
  'spikes that enter again are a batch',
  'the value of a spike as a float',
];

/** Kernels that take the values of spikes. */
function valuesSeen({ image, reference }: Outcome): string[] {
  const found: string[] = [];
  const { work } = reference.counters();
  const lists = spikeLists(image.events);
  for (const [list, { population, spikes }] of servedSpikes(image).entries()) {
    if (image.populations[population]?.payload === undefined) continue;
    const kind = typeof spikes === 'number' ? 'late' : spikes;
    for (const index of kernelsIn(lists[list] ?? [])) {
      const kernel = image.kernels[index];
      if (kernel === undefined || !factsOf(kernel).takesValue || (work[index]?.items ?? 0) === 0) continue;
      const isFloat = ({ arithmetic, operands }: ImageInstruction): boolean =>
        arithmetic === 'real' && operands.some(({ is }) => is === 'payload');
      if (kernel.code.some(isFloat)) found.push('the value of a spike as a float');
      found.push(`the value of a spike, ${kind}, in a kernel over ${kernel.domain}`);
      if (isBatchable(image, planKernels(image), lists[list] ?? []))
        found.push('values of a batch of spikes');
    }
  }
  return found;
}

/** Spikes of an input with delays that have entered again, through another neuron, and done something. */
function entriesSeen({ image, reference }: Outcome): string[] {
  const found: string[] = [];
  const { work } = reference.counters();
  const { payload } = image.populations[image.input] ?? {};
  for (const { shift = 0, actions } of image.events.delayed.flatMap(({ lists }) => lists)) {
    const late = kernelsIn(actions).filter((index) => (work[index]?.items ?? 0) > 0);
    if (shift === 0 || late.length === 0) continue;
    found.push('a spike of the input enters again');
    if (payload !== undefined) found.push('a spike of the input enters again with its value');
    if (isBatchable(image, planKernels(image), actions)) found.push('spikes that enter again are a batch');
  }
  return found;
}

/** Spikes that have waited for a delay and then done something. */
function delaysSeen({ image, reference }: Outcome): string[] {
  const found: string[] = [];
  const { work } = reference.counters();
  for (const { population, lists } of image.events.delayed) {
    const whose = population === image.input ? 'the input' : 'a population';
    for (const { delay, actions } of lists) {
      const late = kernelsIn(actions).filter((index) => (work[index]?.items ?? 0) > 0);
      for (const kernel of late.flatMap((index) => image.kernels[index] ?? [])) {
        found.push(`a spike of ${whose} acts late`);
        const { partOf, index } = image.projections[kernel.projection ?? -1] ?? {};
        if (partOf !== undefined) found.push('a spike visits the synapses of one delay');
        if (index?.offset !== undefined) found.push('a spike visits listed synapses of one delay');
        if (index?.offset !== undefined && index.count !== undefined)
          found.push('a spike visits listed blocks of one delay, of different lengths');
        if (kernel.counts === 'update') found.push('a rule learns late');
        if (kernel.counts === 'update' && index?.offset !== undefined)
          found.push('a rule learns late from listed synapses');
        if (factsOf(kernel).emits) found.push('a late spike emits');
        if (delay > 1) found.push('a spike waits for more than a step');
      }
      if (late.length > 0 && isBatchable(image, planKernels(image), actions))
        found.push('late spikes are a batch');
    }
  }
  const { kernels, projections } = image;
  for (const { partOf = -1, index } of projections) {
    const visitsAll = ({ domain, projection }: BoundKernel, at: number) =>
      projection === partOf && domain === 'synapses' && (work[at]?.items ?? 0) > 0;
    if (index !== undefined && kernels.some(visitsAll))
      found.push('a kernel visits listed synapses of all delays');
  }
  return found;
}
