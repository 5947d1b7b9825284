import { domainNamed } from '../../isa/index.ts';
import { type Place, PlasticoreError } from '../../text/index.ts';
import { emittingPopulation, factsOf, fieldUses } from '../accesses.ts';
import { kernelsIn, spikeLists } from '../actions.ts';
import type { ProgramView } from '../image.ts';
import type { Action, BoundKernel } from '../lists.ts';

/** State that a suspended kernel and the lists served meanwhile must not share. */
interface Uses {
  readonly fields: ReadonlySet<number>;
  /** The generators that it draws from: declared ones by index, and the lanes' own. */
  readonly generators: ReadonlySet<number | 'of the lanes'>;
}

const nothingUsed: Uses = { fields: new Set(), generators: new Set() };

/**
 * A full FIFO that stalls serves its head while the emitting kernel is suspended. This is allowed only if nothing that
 * the head may trigger touches a field that the kernel uses, or a generator that it draws from. The head may be a spike
 * of any waiting population, and the kernels it triggers may stall in turn.
 *
 * @throws PlasticoreError `fit`
 */
export function checkStalls(image: ProgramView, place: Place): void {
  // Spikes for a controller do not go through the FIFO.
  if (image.core.whenFull !== 'stall' || image.core.controller !== undefined) return;
  const { fifoDepth } = image.core;
  const emitters = image.kernels.flatMap((kernel, index) => (emits(kernel) ? [index] : []));
  const emitted = new Set(emitters.map((index) => populationOf(image, index)));
  const { spike, previousSpike, delayed } = image.events;
  const bySpikes = new Set(spikeLists(image.events).flatMap(kernelsIn));
  const emittedBySpikes = emitters.filter((index) => bySpikes.has(index)).map((i) => populationOf(image, i));
  const waiting = mostWaiting(image);
  for (const index of emitters) {
    const emitter = image.kernels[index];
    // A kernel run by a spike may find the FIFO already full, with the input's spikes in it.
    const isServed = bySpikes.has(index);
    const { most = 0, populations = new Set<number>() } = waiting.get(index) ?? {};
    if (emitter === undefined || (!isServed && most <= fifoDepth)) continue;
    const heads = isServed
      ? new Set([...emitted, image.input])
      : new Set([...populations, ...emittedBySpikes]);
    // Spikes of earlier steps wait only while they are being delivered.
    const delayedOf = (population: number): Action[] =>
      delayed
        .filter((spikes) => spikes.population === population)
        .flatMap(({ lists }) => lists.flatMap(({ actions }) => actions));
    const served = [...heads].flatMap((population) => [
      ...(spike[population] ?? []),
      ...(isServed ? (previousSpike[population] ?? []) : []),
      ...(isServed ? delayedOf(population) : []),
    ]);
    const shared = sharing(image, usesOfKernel(image, emitter), served);
    if (shared === undefined) continue;
    throw new PlasticoreError(
      'fit',
      `kernel '${emitter.name}' may fill the FIFO of ${fifoDepth} events and stall, but serving a spike runs ${shared}`,
      {
        ...place,
        hint: isServed ? 'use whenFull: drop' : `use a FIFO of at least ${most} events, or whenFull: drop`,
      },
    );
  }
}

/** Describes the first action that shares state with a suspended kernel. */
function sharing(image: ProgramView, suspended: Uses, served: readonly Action[]): string | undefined {
  for (const action of served) {
    const { fields, generators } = usesOf(image, action);
    const field = [...fields].find((index) => suspended.fields.has(index));
    const generator = [...generators].find((index) => suspended.generators.has(index));
    if (field === undefined && generator === undefined) continue;
    if (action.does === 'group') return sharing(image, suspended, action.actions);
    const what =
      action.does === 'run'
        ? `'${image.kernels[action.kernel]?.name}', which`
        : `'${action.does === 'stop-unless-any' ? 'stopUnlessAny' : action.does}', which`;
    if (field !== undefined) return `${what} uses ${image.fields[field]?.name} too`;
    const declared = typeof generator === 'number' ? image.generators[generator] : undefined;
    return `${what} draws ${declared === undefined ? 'random numbers' : `from '${declared.name}'`} too`;
  }
  return undefined;
}

function usesOf(image: ProgramView, action: Action): Uses {
  switch (action.does) {
    case 'run': {
      const kernel = image.kernels[action.kernel];
      return kernel === undefined ? nothingUsed : usesOfKernel(image, kernel);
    }
    case 'clear':
    case 'hold':
      return { ...nothingUsed, fields: new Set(action.fields) };
    case 'stop-unless-any':
      return { ...nothingUsed, fields: new Set([action.field]) };
    case 'group': {
      const all = action.actions.map((inner) => usesOf(image, inner));
      return {
        fields: new Set(all.flatMap(({ fields }) => [...fields])),
        generators: new Set(all.flatMap(({ generators }) => [...generators])),
      };
    }
    case 'deliver':
    case 'deliver-delayed':
    case 'keep':
      throw new Error('a spike list delivers nothing');
  }
}

/** Its fields, including those of its gates; a view counts as its shadow weight. */
function usesOfKernel(image: ProgramView, kernel: BoundKernel): Uses {
  const named = fieldUses(kernel).map(({ field }) => field);
  const gates = [kernel.rowGate, kernel.columnGate].filter((gate) => gate !== undefined);
  const { draws, drawsFrom } = factsOf(kernel);
  return {
    fields: new Set([...named, ...gates].map((index) => image.fields[index]?.view?.of ?? index)),
    generators: new Set(draws > 0 ? [...drawsFrom, 'of the lanes'] : drawsFrom),
  };
}

/** The events that may wait in the FIFO: the maximum number, and their populations. */
interface Waiting {
  readonly most: number;
  readonly populations: ReadonlySet<number>;
}

const nothing: Waiting = { most: 0, populations: new Set() };

const either = (a: Waiting, b: Waiting): Waiting => ({
  most: Math.max(a.most, b.most),
  populations: new Set([...a.populations, ...b.populations]),
});

/** For each emitting kernel of the sample and tick lists, the events in the FIFO after it has run. */
function mostWaiting(image: ProgramView): ReadonlyMap<number, Waiting> {
  const after = new Map<number, Waiting>();
  let waiting = walk(image.events.sample, nothing);
  for (let step = 0; step < image.steps; step++) {
    const before = waiting;
    waiting = walk(image.events.tick, before);
    // If a step changes nothing, no later step will.
    if (waiting.most === before.most && waiting.populations.size === before.populations.size) break;
  }
  return after;

  /** The events that may wait when a list has ended. */
  function walk(actions: readonly Action[], before: Waiting): Waiting {
    let waiting = before;
    let whenStopped = nothing;
    for (const action of actions) {
      if (action.does === 'deliver' || action.does === 'deliver-delayed') waiting = nothing;
      if (action.does === 'stop-unless-any') whenStopped = either(whenStopped, waiting);
      // A group may be skipped, or stop before it delivers.
      if (action.does === 'group') waiting = either(waiting, walk(action.actions, waiting));
      if (action.does === 'run' && emits(image.kernels[action.kernel])) {
        waiting = {
          most: waiting.most + mostEmitted(image, action.kernel),
          populations: new Set([...waiting.populations, populationOf(image, action.kernel)]),
        };
        after.set(action.kernel, either(after.get(action.kernel) ?? nothing, waiting));
      }
    }
    return either(waiting, whenStopped);
  }
}

/** The most spikes of one run of a list. */
export function mostEmittedBy(actions: readonly Action[], image: EmittingImage): number {
  return kernelsIn(actions).reduce((sum, index) => sum + mostEmitted(image, index), 0);
}

type EmittingImage = Pick<ProgramView, 'kernels' | 'populations' | 'projections'>;

/** The most spikes of one run of a kernel. */
function mostEmitted(image: EmittingImage, index: number): number {
  if (!emits(image.kernels[index])) return 0;
  const kernel = image.kernels[index];
  const size = image.populations[populationOf(image, index)]?.size ?? 0;
  const source = image.projections[kernel?.projection ?? -1]?.source ?? -1;
  if (kernel !== undefined && domainNamed(kernel.domain).single) return 1;
  return kernel?.domain === 'synapses' ? size * (image.populations[source]?.size ?? 0) : size;
}

function populationOf(image: EmittingImage, index: number): number {
  const kernel = image.kernels[index];
  if (kernel === undefined) throw new Error(`no kernel ${index}`);
  return emittingPopulation(image, kernel);
}

function emits(kernel: BoundKernel | undefined): boolean {
  return kernel !== undefined && factsOf(kernel).emits;
}
