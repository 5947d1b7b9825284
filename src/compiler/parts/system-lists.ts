import {
  type Action,
  type ChipAction,
  type ChipLists,
  type Condition,
  type CoreEvent,
  emittingPopulation,
  factsOf,
  isSameCondition,
  type PartField,
  type PlainAction,
  type ServedList,
  writtenFields,
} from '../../image/index.ts';
import { refuse } from '../../program/index.ts';
import { at, PlasticoreError } from '../../text/index.ts';
import type { Analysis } from '../compile-core.ts';
import { accessesOf } from './axons.ts';
import type { CoreBuilder } from './core-builder.ts';
import { findsLargest, sumsFit } from './sums.ts';

/** The most conditions in a list that spikes trigger: there is a variant for each way in which they may hold. */
const mostConditions = 4;

/** Cuts the lists of a program into what cores do by themselves and what they exchange. */
export class SystemListWriter {
  readonly #whole: Analysis;
  readonly #cores: readonly CoreBuilder[];
  readonly #replayed: ReadonlySet<number>;
  /** Kernels whose sums of rows leave a core. */
  readonly #partial: ReadonlySet<number>;

  constructor(whole: Analysis, cores: readonly CoreBuilder[], replayed: ReadonlySet<number>) {
    this.#whole = whole;
    this.#cores = cores;
    this.#replayed = replayed;
    this.#partial = new Set([...whole.parts.kernels.keys()].filter((kernel) => this.#sumsLeave(kernel)));
  }

  /** Refuses what no packet carries: the largest of a row, and sums that are too wide. */
  #checkSums(): void {
    const { program, hw } = this.#whole.target;
    for (const kernel of this.#partial) {
      const { bound, label } = this.#placed(kernel);
      this.#checkSound(kernel);
      const { segments, source = -1 } = this.#whole.parts.projections[bound.projection ?? -1] ?? {};
      const { name } = this.#whole.parts.populations[source] ?? {};
      if (findsLargest(bound))
        refuse(
          program,
          ['events'],
          `${label} finds the largest of a row whose columns are not all on the core of '${name}'`,
          `place its neurons and all of '${name}' on one core`,
        );
      if (hw.arithmetic === 'float32' || segments === undefined || sumsFit(bound, segments)) continue;
      refuse(
        program,
        ['events'],
        `${label} may sum to more than the 32 bits in which a core sends a sum to another one`,
        `clip what it sums, or place its neurons and all of '${name}' on one core`,
      );
    }
  }

  /** Refuses partial sums in cells that fail: they need a number that no row sums to. */
  #checkSound(kernel: number): void {
    const { drafts, target } = this.#whole;
    const { bound, label } = this.#placed(kernel);
    const field = drafts.find((draft, index) => draft.faulty && accessesOf(bound).reduces.includes(index));
    if (field === undefined) return;
    const bank = field.bank ?? target.hw.placement[field.purpose];
    throw new PlasticoreError(
      'fit',
      `${label} leaves partial sums of ${field.name} in bank '${bank}', whose cells fail: a core could not tell the rows it has visited from others`,
      {
        ...this.#place(),
        hint: `leave '${bank}' out of faults.banks, or place its neurons and those that it sums on one core`,
      },
    );
  }

  write(): ChipLists {
    this.#checkSums();
    const { populations, events } = this.#whole.parts;
    return {
      sample: this.#actions(events.sample, 'sample'),
      tick: this.#actions(events.tick, 'tick'),
      spike: events.spike.map((list, index) => this.#served(list, `spike of ${populations[index]?.name}`)),
      previousSpike: events.previousSpike.map((list, index) =>
        this.#served(list, `previous spike of ${populations[index]?.name}`),
      ),
      delayed: events.delayed.map(({ population, lists }) =>
        lists.map(({ delay, actions }) =>
          this.#served(actions, `spike of ${populations[population]?.name} after ${delay} steps`),
        ),
      ),
    };
  }

  /** Whether a kernel sums over columns that are not all on the core, and in the slice, of the summing neuron. */
  #sumsLeave(kernel: number): boolean {
    const { bound } = this.#placed(kernel);
    const { source } = this.#whole.parts.projections[bound.projection ?? -1] ?? {};
    if (source === undefined || !factsOf(bound).reduces) return false;
    const parts = this.#cores.map((core) => core.memory.projectionsOf(bound.projection ?? -1).length);
    const [only = -1, ...others] = [...parts.keys()].filter((core) => (parts[core] ?? 0) > 0);
    if (only < 0) return false;
    return others.length > 0 || parts[only] !== 1 || !this.#cores[only]?.memory.isHomeOf(source);
  }

  #actions(actions: readonly Action[], name: string): ChipAction[] {
    const written: ChipAction[] = [];
    let pending: PlainAction[] = [];
    const flush = (): void => {
      if (pending.length > 0) written.push(...this.#run(pending, name));
      pending = [];
    };
    for (const action of actions) {
      switch (action.does) {
        case 'group':
          flush();
          written.push({ ...action, actions: this.#actions(action.actions, name) });
          break;
        case 'deliver':
        case 'deliver-delayed':
          flush();
          written.push(action);
          break;
        case 'keep': {
          flush();
          const { delayed, from } = action;
          if (from !== 'event')
            written.push({ does: 'keep', delayed, from, on: this.#events([action], name) });
          break;
        }
        case 'stop-unless-any':
          flush();
          written.push({
            does: 'stop-unless-any',
            field: action.field,
            on: this.#events([action], name),
          });
          break;
        default:
          pending.push(action);
          // An action that crosses cores ends the part that they can do alone.
          if (this.#crosses(action)) flush();
      }
    }
    flush();
    return written;
  }

  /** Whether others must learn of an action's results before anything else happens. */
  #crosses(action: PlainAction): boolean {
    if (action.does === 'run' && factsOf(this.#placed(action.kernel).bound).emits) return true;
    return this.#sumsOf(action).length > 0 || this.#sentBy(action).length > 0;
  }

  /** Actions that cores execute alone; what the last one exchanges follows. */
  #run(actions: readonly PlainAction[], name: string): ChipAction[] {
    const last = actions.at(-1);
    const emitting = actions.filter(
      (action) => action.does === 'run' && factsOf(this.#placed(action.kernel).bound).emits,
    );
    const [emits] = emitting.flatMap((action) =>
      action.does === 'run' ? [emittingPopulation(this.#whole.parts, this.#placed(action.kernel).bound)] : [],
    );
    const sums = last === undefined ? [] : this.#sumsOf(last);
    const sent = last === undefined ? [] : this.#sentBy(last);
    const on = this.#events(actions, name);
    return [
      ...sums.map((sum): ChipAction => ({ does: 'empty', sums: sum.sums })),
      ...(on.length > 0 ? [{ does: 'run', on, emits } as const] : []),
      ...sums.map((sum): ChipAction => ({ does: 'sum', ...sum })),
      ...sent.map((field): ChipAction => ({ does: 'send', field, to: this.#copiesOf(field) })),
    ];
  }

  #events(actions: readonly Action[], name: string): CoreEvent[] {
    return this.#cores.flatMap((core, index) =>
      core
        .addEvents(name, actions, this.#partial)
        .map(({ event, first, size }): CoreEvent => ({ core: index, event, first, size })),
    );
  }

  /** The sums that a kernel leaves on cores, and the field that they make up. */
  #sumsOf(action: PlainAction): { readonly field: number; readonly sums: readonly PartField[] }[] {
    if (action.does !== 'run' || !this.#partial.has(action.kernel)) return [];
    return [...new Set(accessesOf(this.#placed(action.kernel).bound).reduces)].map((field) => ({
      field,
      sums: this.#cores.flatMap((core, index) =>
        core.sumsOf(action.kernel, field).map((sum): PartField => ({ core: index, field: sum })),
      ),
    }));
  }

  /** The fields that an action writes and of which other cores hold copies that cannot follow by themselves. */
  #sentBy(action: PlainAction): number[] {
    const written =
      action.does === 'clear' || action.does === 'hold'
        ? action.fields
        : action.does === 'run'
          ? writtenFields(this.#placed(action.kernel).bound)
          : [];
    return [...new Set(written)].filter(
      (field) => !this.#replayed.has(field) && this.#copiesOf(field).length > 0,
    );
  }

  #copiesOf(field: number): PartField[] {
    return this.#cores.flatMap((core, index) => {
      const copy = core.memory.copyOf(field);
      return copy === undefined ? [] : [{ core: index, field: copy }];
    });
  }

  /** A list that spikes trigger, in a variant for each way in which its conditions may hold. */
  #served(list: readonly Action[], name: string): ServedList {
    const conditions = conditionsIn(list);
    if (conditions.length > mostConditions) {
      throw new PlasticoreError(
        'invalid-value',
        `the list of a ${name} has ${conditions.length} different conditions; on several cores at most ${mostConditions} are possible`,
        { ...this.#place(), hint: 'give its actions the same conditions' },
      );
    }
    const variants = Array.from({ length: 2 ** conditions.length }, (_, holds) =>
      this.#actions(this.#chosen(list, conditions, holds, name), name),
    );
    return { conditions, variants };
  }

  /** The actions of a list where some of the conditions hold. */
  #chosen(
    list: readonly Action[],
    conditions: readonly Condition[],
    holds: number,
    name: string,
  ): PlainAction[] {
    return list.flatMap((action) => {
      if (action.does === 'stop-unless-any') {
        throw new PlasticoreError(
          'invalid-value',
          `the list of a ${name} tests a field: on several cores, every spike would have to wait for it`,
          { ...this.#place(), hint: 'test the field in the tick list, or compile for one core' },
        );
      }
      if (action.does !== 'group') return [action];
      const bit = conditions.findIndex((condition) => isSameCondition(condition, action.condition));
      return (holds >> bit) & 1 ? this.#chosen(action.actions, conditions, holds, name) : [];
    });
  }

  #placed(kernel: number) {
    return at(this.#whole.parts.kernels, kernel);
  }

  #place() {
    return this.#whole.target.program.locate(['events']);
  }
}

function conditionsIn(list: readonly Action[]): Condition[] {
  const found: Condition[] = [];
  for (const action of list) {
    if (action.does !== 'group') continue;
    for (const condition of [action.condition, ...conditionsIn(action.actions)])
      if (!found.some((other) => isSameCondition(other, condition))) found.push(condition);
  }
  return found;
}
