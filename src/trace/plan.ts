import type { Image } from '../image/index.ts';
import { hasEnergies } from '../report/index.ts';
import { option, PlasticoreError, suggest } from '../text/index.ts';

/** Groups of signals, and what each shows. */
export const signalGroups = {
  kernels: 'when each piece of work runs',
  fifo: 'how many events wait in the FIFO, or in the queues of a controller, and what enters and leaves them; on many cores, packets',
  spikes: 'each spike, and how many there have been',
  banks: 'words read and written in each bank',
  units: 'how busy each unit is, in a timeline',
  energy: 'energy spent so far',
} as const;
type SignalGroup = keyof typeof signalGroups;
const groupNames = Object.keys(signalGroups) as readonly SignalGroup[];

/** Some items of a field. */
interface ChosenItems {
  readonly field: number;
  readonly name: string;
  readonly first: number;
  /** The one behind the last. */
  readonly end: number;
}

/** The parts of a run that a trace shows. */
export interface SignalPlan {
  readonly groups: ReadonlySet<SignalGroup>;
  readonly items: readonly ChosenItems[];
}

/** The most items of fields that a trace shows. */
const mostItems = 4096;

/**
 * Reads the option `signals`: groups, and items of fields as `v:hidden`, `v:hidden[3]` or `v:hidden[0-9]`, joined by
 * commas. Without it, all groups of which anything is known.
 *
 * @throws PlasticoreError `usage` with the nearest known name, for energies that nobody knows, and for what has no time
 * under a controller
 */
export function planSignals(spec: string | undefined, image: Image): SignalPlan {
  const groups = new Set<SignalGroup>();
  const items: ChosenItems[] = [];
  const isControlled = image.core.controller !== undefined;
  const isKnown = (name: SignalGroup): boolean =>
    name === 'energy' ? hasEnergies(image.costs) : !isControlled || name === 'fifo';
  const all = groupNames.filter(isKnown);
  for (const part of spec === undefined ? all : spec.split(',').map((text) => text.trim())) {
    const group = groupNames.find((name) => name === part);
    if (group !== undefined && group !== 'energy' && !isKnown(group))
      throw fail(
        `there are no times of ${group} under the controller of '${image.program}'`,
        'it shows fifo, energy, and items of fields',
      );
    if (group !== undefined && !isKnown(group))
      throw fail(`hw-model '${image.core.hwModel}' has no energies`, `leave out ${group}`);
    if (group === undefined) items.push(chosenItems(part, image));
    else groups.add(group);
  }
  const count = items.reduce((sum, { first, end }) => sum + end - first, 0);
  if (count > mostItems)
    throw fail(`${count} items of fields are more than ${mostItems}`, 'choose some, such as v:hidden[0-9]');
  return { groups, items };
}

function chosenItems(part: string, { fields, populations, projections }: Image): ChosenItems {
  const match = /^(?<what>[^:[\]]+):(?<owner>[^:[\]]+)(?:\[(?<first>\d+)(?:-(?<last>\d+))?\])?$/.exec(part);
  const { what, owner, first, last } = match?.groups ?? {};
  if (what === undefined || owner === undefined)
    throw fail(
      `there is no signal '${part}'`,
      `${suggest(part, groupNames)}; items of a field are v:hidden or v:hidden[0-9]`,
    );
  const owners = [...populations, ...projections].map(({ name }) => name);
  if (!owners.includes(owner))
    throw fail(`there is no population or projection '${owner}'`, suggest(owner, owners));
  const index = fields.findIndex(({ name }) => name === `${owner}.${what}`);
  const field = fields[index];
  if (field === undefined) {
    const known = fields.flatMap(({ name }) =>
      name.startsWith(`${owner}.`) ? [name.slice(owner.length + 1)] : [],
    );
    throw fail(`'${owner}' has no field '${what}'`, suggest(what, known));
  }
  const from = first === undefined ? 0 : Number(first);
  const to = last === undefined ? (first === undefined ? field.count - 1 : from) : Number(last);
  if (from > to || to >= field.count)
    throw fail(`'${part}': ${field.name} has items 0 to ${field.count - 1}`, 'for example [0-9]');
  return { field: index, name: field.name, first: from, end: to + 1 };
}

function fail(message: string, hint: string): PlasticoreError {
  return new PlasticoreError('usage', message, { file: option('signals'), hint });
}

/** Steps of a run, the first and the last, counted from 0. */
export interface StepWindow {
  readonly first: number;
  readonly last: number;
}

/**
 * Reads the option `steps`: `A..B`, or one step.
 *
 * @throws PlasticoreError `usage`
 */
export function parseWindow(text: string): StepWindow {
  const match = /^(\d{1,15})(?:\.\.(\d{1,15}))?$/.exec(text.trim());
  const first = Number(match?.[1]);
  const last = Number(match?.[2] ?? match?.[1]);
  if (match !== null && last >= first) return { first, last };
  throw new PlasticoreError('usage', `expected steps as A..B, found '${text}'`, {
    file: option('steps'),
    hint: 'steps count from 0: 0..9 are the first ten',
  });
}
