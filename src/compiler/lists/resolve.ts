import { type Action, type Condition, type EventLists, isSameCondition } from '../../image/index.ts';
import { type ActionSpec, indexNamed, type Program, refuse } from '../../program/index.ts';
import type { Faults, Path } from '../../text/index.ts';
import { type FieldDraft, fieldIndex } from '../fields/index.ts';
import type { LeftOut } from '../frozen/index.ts';
import { type LearningGates, writesSynapses } from '../gates.ts';
import type { ResolvedParameters } from '../parameters.ts';
import type { CompileTarget } from '../target.ts';
import { delayLists } from './delayed.ts';
import { type KernelUse, KernelUses, type ListEvent } from './kernel-uses.ts';

/** A pass over words of fields: a clear, a test that may end a list, or spikes that are kept for later. */
export interface ResolvedPass {
  readonly label: string;
  readonly fields: readonly number[];
  readonly does: 'clear' | 'test' | 'keep';
  readonly learningOnly: boolean;
}

export interface ResolvedLists {
  /** The field that decides whether samples are presented again; undefined where none are. */
  readonly replay: number | undefined;
  readonly events: Omit<EventLists, 'named'> & {
    readonly named: readonly { readonly name: string; readonly actions: readonly Action[] }[];
  };
  readonly uses: readonly KernelUse[];
  readonly passes: readonly ResolvedPass[];
}

/**
 * Resolves a program's lists into actions with indices, and collects the kernels that they run.
 *
 * @param faults takes those of the actions; an action with a fault is left out
 */
export function resolveLists(
  target: CompileTarget,
  fields: readonly FieldDraft[],
  faults: Faults,
): ResolvedLists {
  const { events, populations } = target.program.spec;
  const uses = new KernelUses(target);
  const resolver = new ListResolver(target, fields, uses, faults);
  const resolve = (actions: readonly ActionSpec[], path: Path, event?: ListEvent): Action[] =>
    resolver.actions(actions, path, { learning: false, event });
  const triggered = (list: 'spike' | 'previousSpike'): Action[][] =>
    Object.keys(populations).map((name) =>
      resolve(events[list][name] ?? [], ['events', list, name], { list, name }),
    );
  const resolved = {
    sample: resolve(events.sample, ['events', 'sample']),
    tick: resolve(events.tick, ['events', 'tick']),
    spike: triggered('spike'),
    previousSpike: triggered('previousSpike'),
    named: Object.entries(events.on).map(([name, list]) => ({
      name,
      actions: resolve(list, ['events', 'on', name], { list: 'on', name }),
    })),
  };
  // Passes are numbered after the kernels, and the number of kernels is known only now.
  const kernelCount = uses.all.length;
  const numbered = (actions: readonly Action[]): Action[] =>
    actions.map((action) => {
      if (action.does === 'group') return { ...action, actions: numbered(action.actions) };
      return 'work' in action ? { ...action, work: action.work + kernelCount } : action;
    });
  const named = resolved.named.map(({ name, actions }) => ({ name, actions: numbered(actions) }));
  const lists = {
    sample: numbered(resolved.sample),
    tick: numbered(resolved.tick),
    spike: resolved.spike.map(numbered),
    previousSpike: resolved.previousSpike.map(numbered),
  };
  // A list that lacks an action has a fault already.
  const isWhole = faults.isEmpty;
  const { kept, ...delayed } = (isWhole
    ? faults.attempt(() => delayLists(lists, uses.all, target, fields, kernelCount + resolver.passes.length))
    : undefined) ?? { ...lists, delayed: [], kept: [] };
  return {
    replay: faults.attempt(() => resolver.replay()),
    events: { ...delayed, named },
    uses: uses.all,
    passes: [
      ...resolver.passes,
      ...kept.map(
        ({ field, label }): ResolvedPass => ({ label, fields: [field], does: 'keep', learningOnly: false }),
      ),
    ],
  };
}

/** The context of an action: whether only learning reaches it, and which event runs its list. */
interface Surroundings {
  readonly learning: boolean;
  readonly event: ListEvent | undefined;
}

const always: Condition = { learning: false, from: 0, every: 1, last: 0 };

class ListResolver {
  readonly #program: Program;
  readonly #parameters: ResolvedParameters;
  readonly #leftOut: LeftOut;
  readonly #gates: LearningGates;
  readonly #fields: readonly FieldDraft[];
  readonly #uses: KernelUses;
  readonly #faults: Faults;
  /** The named events that a controller runs without learning, where it is data; undefined where nobody knows. */
  readonly #inInference: ReadonlySet<string> | undefined;
  /** Clears and tests, in order of appearance. */
  readonly passes: ResolvedPass[] = [];

  constructor(
    { program, parameters, leftOut, gates, controller }: CompileTarget,
    fields: readonly FieldDraft[],
    uses: KernelUses,
    faults: Faults,
  ) {
    this.#program = program;
    this.#parameters = parameters;
    this.#leftOut = leftOut;
    this.#gates = gates;
    this.#fields = fields;
    this.#uses = uses;
    this.#faults = faults;
    this.#inInference = controller?.inference.events;
  }

  actions(specs: readonly ActionSpec[], path: Path, around: Surroundings): Action[] {
    return specs.flatMap(
      (spec, index) => this.#faults.attempt(() => this.#action(spec, [...path, index], around)) ?? [],
    );
  }

  /**
   * An action, in its own group if it has a condition; none for one that is left out. A run may take several: see
   * {@link KernelUses}.
   */
  #action(spec: ActionSpec, path: Path, around: Surroundings): Action[] {
    if (this.#leftOut.actions.has(spec) || this.#isIdle(spec.clear ?? spec.hold)) return [];
    const conditioned = this.#conditionOf(spec, path);
    const condition = this.#gated(spec, conditioned, around);
    // No epoch has it.
    if (condition.intervals?.length === 0) return [];
    const within = { ...around, learning: around.learning || condition.learning };
    if (spec.run === undefined && spec.do !== undefined) {
      const actions = this.actions(spec.do, [...path, 'do'], within);
      const isLeftOut = actions.length === 0 && spec.do.length > 0;
      return isLeftOut ? [] : [{ does: 'group', condition, actions }];
    }
    const actions =
      spec.run === undefined
        ? [this.#bare(spec, path, within)]
        : this.#uses
            .add(spec, path, this.#onlyLearns(within), within.event)
            .map((kernel): Action => ({ does: 'run', kernel }));
    return isSameCondition(condition, always) ? actions : [{ does: 'group', condition, actions }];
  }

  #onlyLearns({ learning, event }: Surroundings): boolean {
    return learning || (event?.list === 'on' && this.#inInference?.has(event.name) === false);
  }

  /** A condition, and of a rule the intervals of epochs in which its projection learns. */
  #gated(spec: ActionSpec, condition: Condition, { learning }: Surroundings): Condition {
    const isRule = (learning || condition.learning) && writesSynapses(this.#program, spec);
    const intervals = isRule ? this.#gates.intervalsOf(spec.over ?? '') : undefined;
    return intervals === undefined ? condition : { ...condition, intervals };
  }

  /** The field that decides whether a sample is presented again; undefined if none is, or if it is left out. */
  replay(): number | undefined {
    const { replay, events } = this.#program.spec;
    if (replay === undefined) return undefined;
    if (Object.keys(events.on).length > 0)
      this.#refuse(['replay'], 'a program of named events presents no samples: its controller does');
    return this.#isIdle([replay]) ? undefined : this.#fieldNamed(replay, ['replay']);
  }

  /** An action without its condition, other than a run or a group. */
  #bare(spec: ActionSpec, path: Path, around: Surroundings): Action {
    const { deliver, clear, stopUnlessAny, hold = [] } = spec;
    if (deliver !== undefined) return this.#deliver(deliver, spec, path, around);
    if (clear !== undefined) {
      const fields = this.#fieldsNamed(clear, [...path, 'clear']);
      return {
        does: 'clear',
        fields,
        work: this.#pass(
          'clear',
          fields,
          `clear ${fields.map((field) => this.#fields[field]?.name).join(', ')}`,
          around,
        ),
      };
    }
    if (stopUnlessAny !== undefined) {
      const field = this.#fieldNamed(stopUnlessAny, [...path, 'stopUnlessAny']);
      return {
        does: 'stop-unless-any',
        field,
        work: this.#pass('test', [field], `any ${stopUnlessAny}`, around),
      };
    }
    return this.#hold(hold, spec, path);
  }

  #deliver(name: string, { spikes }: ActionSpec, path: Path, { event }: Surroundings): Action {
    if (event?.list === 'on')
      this.#refuse(path, 'a named event delivers no spikes: the controller that triggers it takes them');
    if (event !== undefined)
      this.#refuse(path, 'a spike list cannot deliver spikes: it runs while they are delivered');
    const population = indexNamed(this.#program, 'population', name, [...path, 'deliver']);
    if (spikes !== 'previous') return { does: 'deliver', population, spikes: 'emitted' };
    if (this.#program.spec.events.previousSpike[name] === undefined) {
      this.#refuse(
        [...path, 'spikes'],
        `the core keeps no spikes of '${name}' for the next step`,
        `say what they trigger in events.previousSpike.${name}`,
      );
    }
    return { does: 'deliver', population, spikes: 'previous' };
  }

  #hold(names: readonly string[], spec: ActionSpec, path: Path): Action {
    const after = this.#whole(spec, 'after', path, 1, 1);
    const period = this.#whole(spec, 'period', path, 1, 1);
    if (period > after) this.#refuse([...path, 'period'], `expected at most ${after}, found ${period}`);
    const fields = this.#fieldsNamed(names, [...path, 'hold']);
    const odd = names.find((name) => this.#fields.some((field) => field.name === name && field.positions));
    if (odd !== undefined)
      this.#refuse([...path, 'hold'], `'${odd}' has positions: hold is for fields of one number`);
    return { does: 'hold', fields, after, period };
  }

  /** Records a pass and returns its index among the passes. */
  #pass(does: ResolvedPass['does'], fields: readonly number[], label: string, around: Surroundings): number {
    this.passes.push({ label, fields, does, learningOnly: this.#onlyLearns(around) });
    return this.passes.length - 1;
  }

  /** Whether all fields that an action names are left out. */
  #isIdle(names: readonly string[] = []): boolean {
    return names.length > 0 && names.every((name) => this.#leftOut.fields.has(name));
  }

  /** The fields that a list names, without those that are left out. */
  #fieldsNamed(names: readonly string[], path: Path): number[] {
    return names.flatMap((name, index) =>
      this.#leftOut.fields.has(name) ? [] : this.#fieldNamed(name, [...path, index]),
    );
  }

  /** A field that a list clears, tests or holds. It may not be a weight with a view, whose copy would go stale. */
  #fieldNamed(name: string, path: Path): number {
    const fields = this.#fields;
    const index = fieldIndex(fields, name, (message, hint) => this.#refuse(path, message, hint));
    if (fields[index]?.view !== undefined || fields.some(({ view }) => view?.of === index))
      this.#refuse(path, `'${name}' is a weight that learns: a list neither clears nor tests it`);
    return index;
  }

  #conditionOf(spec: ActionSpec, path: Path): Condition {
    const { pass } = spec;
    const from = this.#whole(spec, 'from', path, 0, always.from);
    const until = this.#until(spec, path, from);
    if (pass !== undefined && this.#program.spec.replay === undefined)
      this.#refuse(
        [...path, 'pass'],
        'this program presents each sample once',
        "add 'replay: FIELD' to the program, or leave out 'pass'",
      );
    return {
      learning: spec.when === 'learning' || pass === 'replay',
      ...(pass && { pass }),
      from,
      ...(until !== undefined && { until }),
      every: this.#whole(spec, 'every', path, 1, always.every),
      last: this.#whole(spec, 'last', path, 0, always.last),
      ...(spec.everySample !== undefined && {
        everySample: this.#whole(spec, 'everySample', path, 1, 1),
      }),
    };
  }

  #until(spec: ActionSpec, path: Path, from: number): number | undefined {
    if (spec.until === undefined) return undefined;
    const until = this.#whole(spec, 'until', path, 1, 1);
    if (until > from) return until;
    return this.#refuse([...path, 'until'], `until: expected a step behind ${from}, found ${until}`);
  }

  #whole(
    spec: ActionSpec,
    key: 'from' | 'until' | 'every' | 'last' | 'everySample' | 'after' | 'period',
    path: Path,
    low: number,
    absent: number,
  ): number {
    const formula = spec[key];
    if (formula === undefined) return absent;
    return this.#parameters.whole(formula, low, key, this.#program.locate([...path, key]));
  }

  #refuse(path: Path, message: string, hint?: string): never {
    return refuse(this.#program, path, message, hint);
  }
}
