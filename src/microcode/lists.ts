import {
  type Action,
  allLists,
  batchSizes,
  type Condition,
  type FieldPass,
  factsOf,
  type Payload,
  type ProgramView,
  spikeLists,
} from '../image/index.ts';
import { at, PlasticoreError } from '../text/index.ts';
import { type KeptName, keptSources } from './kept.ts';
import {
  conditionParts,
  entryKinds,
  entryParts,
  mostConditions,
  mostEntries,
  numberNamed,
  packRecord,
  stepBits,
  valueBits,
} from './records.ts';
import type { PartValues } from './tables.ts';

/** The lists of a program as a core plays them, and the conditions that they name. */
export interface SequencerLists {
  readonly entries: readonly bigint[];
  readonly conditions: readonly bigint[];
}

/** Lists for spikes come after those of a sample and of a step. */
const ownLists = 2;
/** The most populations that spikes name, and lists. */
const mostPopulations = 16;
const mostLists = 32;
/** The most sources of spikes that are kept. */
const mostSources = 16;

/**
 * Encodes the lists: those of a sample's start and of a step, then what a spike of each population triggers.
 *
 * @param passKernels the kernels of a pass over words
 * @throws PlasticoreError `fit` for what the sequencer does not do, or has no room for
 */
export function sequencerLists(
  image: ProgramView,
  interval: number,
  passKernels: (pass: FieldPass) => readonly number[],
): SequencerLists {
  const { events, populations } = image;
  const wide = populations.find(({ payload }) => payload !== undefined && heldBits(payload) > valueBits);
  if (wide !== undefined)
    refuse(`has spikes of ${wide.name} with values of more than ${valueBits} bits, sign included`);
  if (events.named.length > 0) refuse('is run by named events from outside');
  if (image.core.whenFull === 'drop') refuse('drops spikes that find no room');
  if (populations.length > mostPopulations)
    refuse(`has ${populations.length} populations; spikes name ${mostPopulations}`);
  const encoding = new ListEncoding(image, interval, passKernels);
  const { size } = keptSources(image).sources;
  if (size > mostSources) refuse(`keeps spikes of ${size} kinds, and ${mostSources} are told apart`);
  const lists = [events.sample, events.tick, ...(size === 0 ? events.spike : spikeLists(events))];
  if (lists.length > mostLists)
    refuse(`has ${lists.length} lists with those of a sample and a step, and ${mostLists} are held`);
  for (const actions of lists) encoding.list(actions);
  return encoding.encoded();
}

/** Bits of a value with its sign, or a zero in its place. */
function heldBits({ bits, signed }: Payload): number {
  return bits + Number(!signed);
}

function refuse(what: string): never {
  throw new PlasticoreError('fit', `the program ${what}, which no list of a programmable core does`, {
    hint: 'choose sequencer: hardwired, whose core is written for the program',
  });
}

class ListEncoding {
  readonly #image: ProgramView;
  readonly #interval: number;
  readonly #passKernels: (pass: FieldPass) => readonly number[];
  readonly #batches: readonly number[];
  readonly #entries: PartValues[] = [];
  readonly #conditions: string[] = [];
  readonly #records: bigint[] = [];
  #lists = 0;

  constructor(image: ProgramView, interval: number, passKernels: (pass: FieldPass) => readonly number[]) {
    this.#image = image;
    this.#interval = interval;
    this.#passKernels = passKernels;
    this.#batches = batchSizes(allLists(image.events));
  }

  list(actions: readonly Action[]): void {
    const first = this.#entries.length;
    // The conditions of the first one of deliveries that follow one another.
    let root: number | undefined;
    for (const entry of this.#actions(actions, 0)) {
      const { kind, conditions = 0 } = entry;
      if (kind !== numberNamed(entryKinds, 'deliver')) root = undefined;
      const isBehind = root !== undefined && (root & ~conditions) === 0;
      if (kind === numberNamed(entryKinds, 'deliver') && !isBehind) root = conditions;
      this.#entries.push({ ...entry, ...(isBehind && { behind: 1 }) });
    }
    this.#entries.push({ kind: numberNamed(entryKinds, 'end'), index: this.#lists++ });
    this.#entries[first] = { ...at(this.#entries, first), first: 1 };
  }

  encoded(): SequencerLists {
    const last = this.#entries.length - 1;
    if (last >= mostEntries) refuse(`has ${last + 1} entries of lists, and ${mostEntries} are held`);
    const entries = this.#entries.map((values, index) =>
      packRecord(entryParts, { ...values, final: Number(index === last) }),
    );
    return { entries, conditions: this.#records };
  }

  /** The entries of actions, from the place of the next entry on. */
  #actions(actions: readonly Action[], conditions: number, from = this.#entries.length): PartValues[] {
    const entries: PartValues[] = [];
    const tests: PartValues[] = [];
    for (const action of actions) {
      if (action.does === 'group') {
        const within = conditions | (1 << this.#condition(action.condition));
        entries.push(...this.#actions(action.actions, within, from + entries.length));
        continue;
      }
      const own = this.#plain(action).map((values) => ({
        ...values,
        conditions: conditions | (values.conditions ?? 0),
      }));
      if (action.does === 'stop-unless-any') tests.push(...own);
      entries.push(...own);
    }
    // A test that fails ends its group.
    return entries.map((entry) =>
      tests.includes(entry) ? { ...entry, skip: from + entries.length } : entry,
    );
  }

  #plain(action: Exclude<Action, { does: 'group' }>): PartValues[] {
    const runs = (index: number, emits = false): PartValues => ({
      kind: numberNamed(entryKinds, 'run'),
      index,
      emits: Number(emits),
    });
    switch (action.does) {
      case 'run':
        return [runs(action.kernel, factsOf(at(this.#image.kernels, action.kernel)).emits)];
      case 'clear':
        return this.#passKernels(action).map((kernel) => runs(kernel));
      case 'stop-unless-any':
        return this.#passKernels(action).map((kernel) => ({
          ...runs(kernel),
          kind: numberNamed(entryKinds, 'test'),
        }));
      case 'deliver': {
        const { population, spikes } = action;
        if (this.#lists >= ownLists) return refuse('delivers spikes for a spike');
        const index = ownLists + population;
        if (spikes === 'previous')
          return [this.#delivers(index + this.#image.populations.length, `previous ${population}`)];
        const kind = numberNamed(entryKinds, 'deliver');
        const isInput = population === this.#image.input;
        return [{ kind, index, emits: Number(isInput), ...(isInput && this.#received()) }];
      }
      case 'deliver-delayed':
        return this.#delayed(action.delayed);
      case 'keep':
        if (action.step.is !== 'host') return refuse('keeps spikes of named events');
        return this.#passKernels(action).map((kernel, index) => ({
          ...runs(kernel),
          counts: 1,
          counter: this.#counter(action.delayed, index),
        }));
      case 'hold':
        return refuse('holds items of fields');
    }
  }

  /** Delivers spikes that are kept, each of which triggers a list. */
  #delivers(index: number, name: KeptName): PartValues {
    const { source = 0, first = 0 } = keptSources(this.#image).sources.get(name) ?? {};
    return { kind: numberNamed(entryKinds, 'deliver'), index, kept: 1, source, tile: first };
  }

  /** Where the input's spikes of this step are kept, if they are. */
  #received(): PartValues {
    const { sources } = keptSources(this.#image);
    const found = [...sources].find(([name]) => name.startsWith('received'))?.[1];
    return found === undefined ? {} : { receives: 1, source: found.source, tile: found.first };
  }

  /** Delivers what has waited, delay by delay. In the first steps of a sample, what is due is of another one. */
  #delayed(delayed: number): PartValues[] {
    const { events, populations } = this.#image;
    const before = events.delayed.slice(0, delayed).reduce((sum, { lists }) => sum + lists.length, 0);
    return at(events.delayed, delayed).lists.map(({ delay, shift = 0 }, list) => {
      const index = ownLists + 2 * populations.length + before + list;
      const begun = { learning: false, from: delay, every: 1, last: 0 };
      return {
        ...this.#delivers(index, `waited ${delayed} ${list}`),
        shift,
        conditions: 1 << this.#condition(begun),
      };
    });
  }

  /** The number of a condition that counts rows of a ring: that of a step, or the one that is due in the next step. */
  #counter(delayed: number, pass: number): number {
    const { lists } = at(this.#image.events.delayed, delayed);
    const rows = at(lists, lists.length - 1).delay;
    // Before the first step, so many rows behind the first one.
    const behind = pass === 0 ? 1 : at(lists, pass - 1).delay;
    return this.#number(`${delayed} ${behind} of ${rows}`, {
      never: 1,
      until: 2 ** stepBits - 1,
      every: rows,
      phase: (rows - (behind % rows)) % rows,
    });
  }

  /** The number of a condition. */
  #condition(condition: Condition): number {
    const { learning, pass, from, until, every, last, everySample, intervals } = condition;
    const none = 2 ** stepBits - 1;
    return this.#number(JSON.stringify(condition), {
      never: Number(intervals?.includes(this.#interval) === false),
      learning: Number(learning),
      first: Number(pass === 'first'),
      again: Number(pass === 'replay'),
      batch: Number(everySample !== undefined),
      size: everySample === undefined ? 0 : this.#batches.indexOf(everySample),
      from: Math.min(from, none),
      until: Math.min(until ?? none, none),
      every: Math.min(every, none),
      phase: Math.min((every - (from % every)) % every, none),
      last: Math.min(last, none),
    });
  }

  /** The number of a record of conditions, by what it is known by. */
  #number(key: string, values: PartValues): number {
    const found = this.#conditions.indexOf(key);
    if (found >= 0) return found;
    this.#records.push(packRecord(conditionParts, values));
    if (this.#records.length > mostConditions) refuse(`has more than ${mostConditions} conditions`);
    return this.#conditions.push(key) - 1;
  }
}
