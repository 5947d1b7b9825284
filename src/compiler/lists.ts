import type { Action, Condition, EventLists } from '../image/index.ts';
import type { ActionSpec, Program } from '../program/index.ts';
import type { Path } from '../text/index.ts';
import { indexNamed, refuse } from './faults.ts';
import { type FieldDraft, fieldIndex } from './fields.ts';
import { type KernelUse, KernelUses } from './kernel-uses.ts';
import type { ListEvent } from './list-events.ts';
import type { ResolvedParameters } from './parameters.ts';

/** A clear, or a test that may end a list. */
export interface SweepUse {
  readonly label: string;
  readonly fields: readonly number[];
  readonly does: 'clear' | 'test';
  learningOnly: boolean;
}

export interface ResolvedLists {
  readonly events: Omit<EventLists, 'named'> & {
    readonly named: readonly { readonly name: string; readonly actions: readonly Action[] }[];
  };
  readonly uses: readonly KernelUse[];
  readonly sweeps: readonly SweepUse[];
}

const always: Condition = { learning: false, from: 0, every: 1, last: 0 };

/** Turns a program's lists into actions on indices, and gathers the kernels that they use. */
export function resolveLists(
  program: Program,
  fields: readonly FieldDraft[],
  parameters: ResolvedParameters,
): ResolvedLists {
  const { spec } = program;
  const populations = Object.keys(spec.populations);
  const uses = new KernelUses(program, parameters);
  const sweeps: SweepUse[] = [];

  const resolve = (
    actions: readonly ActionSpec[],
    path: Path,
    learning: boolean,
    event: ListEvent | undefined,
  ): Action[] => actions.map((action, index) => resolveAction(action, [...path, index], learning, event));

  function resolveAction(
    spec: ActionSpec,
    path: Path,
    learning: boolean,
    event: ListEvent | undefined,
  ): Action {
    const condition = conditionOf(spec, path);
    const isLearning = learning || condition.learning;
    const action = bare(spec, path, isLearning, event);
    const isUnconditional = Object.entries(always).every(
      ([key, value]) => condition[key as keyof Condition] === value,
    );
    if (isUnconditional && action.does !== 'group') return action;
    const actions = action.does === 'group' ? action.actions : [action];
    return { does: 'group', condition, actions };
  }

  function bare(spec: ActionSpec, path: Path, learning: boolean, event: ListEvent | undefined): Action {
    if (spec.run !== undefined) return { does: 'run', kernel: uses.add(spec, path, learning, event) };
    if (spec.deliver !== undefined) {
      if (event?.list === 'on')
        refuse(program, path, 'a named event delivers no spikes: the controller that triggers it takes them');
      if (event !== undefined)
        refuse(program, path, 'a spike list cannot deliver spikes: it runs while they are delivered');
      const population = indexNamed(program, 'population', spec.deliver, [...path, 'deliver']);
      const isPrevious = spec.spikes === 'previous';
      if (isPrevious && program.spec.events.previousSpike[spec.deliver] === undefined) {
        refuse(
          program,
          [...path, 'spikes'],
          `the core keeps no spikes of '${spec.deliver}' for the next step`,
          `say what they trigger in events.previousSpike.${spec.deliver}`,
        );
      }
      return { does: 'deliver', population, spikes: isPrevious ? 'previous' : 'emitted' };
    }
    if (spec.clear !== undefined) {
      const cleared = spec.clear.map((name, index) => fieldNamed(name, [...path, 'clear', index]));
      return {
        does: 'clear',
        fields: cleared,
        work: sweep('clear', cleared, `clear ${spec.clear.join(', ')}`, learning),
      };
    }
    if (spec.stopUnlessAny !== undefined) {
      const field = fieldNamed(spec.stopUnlessAny, [...path, 'stopUnlessAny']);
      return {
        does: 'stop-unless-any',
        field,
        work: sweep('test', [field], `any ${spec.stopUnlessAny}`, learning),
      };
    }
    if (spec.hold !== undefined) {
      const whole = (key: 'after' | 'period') =>
        parameters.whole(spec[key] ?? 1, 1, key, program.locate([...path, key]));
      const [after, period] = [whole('after'), whole('period')];
      if (period > after)
        refuse(program, [...path, 'period'], `there are ${after} items to hold, found ${period}`);
      const held = spec.hold.map((name, index) => fieldNamed(name, [...path, 'hold', index]));
      return { does: 'hold', fields: held, after, period };
    }
    return {
      does: 'group',
      condition: always,
      actions: resolve(spec.do ?? [], [...path, 'do'], learning, event),
    };
  }

  function sweep(does: SweepUse['does'], swept: readonly number[], label: string, learning: boolean): number {
    sweeps.push({ label, fields: swept, does, learningOnly: learning });
    return sweeps.length - 1;
  }

  /** A field that a list clears or tests: not a weight that has a view, whose copy would be left behind. */
  function fieldNamed(name: string, path: Path): number {
    const index = fieldIndex(fields, name, (message, hint) => refuse(program, path, message, hint));
    if (fields[index]?.view !== undefined || fields.some(({ view }) => view?.of === index))
      refuse(program, path, `'${name}' is a weight that learns: a list neither clears nor tests it`);
    return index;
  }

  function conditionOf(spec: ActionSpec, path: Path): Condition {
    const whole = (key: 'from' | 'every' | 'last', low: number, absent: number): number => {
      const formula = spec[key];
      return formula === undefined
        ? absent
        : parameters.whole(formula, low, key, program.locate([...path, key]));
    };
    return {
      learning: spec.when === 'learning',
      from: whole('from', 0, always.from),
      every: whole('every', 1, always.every),
      last: whole('last', 0, always.last),
    };
  }

  const sample = resolve(spec.events.sample, ['events', 'sample'], false, undefined);
  const tick = resolve(spec.events.tick, ['events', 'tick'], false, undefined);
  const triggered = (list: 'spike' | 'previousSpike'): Action[][] =>
    populations.map((name) =>
      resolve(spec.events[list][name] ?? [], ['events', list, name], false, { list, name }),
    );
  const spike = triggered('spike');
  const previousSpike = triggered('previousSpike');
  const namedEvents = Object.entries(spec.events.on).map(([name, list]) => ({
    name,
    actions: resolve(list, ['events', 'on', name], false, { list: 'on', name }),
  }));
  const kernelCount = uses.all.length;
  const renumber = (action: Action): Action => {
    if (action.does === 'group') return { ...action, actions: action.actions.map(renumber) };
    return 'work' in action ? { ...action, work: action.work + kernelCount } : action;
  };
  return {
    events: {
      sample: sample.map(renumber),
      tick: tick.map(renumber),
      spike: spike.map((list) => list.map(renumber)),
      previousSpike: previousSpike.map((list) => list.map(renumber)),
      named: namedEvents.map(({ name, actions }) => ({ name, actions: actions.map(renumber) })),
    },
    uses: uses.all,
    sweeps,
  };
}
