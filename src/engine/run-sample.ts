import type { SpikeTrain } from '../data/index.ts';
import {
  type Action,
  kernelsIn,
  type PlaceInPass,
  type Population,
  type ProgramView,
  sentFrom,
} from '../image/index.ts';
import { domainNamed, eventScalars as neuronScalars } from '../isa/index.ts';
import { at, indexOfLargest, PlasticoreError, suggest } from '../text/index.ts';
import type { NamedEvents, Processor } from './core.ts';
import { neuronOf } from './spike-address.ts';
import type { SampleStart } from './state.ts';

export interface SampleOptions {
  /** The value that kernels read as `host.label`. */
  readonly label: number;
  /** Whether actions marked `when: learning` run. */
  readonly learn: boolean;
  /** Its place in a pass over the data; absent if it is presented alone. */
  readonly place?: PlaceInPass | undefined;
  /** Called after each step, to record its results, with its number of spikes; steps of a replay count from 0 again. */
  readonly observe?: ((step: number, spikes: number) => void) | undefined;
}

/**
 * Presents a sample: begins it, then runs a time step for each step of the input spikes. While it learns, once more if
 * the program says so.
 *
 * @throws PlasticoreError `data` for too many steps or none, or for spikes of neurons that the input population does
 * not have; `run` where a NaN would be stored
 */
export function runSample(core: Processor, spikes: SpikeTrain, options: SampleOptions): void {
  const { label, learn, place, observe } = options;
  const { steps } = spikes;
  let presentation: SampleStart | undefined = { label, learn, place, steps, spikes };
  while (presentation !== undefined) {
    present(core, presentation, observe);
    presentation = replayOf(core, presentation);
  }
}

/** A sample that a core has just been presented, to be presented again; undefined if it is not to be. */
export function replayOf(core: Processor, sample: SampleStart): SampleStart | undefined {
  const { learn, isReplay = false } = sample;
  return learn && !isReplay && asksForReplay(core) ? { ...sample, isReplay: true } : undefined;
}

function present(core: Processor, sample: SampleStart, observe: SampleOptions['observe']): void {
  core.begin(sample);
  if (observe === undefined) {
    core.finish();
    return;
  }
  for (let step = 0; step < sample.steps; step++) {
    observe(step, core.step());
  }
}

/** Whether a sample that a core has learned is to be presented again: see the image's `replay`. */
function asksForReplay(core: Processor): boolean {
  const { replay } = core.image;
  return replay !== undefined && core.read(replay).some((item) => Math.abs(item) >= 1);
}

/** The answer for a sample: the index of the largest item of the readout field, the first if several are equal. */
export function predict(core: Processor): number {
  return indexOfLargest(core.read(core.image.readout));
}

/**
 * Triggers a named event, by name: `triggerEvent(core, 'virtual', {neuron: 3, weight: 7})`. Omitted scalars keep their
 * values.
 *
 * @param image whose events they are, if the core is a part of a machine that has none
 * @returns the neurons that spiked, in order
 * @throws PlasticoreError `usage` for an event or scalar that the image does not have, a value outside its range, or a
 * neuron that a population of the event's kernels does not have
 */
export function triggerEvent(
  core: NamedEvents & { readonly image: ProgramView },
  name: string,
  scalars: Readonly<Record<string, number>> = {},
  image: ProgramView = core.image,
): number[] {
  const { events, eventScalars } = image;
  const index = events.named.findIndex((event) => event.name === name);
  const event = events.named[index];
  if (event === undefined) {
    const names = events.named.map((candidate) => candidate.name);
    throw new PlasticoreError('usage', `there is no event '${name}'`, { hint: suggest(name, names) });
  }
  const values = core.event.slice();
  for (const [scalar, value] of Object.entries(scalars)) {
    const at = eventScalars.findIndex((candidate) => candidate.name === scalar);
    const range = eventScalars[at];
    if (range === undefined) {
      const names = eventScalars.map((candidate) => candidate.name);
      throw new PlasticoreError('usage', `events have no scalar '${scalar}'`, {
        hint: suggest(scalar, names),
      });
    }
    if (!Number.isInteger(value) || value < range.low || value > range.high)
      throw new PlasticoreError('usage', `${scalar}: expected ${range.low} to ${range.high}, found ${value}`);
    values[at] = value;
  }
  checkNeurons(image, event.actions, values);
  core.event.set(values);
  const count = core.trigger(index);
  return Array.from(core.emitted.subarray(0, count), neuronOf);
}

/** A scalar's range is that of the largest population; the populations of an event's kernels may be smaller. */
function checkNeurons(image: ProgramView, actions: readonly Action[], values: Int32Array): void {
  for (const index of kernelsIn(actions)) {
    for (const [scalar, population] of namedBy(image, index).entries()) {
      const { name, size } = image.populations[population ?? -1] ?? {};
      const neuron = values[scalar] ?? 0;
      if (size === undefined || (neuron >= 0 && neuron < size)) continue;
      const kernel = image.kernels[index]?.name;
      throw new PlasticoreError(
        'usage',
        `${neuronScalars[scalar]}: expected 0 to ${size - 1}, a neuron of '${name}' for kernel '${kernel}', found ${neuron}`,
      );
    }
  }
}

/** A bound that a scalar has in an event, and what sets it. */
export interface NeuronLimit {
  /** The scalar: 0 for the neuron, 1 for the post-synaptic one. */
  readonly scalar: number;
  readonly size: number;
  readonly population: string;
}

/** What neurons a named event takes: of those that its kernels' populations all have. */
export function neuronLimits(image: ProgramView, event: number): readonly NeuronLimit[] {
  const limits = new Map<number, NeuronLimit>();
  for (const index of kernelsIn(image.events.named[event]?.actions ?? []))
    for (const [scalar, population] of namedBy(image, index).entries()) {
      const { name, size } = image.populations[population ?? -1] ?? {};
      const known = limits.get(scalar);
      if (name !== undefined && size !== undefined && (known === undefined || size < known.size))
        limits.set(scalar, { scalar, size, population: name });
    }
  return [...limits.values()];
}

/** The populations whose neurons a kernel takes from the event, in the order of the scalars that name them. */
function namedBy({ kernels, projections }: ProgramView, index: number): readonly (number | undefined)[] {
  const kernel = kernels[index];
  if (kernel === undefined || !domainNamed(kernel.domain).needsEvent) return [];
  const { source, target } = projections[kernel.projection ?? -1] ?? {};
  return [kernel.population ?? source, kernel.domain === 'synapse' ? target : undefined];
}

/** How samples reach a program. */
type Presentation = Pick<ProgramView, 'steps' | 'settle' | 'input' | 'inputChannels' | 'populations'>;

/** The most steps of a sample that a program takes: those in which it settles come after them. */
export function sampleSteps({ steps, settle = 0 }: Pick<ProgramView, 'steps' | 'settle'>): number {
  return steps - settle;
}

/**
 * A sample as a program takes it, from its spikes as data hold them: with the program's numbers of the inputs, with the
 * values that they carry, and followed by the steps without input in which the program settles.
 *
 * @throws PlasticoreError `data` if the encoder gives values, and the program's input takes none
 */
export function presented(image: Presentation, spikes: SpikeTrain): SpikeTrain {
  const input = image.populations[image.input];
  return settled(withValues(renumbered(spikes, image), input), image.settle ?? 0);
}

/**
 * Checks that spikes of an input can carry the values that an encoder gives them.
 *
 * @throws PlasticoreError `data` if it has no payload
 */
export function checkCarriesValues(input: Pick<Population, 'name' | 'payload'> | undefined): void {
  if (input?.payload !== undefined) return;
  throw new PlasticoreError(
    'data',
    `the encoder gives spikes values, and those of '${input?.name}' carry none`,
    {
      hint: `give populations.${input?.name} a payload: {bits: 8, signed: false}`,
    },
  );
}

/** Bits of a feature. */
const featureBits = 8;

/**
 * The addresses of spikes that carry values: of a feature, as many upper bits as the payload has for a magnitude, and a
 * count as it is, saturated to the payload. A spike whose bits are all 0 is not sent. Where an encoder gives no values,
 * a spike carries how often its input spikes in the step, one after the other.
 */
function withValues(spikes: SpikeTrain, input: Population | undefined): SpikeTrain {
  const { steps, offsets, indices, values, valuesAre = 'features' } = spikes;
  if (input?.payload === undefined) {
    if (values !== undefined) checkCarriesValues(input);
    return spikes;
  }
  const { bits, signed } = input.payload;
  const dropped = valuesAre === 'counts' ? 0 : Math.max(0, featureBits - bits + (signed ? 1 : 0));
  const addresses = new Uint32Array(at(offsets, steps));
  const ends = new Uint32Array(steps + 1);
  let sent = 0;
  for (let step = 0; step < steps; step++) {
    const end = at(offsets, step + 1);
    for (let place = at(offsets, step); place < end; ) {
      const neuron = at(indices, place);
      const count = values === undefined ? equalFrom(indices, place, end) : 1;
      const value = values === undefined ? count : at(values, place) >> dropped;
      if (value > 0) addresses[sent++] = sentFrom(input, neuron, value);
      place += count;
    }
    ends[step + 1] = sent;
  }
  return { steps, offsets: ends, indices: addresses };
}

/** How many items from a place on are equal. */
function equalFrom(items: ArrayLike<number>, place: number, end: number): number {
  let next = place + 1;
  while (next < end && items[next] === items[place]) next += 1;
  return next - place;
}

function settled(spikes: SpikeTrain, settle: number): SpikeTrain {
  if (settle === 0) return spikes;
  const { steps, offsets, indices } = spikes;
  const longer = new Uint32Array(steps + settle + 1).fill(at(offsets, steps));
  longer.set(offsets.subarray(0, steps + 1));
  return { steps: steps + settle, offsets: longer, indices };
}

/** From channel by channel to place by place. */
function renumbered(
  spikes: SpikeTrain,
  { inputChannels: channels = 1, input, populations }: Presentation,
): SpikeTrain {
  if (channels === 1) return spikes;
  const { steps, offsets, indices, values, valuesAre } = spikes;
  const places = (populations[input]?.size ?? 0) / channels;
  // The value below the number, so that one sort keeps them together.
  const packed = Uint32Array.from({ length: at(offsets, steps) }, (_, place) => {
    const index = at(indices, place);
    const number = (index % places) * channels + Math.floor(index / places);
    return number * 256 + (values?.[place] ?? 0);
  });
  for (let step = 0; step < steps; step++) packed.subarray(offsets[step], offsets[step + 1]).sort();
  return {
    steps,
    offsets,
    indices: packed.map((spike) => spike >>> 8),
    ...(values && { values: Uint8Array.from(packed), valuesAre }),
  };
}
