import { domainNamed, hostScalars } from '../../isa/index.ts';
import { programLimits } from '../../program/index.ts';
import { factsOf } from '../accesses.ts';
import { plainActions, spikeLists } from '../actions.ts';
import type { ProgramView } from '../image.ts';
import type { Action, Condition, DelayedSpikes } from '../lists.ts';
import { suppliedTo } from '../spikes.ts';
import { expect, itemAt } from './fault.ts';

/** The trigger of a list: time alone, a spike of a population, or a named event. */
type Runs = 'time' | 'event' | { readonly spikeOf: number };

/** Checks the lists, and the pieces of work that they name. */
export function checkEvents(image: ProgramView): void {
  const { events, populations, kernels, work, core } = image;
  /** What each piece of work passes over. An input's spikes that enter again repeat the list of the first time. */
  const passes = new Map<number, string>();
  const check = (actions: readonly Action[], runs: Runs, path: readonly PropertyKey[]): void => {
    for (const [at, action] of actions.entries())
      checkAction(image, action, runs, [...path, at], passes, check);
  };
  for (const list of ['sample', 'tick'] as const) check(events[list], 'time', ['events', list]);
  for (const list of ['spike', 'previousSpike'] as const) {
    const { length } = events[list];
    expect(
      length === populations.length,
      ['events', list],
      () => `expected ${populations.length} lists, found ${length}`,
    );
    for (const [population, actions] of events[list].entries())
      check(actions, { spikeOf: population }, ['events', list, population]);
  }
  const keeping = new Set<number>();
  for (const [index, delayed] of events.delayed.entries()) {
    const path = ['events', 'delayed', index];
    checkDelayed(image, delayed, keeping, path);
    for (const [at, { actions }] of delayed.lists.entries())
      check(actions, { spikeOf: delayed.population }, [...path, 'lists', at, 'actions']);
  }
  const served = spikeLists(events).length;
  expect(
    served <= programLimits.spikeLists,
    ['events'],
    () => `spikes run ${served} lists; at most ${programLimits.spikeLists} are possible`,
  );
  for (const [event, { actions, mostEmitted }] of events.named.entries()) {
    const path = ['events', 'named', event];
    check(actions, 'event', [...path, 'actions']);
    const keeps = plainActions(actions).some(({ does }) => does === 'keep');
    expect(!keeps || actions.length === 1, [...path, 'actions'], () => 'does more than to keep spikes');
    expect(mostEmitted <= 2 ** 24, [...path, 'mostEmitted'], () => `${mostEmitted} spikes are too many`);
  }
  const isByEvents = core.controller !== undefined;
  expect(
    isByEvents || core.controllerModule === undefined,
    ['core', 'controllerModule'],
    () => 'has no chip',
  );
  expect(isByEvents || core.controllerData === undefined, ['core', 'controllerData'], () => 'has no chip');
  const lists = [events.sample, events.tick, ...spikeLists(events)];
  expect(
    !isByEvents || lists.every((list) => list.length === 0),
    ['events'],
    () => 'the core runs on named events',
  );
  expect(isByEvents || events.named.length === 0, ['events', 'named'], () => 'the core has no controller');
  const pieces = kernels.length + passes.size;
  expect(work.length === pieces, ['work'], () => `expected ${pieces} pieces of work, found ${work.length}`);
}

function checkAction(
  image: ProgramView,
  action: Action,
  runs: Runs,
  path: readonly PropertyKey[],
  passes: Map<number, string>,
  check: (actions: readonly Action[], runs: Runs, path: readonly PropertyKey[]) => void,
): void {
  const stored = (field: number, key: string): number => {
    const { layout, view, count, name, fixed } = itemAt(image.fields, field, [...path, key], 'field');
    const isPlain = layout !== undefined && view === undefined;
    const learns = image.fields.some((other) => other.view?.of === field);
    expect(isPlain && !learns, [...path, key], () => `'${name}' is a weight that learns`);
    expect(fixed !== true, [...path, key], () => `'${name}' holds where synapses lead`);
    const isRing = image.events.delayed.some((ring) => ring.field === field);
    expect(!isRing, [...path, key], () => `'${name}' holds spikes that wait`);
    return count;
  };
  const pass = (work: number): void => {
    const text = JSON.stringify(action);
    const isPass = work >= image.kernels.length && work < image.work.length;
    const isOwn = isPass && (passes.get(work) ?? text) === text;
    expect(isOwn, [...path, 'work'], () => `${work} is not a piece of work of its own`);
    passes.set(work, text);
  };
  switch (action.does) {
    case 'run':
      checkRun(image, action.kernel, runs, [...path, 'kernel']);
      break;
    case 'deliver': {
      expect(runs === 'time', path, () => 'spikes are delivered by the sample and tick lists');
      itemAt(image.populations, action.population, [...path, 'population'], 'population');
      break;
    }
    case 'deliver-delayed':
      expect(runs === 'time', path, () => 'spikes are delivered by the sample and tick lists');
      itemAt(image.events.delayed, action.delayed, [...path, 'delayed'], 'population with delays');
      break;
    case 'keep':
      checkKeep(image, action, runs, path);
      pass(action.work);
      break;
    case 'clear':
      for (const field of action.fields) stored(field, 'fields');
      pass(action.work);
      break;
    case 'stop-unless-any':
      stored(action.field, 'field');
      pass(action.work);
      break;
    case 'hold':
      for (const field of action.fields) {
        stored(field, 'fields');
        expect(image.fields[field]?.positions === undefined, path, () => 'holds a field with positions');
      }
      expect(action.period <= action.after, [...path, 'period'], () => `expected at most ${action.after}`);
      break;
    case 'group':
      checkIntervals(image, action.condition, [...path, 'condition', 'intervals']);
      check(action.actions, runs, [...path, 'actions']);
      break;
  }
}

/** Intervals of epochs are those of the schedule, ascending. */
function checkIntervals(
  { epochs }: ProgramView,
  { intervals = [] }: Condition,
  path: readonly PropertyKey[],
): void {
  for (const [at, interval] of intervals.entries()) {
    const isNext = at === 0 || interval > (intervals[at - 1] ?? 0);
    expect(
      isNext && interval < epochs.length,
      [...path, at],
      () => `no interval ${interval} of the schedule`,
    );
  }
}

/** Checks delayed spikes: they wait in a ring of flags of their own, and their delays ascend. */
function checkDelayed(
  { populations, fields, kernels, readout }: ProgramView,
  { population, field, lists }: DelayedSpikes,
  keeping: Set<number>,
  path: readonly PropertyKey[],
): void {
  const { name, payload, size, inputs } = itemAt(
    populations,
    population,
    [...path, 'population'],
    'population',
  );
  const ring = itemAt(fields, field, [...path, 'field'], 'field');
  const isRing =
    ring.kind === (payload === undefined ? 'flag' : 'integer') &&
    ring.bits === 1 + (payload?.bits ?? 0) &&
    !ring.signed &&
    ring.layout !== undefined &&
    ring.name.startsWith(`${name}.`) &&
    !ring.perWord;
  const isAlone = fields.every((other, index) => index === field || other.layout !== ring.layout);
  const isFree = !keeping.has(field) && field !== readout;
  expect(isRing && isAlone && isFree, [...path, 'field'], () => `'${ring.name}' is no ring of '${name}'`);
  const isGate = kernels.some(({ rowGate, columnGate }) => rowGate === field || columnGate === field);
  expect(!isGate, [...path, 'field'], () => `'${ring.name}' is a gate`);
  keeping.add(field);
  const isAscending = lists.every(({ delay }, at) => at === 0 || delay > (lists[at - 1]?.delay ?? 0));
  expect(isAscending, [...path, 'lists'], () => 'expected ascending delays');
  const supplied = suppliedTo({ size, inputs });
  for (const [at, { shift = 0 }] of lists.entries())
    expect(
      shift + supplied <= size,
      [...path, 'lists', at, 'shift'],
      () => `${shift} names no neurons of ${size}`,
    );
}

/** Checks that spikes are kept from the list's own trigger, with the step's number from the right source. */
function checkKeep(
  { events, eventScalars, input }: ProgramView,
  { delayed, from, step }: Extract<Action, { does: 'keep' }>,
  runs: Runs,
  path: readonly PropertyKey[],
): void {
  const { population } = itemAt(events.delayed, delayed, [...path, 'delayed'], 'population with delays');
  const isEvent = runs === 'event';
  const expected = isEvent ? 'event' : population === input ? 'received' : 'previous';
  expect(typeof runs === 'string' && from === expected, [...path, 'from'], () => `expected ${expected}`);
  const at = [...path, 'step'];
  if (step.is === 'event') {
    const { name, low } = itemAt(eventScalars, step.scalar, at, 'event scalar');
    expect(isEvent && name === 'step' && low === 0, at, () => 'is not the step');
  } else expect(!isEvent && hostScalars[step.scalar] === 'step', at, () => 'is not the step');
}

/** A kernel over one neuron or one row takes the neuron of the spike, or of the named event. */
function checkRun(image: ProgramView, index: number, runs: Runs, path: readonly PropertyKey[]): void {
  const kernel = itemAt(image.kernels, index, path, 'kernel');
  const { needsEvent } = domainNamed(kernel.domain);
  if (runs === 'event') return;
  const reads = kernel.code.some(({ operands }) => operands.some(({ is }) => is === 'event'));
  expect(
    !reads && kernel.domain !== 'synapse',
    path,
    () => `kernel '${kernel.name}' takes what a named event gives`,
  );
  if (!needsEvent) return;
  const source = kernel.population ?? image.projections[kernel.projection ?? -1]?.source;
  const isNamed = runs !== 'time' && runs.spikeOf === source;
  expect(isNamed, path, () => `kernel '${kernel.name}' needs a spike of population ${source}`);
  // A kernel emits spikes of its own population: see kernels.ts.
  if (factsOf(kernel).emits) itemAt(image.populations, source ?? -1, path, 'population');
}
