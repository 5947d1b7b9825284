/** State of the page: the machine, the one it is compared with, and the view. */
import { effect, type Signal, signal } from '@preact/signals';
import { defaultDesign } from '../shared/design.ts';
import { defaultLook, type Look } from '../shared/look.ts';
import type { Catalogue, OpenDesign, Watch } from '../shared/protocol.ts';
import { Bench } from './bench.ts';

/** The machine of the page. */
export const bench = new Bench(defaultDesign);

/** A design that was pinned, and runs beside it; none at first. */
export const pinned: Signal<Bench | undefined> = signal(undefined);

export const look: Signal<Look> = signal(defaultLook);

export function lookAt(part: Partial<Look>): void {
  look.value = { ...look.value, ...part };
}

/** The kernel under the pointer or with the focus, by its number: its lines, bars and words are coloured everywhere. */
export const kernelInHand: Signal<number | undefined> = signal(undefined);

/** So many neurons have pictures of their weights at a time. */
export const neuronsShown = 16;

/** The first neuron of those whose weights are shown: the last page ends with the last neuron. */
export function firstShown(opened: OpenDesign, population: string | undefined, wanted: number): number {
  const size = opened.populations.find(({ name }) => name === population)?.size ?? 0;
  return Math.max(0, Math.min(wanted, size - neuronsShown));
}

/** What is watched: the neuron, projection and sample that a person has chosen, or others where those are not there. */
export function watchOf(opened: OpenDesign, { neuron, projection, firstNeuron, sample }: Look): Watch {
  const hidden = opened.populations.find(({ name, fields }) => name !== opened.input && fields.length > 0);
  const isThere = opened.populations.some(
    ({ name, size }) => name === neuron?.population && neuron.index < size,
  );
  const shown = opened.projections.find(({ name }) => name === projection) ?? opened.projections[0];
  const first = firstShown(opened, shown?.to, firstNeuron);
  return {
    neuron: isThere || hidden === undefined ? neuron : { population: hidden.name, index: 0 },
    weights: shown && {
      projection: shown.name,
      neurons: Array.from({ length: neuronsShown }, (_, index) => first + index),
    },
    // A test set may be smaller than the one before.
    sample: sample !== undefined && sample < opened.testSamples ? sample : undefined,
  };
}

effect(() => {
  const opened = bench.opened.value;
  if (opened === undefined) return;
  const watch = watchOf(opened, look.value);
  bench.watch(watch);
  pinned.value?.watch(watch);
});

/** The bundled files, as soon as the worker has told them. */
export const catalogue: Signal<Catalogue> = signal({ version: '', experiments: [], cores: [], texts: {} });
void bench.remote.catalogue().then((known) => {
  catalogue.value = known;
});
