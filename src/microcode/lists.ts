import {
  type Action,
  allLists,
  batchSizes,
  type Condition,
  type FieldPass,
  factsOf,
  type ProgramView,
} from '../image/index.ts';
import { at, PlasticoreError } from '../text/index.ts';
import {
  conditionParts,
  entryKinds,
  entryParts,
  mostConditions,
  mostEntries,
  numberNamed,
  packRecord,
  stepBits,
} from './records.ts';
import type { PartValues } from './tables.ts';

/** The lists of a program as a core plays them, and the conditions that they name. */
export interface SequencerLists {
  readonly entries: readonly bigint[];
  readonly conditions: readonly bigint[];
}

/** Lists for spikes come after those of a sample and of a step. */
const ownLists = 2;
/** The most populations that spikes name. */
const mostPopulations = 16;

/**
 * Encodes the lists: those of a sample's start and of a step, then what a spike of each population triggers.
 *
 * @param passKernels the kernels of a pass over words
 * @throws PlasticoreError `fit` for what the sequencer does not do, or has no room for
 */
export function sequencerLists(
  image: ProgramView,
  interval: number,
  passKernels: (pass: Exclude<FieldPass, { does: 'keep' }>) => readonly number[],
): SequencerLists {
  const { events, populations, replay } = image;
  if (events.named.length > 0) refuse('is run by named events from outside');
  if (replay !== undefined) refuse('presents samples again');
  if (image.core.whenFull === 'drop') refuse('drops spikes that find no room');
  if (populations.length > mostPopulations)
    refuse(`has ${populations.length} populations; spikes name ${mostPopulations}`);
  const encoding = new ListEncoding(image, interval, passKernels);
  for (const actions of [events.sample, events.tick, ...events.spike]) encoding.list(actions);
  return encoding.encoded();
}

function refuse(what: string): never {
  throw new PlasticoreError('fit', `the program ${what}, which no list of a programmable core does`, {
    hint: 'choose sequencer: hardwired, whose core is written for the program',
  });
}

class ListEncoding {
  readonly #image: ProgramView;
  readonly #interval: number;
  readonly #passKernels: (pass: Exclude<FieldPass, { does: 'keep' }>) => readonly number[];
  readonly #batches: readonly number[];
  readonly #entries: PartValues[] = [];
  readonly #conditions: string[] = [];
  readonly #records: bigint[] = [];
  #lists = 0;

  constructor(
    image: ProgramView,
    interval: number,
    passKernels: (pass: Exclude<FieldPass, { does: 'keep' }>) => readonly number[],
  ) {
    this.#image = image;
    this.#interval = interval;
    this.#passKernels = passKernels;
    this.#batches = batchSizes(allLists(image.events));
  }

  list(actions: readonly Action[]): void {
    const first = this.#entries.length;
    for (const entry of this.#actions(actions, 0)) this.#entries.push(entry);
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
      const own = this.#plain(action).map((values) => ({ ...values, conditions }));
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
        if (spikes === 'previous') return refuse('delivers spikes of the step before');
        if (this.#lists >= ownLists) return refuse('delivers spikes for a spike');
        const isInput = Number(population === this.#image.input);
        return [{ kind: numberNamed(entryKinds, 'deliver'), index: population, emits: isInput }];
      }
      case 'hold':
        return refuse('holds items of fields');
      default:
        return refuse('has spikes that wait for delays');
    }
  }

  /** The number of a condition. */
  #condition(condition: Condition): number {
    const key = JSON.stringify(condition);
    const found = this.#conditions.indexOf(key);
    if (found >= 0) return found;
    const { learning, pass, from, until, every, last, everySample, intervals } = condition;
    const none = 2 ** stepBits - 1;
    this.#records.push(
      packRecord(conditionParts, {
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
      }),
    );
    if (this.#records.length > mostConditions) refuse(`has more than ${mostConditions} conditions`);
    return this.#conditions.push(key) - 1;
  }
}
