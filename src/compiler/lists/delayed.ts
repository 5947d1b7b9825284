import type { Action, DelayedSpikes, EventLists } from '../../image/index.ts';
import { plainActions } from '../../image/index.ts';
import { hostScalars } from '../../isa/index.ts';
import { type Program, programLimits, refuse } from '../../program/index.ts';
import { longestDelays } from '../delays.ts';
import { type FieldDraft, ringField } from '../fields/index.ts';
import type { CompileTarget } from '../target.ts';
import type { KernelUse } from './kernel-uses.ts';

type Lists = Pick<EventLists, 'sample' | 'tick' | 'spike' | 'previousSpike'>;

/** Spikes that are kept for their delays: the ring that holds them, and how a report calls that. */
interface KeptSpikes {
  readonly field: number;
  readonly label: string;
}

/** The lists of a program whose spikes wait for delays. */
export interface DelayedLists extends Lists {
  readonly delayed: readonly DelayedSpikes[];
  /** In the order of `delayed`. */
  readonly kept: readonly KeptSpikes[];
}

/**
 * Takes what waits out of the lists of spikes, and lets the tick list serve it when its delay has ended.
 *
 * @param uses the kernels of the lists
 * @param firstPass the work of the first population whose spikes are kept; those of the others follow
 * @throws PlasticoreError for delays that no list can keep
 */
export function delayLists(
  lists: Lists,
  uses: readonly KernelUse[],
  { program, delays, entries }: Pick<CompileTarget, 'program' | 'delays' | 'entries'>,
  fields: readonly FieldDraft[],
  firstPass: number,
): DelayedLists {
  const { populations, input } = program.spec;
  const names = Object.keys(populations);
  checkRun(program, [...delays.keys()], uses);
  let { tick } = lists;
  const spike = [...lists.spike];
  const previousSpike = [...lists.previousSpike];
  const delayed: DelayedSpikes[] = [];
  const kept: KeptSpikes[] = [];
  for (const [name] of longestDelays(program, delays)) {
    const population = names.indexOf(name);
    const isInput = name === input;
    if (!isInput) checkSame(program, name, spike[population] ?? [], uses);
    const list = isInput ? spike : previousSpike;
    const actions = list[population] ?? [];
    const steps = delaysIn(actions, uses);
    if (steps.every((delay) => delay === 0)) continue;
    checkTests(program, name, isInput, actions);
    list[population] = withDelay(actions, 0, uses);
    keep(
      name,
      steps
        .filter((delay) => delay > 0)
        .map((delay) => ({ delay, actions: withDelay(actions, delay, uses) })),
    );
  }
  if (entries.length > 1 && input !== undefined) {
    const { inputs = 0 } = populations[input] ?? {};
    const actions = spike[names.indexOf(input)] ?? [];
    // Each of the later neurons does what the first one does, when its delay has ended.
    const later = entries.slice(1).map((delay, at) => ({ delay, shift: (at + 1) * inputs, actions }));
    keep(input, later);
  }
  checkNumber(program, delayed);
  return { sample: lists.sample, tick, spike, previousSpike, delayed, kept };

  /** Spikes of a population are kept in its ring, and served when their delays have ended. */
  function keep(name: string, waiting: DelayedSpikes['lists']): void {
    const population = names.indexOf(name);
    const isInput = name === input;
    const field = fields.findIndex((draft) => draft.name === ringField(name));
    delayed.push({ population, field, lists: waiting });
    kept.push({ field, label: `keep spikes of ${name}` });
    const index = delayed.length - 1;
    const at = deliveryOf(program, { ...lists, tick }, name, population, isInput);
    tick = [
      ...tick.slice(0, at + 1),
      { does: 'deliver-delayed', delayed: index },
      {
        does: 'keep',
        delayed: index,
        from: isInput ? 'received' : 'previous',
        step: { is: 'host', scalar: hostScalars.indexOf('step') },
        work: firstPass + index,
      },
      ...tick.slice(at + 1),
    ];
  }
}

/** A delay that no spike ever waits for is a mistake. */
function checkRun(program: Program, names: readonly string[], uses: readonly KernelUse[]): void {
  for (const name of names) {
    if (uses.some(({ over, domain }) => over === name && domain === 'row')) continue;
    const { from = '' } = program.spec.projections[name] ?? {};
    refuse(
      program,
      ['projections', name, 'delay'],
      `spikes of '${from}' run no kernel over rows of '${name}', so that nothing waits`,
      `run one in events.${from === program.spec.input ? 'spike' : 'previousSpike'}.${from}, or leave out 'delay'`,
    );
  }
}

/** Spikes that act in the step that emits them cannot wait. */
function checkSame(
  program: Program,
  name: string,
  actions: readonly Action[],
  uses: readonly KernelUse[],
): void {
  const late = plainActions(actions).find((action) => delayOf(action, uses) > 0);
  if (late?.does !== 'run') return;
  const { over = '', path = [] } = uses[late.kernel] ?? {};
  refuse(
    program,
    path,
    `'${over}' has a delay, but spikes of '${name}' act in the step that emits them`,
    `move the action to events.previousSpike.${name}, and write {deliver: ${name}, spikes: previous}`,
  );
}

/** Actions behind a test in the same list would have to know its result steps later. */
function checkTests(program: Program, name: string, isInput: boolean, actions: readonly Action[]): void {
  if (plainActions(actions).every(({ does }) => does !== 'stop-unless-any')) return;
  refuse(
    program,
    ['events', isInput ? 'spike' : 'previousSpike', name],
    `the list of spikes of '${name}' tests a field, and some of what it runs waits for a delay`,
    'test the field in the tick list',
  );
}

/** Where in the tick list a population's spikes are delivered: once in each step, whatever happens. */
function deliveryOf(
  program: Program,
  { sample, tick }: Lists,
  name: string,
  population: number,
  isInput: boolean,
): number {
  const spikes = isInput ? 'emitted' : 'previous';
  const isDelivery = (action: Action): boolean =>
    action.does === 'deliver' && action.population === population && action.spikes === spikes;
  const at = tick.findIndex(isDelivery);
  const isStopped = tick.slice(0, at).some(({ does }) => does === 'stop-unless-any');
  const times = plainActions([...sample, ...tick]).filter(isDelivery).length;
  if (at >= 0 && times === 1 && !isStopped) return at;
  const action = isInput ? `{deliver: ${name}}` : `{deliver: ${name}, spikes: previous}`;
  return refuse(
    program,
    ['events', 'tick'],
    `spikes of '${name}' wait for delays: each step has to deliver them exactly once`,
    `write ${action} once in the tick list, without a condition and before any stopUnlessAny`,
  );
}

function checkNumber(program: Program, delayed: readonly DelayedSpikes[]): void {
  const populations = Object.keys(program.spec.populations).length;
  const waiting = delayed.reduce((sum, { lists }) => sum + lists.length, 0);
  const most = programLimits.spikeLists - 2 * populations;
  if (waiting > most)
    refuse(
      program,
      ['projections'],
      `populations have ${waiting} different delays in all; with ${populations} populations at most ${most} are possible`,
      'use fewer delays',
    );
}

function delayOf(action: Action, uses: readonly KernelUse[]): number {
  return action.does === 'run' ? (uses[action.kernel]?.delay ?? 0) : 0;
}

/** The delays that occur in a list, ascending. */
function delaysIn(actions: readonly Action[], uses: readonly KernelUse[]): number[] {
  const delays = plainActions(actions).map((action) => delayOf(action, uses));
  return [...new Set(delays)].sort((a, b) => a - b);
}

/** The actions of a list that have a delay. */
function withDelay(actions: readonly Action[], delay: number, uses: readonly KernelUse[]): Action[] {
  return actions.flatMap((action): Action[] => {
    if (action.does !== 'group') return delayOf(action, uses) === delay ? [action] : [];
    const inner = withDelay(action.actions, delay, uses);
    return inner.length === 0 ? [] : [{ ...action, actions: inner }];
  });
}
