import {
  type Action,
  type Condition,
  type CoreImage,
  countOfPass,
  layoutOf,
  listOf,
  servedSpikes,
  spikeLists,
  spreadController,
  suppliedTo,
} from '../../image/index.ts';
import { at } from '../../text/index.ts';
import type { CorePlan, DeliverySource, KernelPlan, List, PassedWords, RingPlan, Step } from './core-plan.ts';
import { writtenBack } from './memories.ts';

type ListPlan = Pick<
  CorePlan,
  'conditions' | 'sample' | 'tick' | 'served' | 'events' | 'arrivals' | 'lists' | 'steps'
>;

/** The input of a core that is one of several is what arrives there. */
const arriving: Action = { does: 'deliver', population: -1, spikes: 'emitted' };

/** The lists of a core, their steps numbered; those of one that is one of several are those of its named events. */
export function planLists(
  image: CoreImage,
  kernels: readonly KernelPlan[],
  rings: readonly RingPlan[],
): ListPlan {
  const { core, events, populations } = image;
  const kinds = servedSpikes(image);
  const conditions: Condition[] = [];
  const lists: List[] = [];
  let steps = 0;
  const stepOf = (action: Step['action'], holding: readonly number[], waited = 0): Step => {
    const ranges = rangesOf(image, rings, action);
    return {
      number: steps++,
      action,
      words: stepWords(action, image),
      conditions: holding,
      kernel: action.does === 'run' ? kernels.find(({ index }) => index === action.kernel) : undefined,
      afterFailing: undefined,
      delivers: action.does === 'deliver' || action.does === 'deliver-delayed',
      deliversLater: false,
      source: sourceOf(action, waited, image),
      serves: servesOf(action, waited, image),
      ranges,
      passes: passesOf(action, ranges, image),
    };
  };
  const stepsOf = (actions: readonly Action[], holding: readonly number[]): Step[] =>
    actions.flatMap((action) => {
      if (action.does === 'deliver-delayed')
        return at(rings, action.delayed).lists.map((_, waited) => stepOf(action, holding, waited));
      if (action.does !== 'group') return [stepOf(action, holding)];
      conditions.push(action.condition);
      const group = stepsOf(action.actions, [...holding, conditions.length - 1]);
      const afterFailing = steps;
      return group.map((step) =>
        step.action.does === 'stop-unless-any' && step.afterFailing === undefined
          ? { ...step, afterFailing }
          : step,
      );
    });
  const list = (name: string, actions: readonly Action[]): List => {
    const all = stepsOf(actions, []);
    const last = all.findLastIndex(({ delivers }) => delivers);
    const made = { name, steps: all.map((step, index) => ({ ...step, deliversLater: index <= last })) };
    lists.push(made);
    return made;
  };
  // A sample starts without spikes of the input.
  const first = list('the start of a sample', events.sample);
  const sample = {
    ...first,
    steps: first.steps.map((step) => (step.source?.is === 'input' ? { ...step, source: undefined } : step)),
  };
  lists[0] = sample;
  const tick = list('a step', events.tick);
  const served = spikeLists(events).map((actions, index) => {
    const { population, spikes } = at(kinds, index);
    const when = { emitted: '', previous: ' in the step before' }[spikes] ?? ` after ${spikes} steps`;
    return list(`a spike of ${at(populations, population).name}${when}`, actions);
  });
  const named = events.named.map(({ name, actions }, event) => list(`event ${event}, of ${name}`, actions));
  const arrivals = core.controller === spreadController ? list('spikes that arrive', [arriving]) : undefined;
  const all = { steps: lists.flatMap((own) => own.steps), lists };
  return { conditions, sample, tick, served, events: named, arrivals, ...all };
}

/** The source of a delivery; undefined if it serves the FIFO alone. */
function sourceOf(action: Step['action'], waited: number, { input }: CoreImage): DeliverySource | undefined {
  if (action.does === 'deliver-delayed') return { is: 'waited', delayed: action.delayed, list: waited };
  if (action.does !== 'deliver') return undefined;
  if (action.spikes === 'previous') return { is: 'previous', population: action.population };
  return action.population === input ? { is: 'input' } : undefined;
}

/** Which of the served lists a delivery leads to: see `Step.serves`. */
function servesOf(action: Step['action'], waited: number, image: CoreImage): number {
  const served = servedSpikes(image);
  if (action.does === 'deliver') return listOf(served, action.population, action.spikes);
  if (action.does !== 'deliver-delayed') return -1;
  const { population, lists } = at(image.events.delayed, action.delayed);
  return listOf(served, population, at(lists, waited).delay);
}

/** The rings of the core. */
export function planRings({ events, populations, fields, layouts, input }: CoreImage): RingPlan[] {
  return events.delayed.map(({ population: source, field: index, lists }) => {
    const population = at(populations, source);
    const field = at(fields, index);
    return {
      source,
      population,
      isInput: source === input,
      field,
      layout: layoutOf({ layouts }, field),
      items: suppliedTo(population),
      valueBits: population.payload?.bits ?? 0,
      rows: at(lists, lists.length - 1).delay,
      lists,
    };
  });
}

/** How many words a step passes over, or tiles that it tests; 1 for others. */
function passesOf(action: Step['action'], ranges: readonly PassedWords[], image: CoreImage): number {
  if (action.does === 'stop-unless-any')
    return Math.ceil(at(image.fields, action.field).count / image.core.lanes);
  if (action.does !== 'clear' && action.does !== 'keep') return 1;
  const words = ranges.reduce((sum, range) => sum + range.words, 0);
  if (words !== countOfPass(image, action).tiles) throw new Error('a pass over other words than it counts');
  return words;
}

/** Populations whose spikes of the step before are delivered, or kept for later. */
export function keptPopulations(steps: readonly Step[], rings: readonly RingPlan[]): number[] {
  const found = steps.flatMap(({ action, source }) => {
    if (source?.is === 'previous') return [source.population];
    return action.does === 'keep' && action.from === 'previous' ? [at(rings, action.delayed).source] : [];
  });
  return [...new Set(found)];
}

/** The words that a step passes over. */
function rangesOf(image: CoreImage, rings: readonly RingPlan[], action: Step['action']): PassedWords[] {
  if (action.does === 'clear') return clearedRanges(image, action.fields);
  return action.does === 'keep' ? keptRanges(image, rings, action.delayed) : [];
}

function clearedRanges(image: CoreImage, cleared: readonly number[]): PassedWords[] {
  const masks = new Map<number, bigint>();
  for (const index of cleared) {
    const { layout = -1 } = at(image.fields, index);
    masks.set(layout, (masks.get(layout) ?? 0n) | maskOf(image, index));
  }
  return [...masks].map(([layout, mask]) => {
    const { bank, firstWord, rows, wordsPerRow } = at(image.layouts, layout);
    const isMerged = writtenBack(image, layout, cleared) !== undefined;
    return { bank, words: rows * wordsPerRow, firstWord, mask, isMerged };
  });
}

/** A ring writes the row of this step, and reads those whose delays end in the next one. */
function keptRanges(image: CoreImage, rings: readonly RingPlan[], ring: number): PassedWords[] {
  const { layout, lists, rows } = at(rings, ring);
  const { bank, firstWord, wordsPerRow: words } = layout;
  const mask = maskOf(image, at(image.events.delayed, ring).field);
  return [
    { bank, words, firstWord, row: { ring, back: 0 }, mask },
    // The row of the next step less the delay.
    ...lists.map(({ delay }) => ({ bank, words, firstWord, row: { ring, back: (1 + rows - delay) % rows } })),
  ];
}

/** The bits of a field in a word. */
function maskOf(image: CoreImage, index: number): bigint {
  const { layout = -1, bits, bitOffset, perWord } = at(image.fields, index);
  const { itemsPerWord, itemBits } = at(image.layouts, layout);
  let mask = 0n;
  for (let item = 0; item < (perWord ? 1 : itemsPerWord); item++)
    mask |= ((1n << BigInt(bits)) - 1n) << BigInt(item * itemBits + bitOffset);
  return mask;
}

/** A step of a list, in words. */
function stepWords(action: Step['action'], image: CoreImage): string {
  switch (action.does) {
    case 'run':
      return at(image.work, action.kernel);
    case 'deliver':
      if (action.population < 0) return 'serve the spikes that arrive';
      return `deliver ${at(image.populations, action.population).name}${action.spikes === 'previous' ? ', spikes of the step before' : ''}`;
    case 'deliver-delayed':
      return 'deliver spikes that have waited';
    case 'keep':
    case 'clear':
    case 'stop-unless-any':
      return at(image.work, action.work);
    default:
      return action.does;
  }
}

/** The image of a core that only tests: its lists without the groups that learn. */
export function withoutLearning(image: CoreImage): CoreImage {
  const { events } = image;
  const lists = (all: readonly (readonly Action[])[]): Action[][] => all.map(testing);
  return {
    ...image,
    events: {
      ...events,
      sample: testing(events.sample),
      tick: testing(events.tick),
      spike: lists(events.spike),
      previousSpike: lists(events.previousSpike),
      delayed: events.delayed.map((delayed) => ({
        ...delayed,
        lists: delayed.lists.map((list) => ({ ...list, actions: testing(list.actions) })),
      })),
      named: events.named.map((event) => ({ ...event, actions: testing(event.actions) })),
    },
  };
}

function testing(actions: readonly Action[]): Action[] {
  return actions.flatMap((action): Action[] => {
    if (action.does !== 'group') return [action];
    return action.condition.learning ? [] : [{ ...action, actions: testing(action.actions) }];
  });
}
