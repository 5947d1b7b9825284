import type { ActionSpec, ProgramSpec } from '../../../src/program/index.ts';
import type { Dice } from './dice.ts';
import type { KernelText } from './kernel.ts';
import { runsIn } from './runs.ts';

/** Gives some projections of a program on samples delays, and lets each step deliver what then waits. */
export function withDelays(dice: Dice, spec: ProgramSpec, kernels: readonly KernelText[]): ProgramSpec {
  const { input = '' } = spec;
  let { events } = spec;
  const projections = { ...spec.projections };
  for (const population of Object.keys(spec.populations))
    if (population !== input && dice.chance(0.6)) events = keptForTheNext(events, population);
  for (const [name, projection] of Object.entries(spec.projections)) {
    const { from } = projection;
    if ((spec.populations[from]?.delays?.length ?? 1) > 1) continue;
    const runs = (list: 'spike' | 'previousSpike'): ActionSpec[] =>
      runsIn(events[list][from] ?? []).filter(({ run, over }) => over === name && isRow(run, kernels));
    const isInput = from === input;
    const own = runs(isInput ? 'spike' : 'previousSpike');
    if (own.length === 0 || (!isInput && runs('spike').length > 0) || !dice.chance(isInput ? 0.8 : 1))
      continue;
    const hasWeights = projection.connect === 'dense' || !('pooling' in projection.connect);
    const mayDiffer = hasWeights && own.every((action) => inRuns(action, kernels));
    const least = dice.whole(0, 1);
    const delay =
      mayDiffer && dice.chance(0.5)
        ? { uniform: [least, least + dice.whole(0, 3)] as [number, number] }
        : dice.pick(isInput ? [1, 1, 1, 2, 2, 3, 62] : [1, 1, 1, 1, 2, 2, 62]);
    projections[name] = { ...projection, delay };
    events = deliveredOnce(dice, events, from, isInput);
  }
  return { ...spec, projections, events };
}

/** Lets each spike of the input enter several times, where its neurons can be shared out among the delays. */
export function withEntries(dice: Dice, spec: ProgramSpec): ProgramSpec {
  const { input = '', populations } = spec;
  const own = populations[input];
  if (own === undefined || own.shape !== undefined) return spec;
  const times = dice.pick([2, 3, 4].filter((count) => own.size % count === 0).concat(1));
  let next = 0;
  const later = Array.from({ length: times - 1 }, () => {
    next += dice.pick([1, 1, 2, 3]);
    return next;
  });
  if (later.length > 0 && dice.chance(0.1)) later[later.length - 1] = 62;
  const entering = { ...own, delays: [0, ...later], inputs: own.size / times };
  const delayed = { ...spec, populations: { ...populations, [input]: entering } };
  return times === 1 ? delayed : { ...delayed, events: deliveredOnce(dice, spec.events, input, true) };
}

/** What a population's spikes run, they run in the next step. */
function keptForTheNext(events: ProgramSpec['events'], population: string): ProgramSpec['events'] {
  const { tick, spike, previousSpike } = events;
  const list = [...(previousSpike[population] ?? []), ...(spike[population] ?? [])];
  const isKept = population in previousSpike;
  return {
    ...events,
    tick: isKept ? tick : [{ deliver: population, spikes: 'previous' }, ...tick],
    spike: { ...spike, [population]: [] },
    previousSpike: { ...previousSpike, [population]: list },
  };
}

/** A population's spikes are delivered once in each step; their list tests nothing. */
function deliveredOnce(
  dice: Dice,
  events: ProgramSpec['events'],
  population: string,
  isInput: boolean,
): ProgramSpec['events'] {
  const list = isInput ? 'spike' : 'previousSpike';
  const spikes = isInput ? undefined : ('previous' as const);
  const others = (actions: readonly ActionSpec[]): ActionSpec[] =>
    actions.filter((action) => action.deliver !== population || action.spikes !== spikes);
  const tick = others(events.tick);
  const stop = tick.findIndex((action) => action.stopUnlessAny !== undefined && !hasCondition(action));
  const at = dice.whole(0, stop < 0 ? tick.length : stop);
  tick.splice(at, 0, { deliver: population, ...(spikes && { spikes }) });
  return {
    ...events,
    tick,
    sample: others(events.sample),
    [list]: { ...events[list], [population]: withoutTests(events[list][population] ?? []) },
  };
}

function withoutTests(actions: readonly ActionSpec[]): ActionSpec[] {
  return actions.flatMap((action) => {
    if (action.stopUnlessAny !== undefined) return [];
    return action.do === undefined ? [action] : [{ ...action, do: withoutTests(action.do) }];
  });
}

const hasCondition = ({ when, from, until, every, last }: ActionSpec): boolean =>
  when !== undefined ||
  until !== undefined ||
  Number(from ?? 0) > 0 ||
  Number(every ?? 1) > 1 ||
  Number(last ?? 0) > 0;

function isRow(name: string | undefined, kernels: readonly KernelText[]): boolean {
  return kernels.some((kernel) => kernel.name === name && kernel.domain === 'row');
}

/** Whether a kernel may visit the synapses of a row in parts: all columns, no sum, and a register is free. */
function inRuns({ run, columns }: ActionSpec, kernels: readonly KernelText[]): boolean {
  const { lines = [] } = kernels.find(({ name }) => name === run) ?? {};
  const registers = new Set(lines.join('\n').match(/\br\d+\b/g));
  return columns === undefined && !lines.some((line) => line.startsWith('reduce')) && registers.size < 16;
}
