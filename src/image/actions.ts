import { addAt, at } from '../text/index.ts';
import { noWork, type WorkCount, type WorkTally } from './counters.ts';
import type { Layout, ProgramView } from './image.ts';
import type { Action, EventLists, PlainAction } from './lists.ts';
import { layoutOf } from './memory.ts';

/** The actions of a list in order, including those in groups. */
export function plainActions(actions: readonly Action[]): PlainAction[] {
  return actions.flatMap((action) => (action.does === 'group' ? plainActions(action.actions) : [action]));
}

/** The kernels that a list runs, by index, in order. */
export function kernelsIn(actions: readonly Action[]): number[] {
  return plainActions(actions).flatMap((action) => (action.does === 'run' ? [action.kernel] : []));
}

/** All lists of an image. */
export function allLists({ sample, tick, named, ...served }: EventLists): (readonly Action[])[] {
  return [sample, tick, ...spikeLists(served), ...named.map(({ actions }) => actions)];
}

/** The sizes of the batches after which actions run (`everySample`), in ascending order. */
export function batchSizes(lists: readonly (readonly Action[])[]): number[] {
  const sizes = lists.flat().flatMap((action): number[] => {
    if (action.does !== 'group') return [];
    const { everySample } = action.condition;
    return [...(everySample === undefined ? [] : [everySample]), ...batchSizes([action.actions])];
  });
  return [...new Set(sizes)].sort((one, other) => one - other);
}

/**
 * The lists that spikes trigger: by population those of this step, then those of the step before, then those whose
 * delays end. The FIFO identifies a list by its position.
 */
export function spikeLists({
  spike,
  previousSpike,
  delayed,
}: Pick<EventLists, 'spike' | 'previousSpike' | 'delayed'>): (readonly Action[])[] {
  return [...spike, ...previousSpike, ...delayed.flatMap(({ lists }) => lists.map(({ actions }) => actions))];
}

/** The spikes that trigger each list of {@link spikeLists}, in the same order. */
export function servedSpikes({
  populations,
  events: { delayed },
}: Pick<ProgramView, 'populations' | 'events'>): ServedSpikes[] {
  const kinds = (['emitted', 'previous'] as const).flatMap((spikes) =>
    populations.map((_, population): ServedSpikes => ({ population, spikes })),
  );
  return [
    ...kinds,
    ...delayed.flatMap(({ population, lists }) =>
      lists.map(({ delay }): ServedSpikes => ({ population, spikes: delay })),
    ),
  ];
}

/** Spikes that are served alike: those of this step, those of the step before, or those with a delay, in steps. */
export type SpikeKind = 'emitted' | 'previous' | number;

interface ServedSpikes {
  readonly population: number;
  readonly spikes: SpikeKind;
}

/**
 * The number of the list that spikes of a kind trigger; -1 if none.
 *
 * @param served what each list is of
 */
export function listOf(served: readonly ServedSpikes[], population: number, spikes: SpikeKind): number {
  return served.findIndex((list) => list.population === population && list.spikes === spikes);
}

/** Kernels of a program, by index: those that run while the core infers, and all others, which wait for learning. */
export interface KernelsByPhase {
  readonly inference: ReadonlySet<number>;
  readonly learning: ReadonlySet<number>;
}

export function kernelsByPhase(events: EventLists): KernelsByPhase {
  const inference = new Set<number>();
  const learning = new Set<number>();
  const visit = (actions: readonly Action[], isLearning: boolean): void => {
    for (const action of actions) {
      if (action.does === 'group') visit(action.actions, isLearning || action.condition.learning);
      else if (action.does === 'run') (isLearning ? learning : inference).add(action.kernel);
    }
  };
  for (const list of allLists(events)) visit(list, false);
  for (const kernel of inference) learning.delete(kernel);
  return { inference, learning };
}

/** Whether anything changes while the core learns: weights, or other fields that depend on learning. */
export function canLearn({ core, fields, events }: Pick<ProgramView, 'core' | 'fields' | 'events'>): boolean {
  return (
    core.controller !== undefined ||
    fields.some(({ view }) => view !== undefined) ||
    kernelsByPhase(events).learning.size > 0
  );
}

/** An action of a list that passes over words of fields: a clear, a test, or spikes that are kept for later. */
export type FieldPass = Extract<PlainAction, { does: 'clear' | 'stop-unless-any' | 'keep' }>;

/**
 * The counts of one run of such an action. A clear writes all words of its fields, one per cycle; if other fields
 * share them and the bank has no bit mask, it reads each word first. A test scans its field as a gate does.
 */
export function countOfPass(image: ProgramView, pass: FieldPass): WorkCount {
  const count = noWork(image.banks.length);
  count.runs = 1;
  if (pass.does === 'keep') return addKept(count, image, pass.delayed);
  if (pass.does === 'stop-unless-any')
    count.scannedTiles += Math.ceil(at(image.fields, pass.field).count / image.core.lanes);
  for (const { layout, words, isRead } of passedWords(image, pass)) {
    if (isRead) addAt(count.reads, layout.bank, words);
    if (pass.does === 'stop-unless-any') continue;
    addAt(count.writes, layout.bank, words);
    count.tiles += words;
  }
  return count;
}

/** Words of a layout that a pass goes over, and whether it reads them. */
interface PassedWords {
  readonly layout: Layout;
  readonly words: number;
  readonly isRead: boolean;
}

/** The words that a clear or a test goes over, layout by layout. */
export function passedWords(
  image: Pick<ProgramView, 'fields' | 'layouts' | 'banks'>,
  pass: Exclude<FieldPass, { does: 'keep' }>,
): readonly PassedWords[] {
  const fields = pass.does === 'clear' ? pass.fields : [pass.field];
  const bitsOf = new Map<Layout, number>();
  for (const index of fields) {
    const field = at(image.fields, index);
    const layout = layoutOf(image, field);
    bitsOf.set(layout, (bitsOf.get(layout) ?? 0) + field.bits);
  }
  return [...bitsOf].map(([layout, bits]) => {
    const readsFirst = bits < layout.itemBits && !at(image.banks, layout.bank).bitMask;
    return {
      layout,
      words: layout.rows * layout.wordsPerRow,
      isRead: pass.does === 'stop-unless-any' || readsFirst,
    };
  });
}

/**
 * Spikes that wait for their delays: the row of each delay is read when it ends, and the row of this step written, a
 * word per cycle.
 */
function addKept(count: WorkTally, image: ProgramView, delayed: number): WorkCount {
  const { field = -1, lists = [] } = image.events.delayed[delayed] ?? {};
  const ring = image.fields[field];
  if (ring === undefined) throw new Error(`no field ${field}`);
  const { bank, wordsPerRow } = layoutOf(image, ring);
  addAt(count.reads, bank, lists.length * wordsPerRow);
  addAt(count.writes, bank, wordsPerRow);
  count.tiles += (lists.length + 1) * wordsPerRow;
  return count;
}
