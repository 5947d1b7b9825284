import type { Action, Condition, EventLists } from '../image/index.ts';
import { type DomainName, domainNamed, type Kernel, operationNamed } from '../microcode/index.ts';
import type { ActionSpec, Program } from '../network/index.ts';
import { type Formula, type Path, type Place, PlasticoreError, suggest } from '../source/index.ts';
import { type FieldDraft, fieldIndex } from './fields.ts';
import type { ResolvedParameters } from './parameters.ts';

/** A kernel with what a list runs it over. Uses that differ in nothing are one. */
export interface KernelUse {
  readonly kernel: Kernel;
  readonly over: string;
  /** The kernel's domain, or the smaller one that the list picks of it. */
  readonly domain: DomainName;
  readonly population: number | undefined;
  readonly projection: number | undefined;
  /** Only the first so many rows or columns; undefined for all. */
  readonly rows: number | undefined;
  readonly columns: number | undefined;
  readonly order: 'rows' | 'columns';
  /** Values for this use alone, by the parameter's name in the kernel. */
  readonly with: Readonly<Record<string, Formula>>;
  readonly place: Place;
  readonly path: Path;
  /** Whether every use of it is for learning. */
  learningOnly: boolean;
}

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

/** What runs a list: spikes of a population, or an event of that name. */
interface TriggerEvent {
  readonly list: 'spike' | 'previousSpike' | 'on';
  readonly name: string;
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
  const projections = Object.keys(spec.projections);
  const uses = new Map<string, { index: number; use: KernelUse }>();
  const sweeps: SweepUse[] = [];

  const resolve = (
    actions: readonly ActionSpec[],
    path: Path,
    learning: boolean,
    event: TriggerEvent | undefined,
  ): Action[] => actions.map((action, index) => resolveAction(action, [...path, index], learning, event));

  function resolveAction(
    spec: ActionSpec,
    path: Path,
    learning: boolean,
    event: TriggerEvent | undefined,
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

  function bare(spec: ActionSpec, path: Path, learning: boolean, event: TriggerEvent | undefined): Action {
    if (spec.run !== undefined) return { does: 'run', kernel: useKernel(spec, path, learning, event) };
    if (spec.deliver !== undefined) {
      if (event?.list === 'on')
        fail(path, 'a named event delivers no spikes: the controller that triggers it takes them');
      if (event !== undefined)
        fail(path, 'a spike list cannot deliver spikes: it runs while they are delivered');
      const population = named(spec.deliver, populations, 'population', [...path, 'deliver']);
      const isPrevious = spec.spikes === 'previous';
      if (isPrevious && program.spec.events.previousSpike[spec.deliver] === undefined) {
        fail(
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
      if (period > after) fail([...path, 'period'], `there are ${after} items to hold, found ${period}`);
      const held = spec.hold.map((name, index) => fieldNamed(name, [...path, 'hold', index]));
      return { does: 'hold', fields: held, after, period };
    }
    return {
      does: 'group',
      condition: always,
      actions: resolve(spec.do ?? [], [...path, 'do'], learning, event),
    };
  }

  function useKernel(
    spec: ActionSpec,
    path: Path,
    learning: boolean,
    event: TriggerEvent | undefined,
  ): number {
    const name = spec.run ?? '';
    const over = spec.over ?? '';
    const kernel = program.kernels.get(name);
    if (kernel === undefined) {
      return fail(
        [...path, 'run'],
        `there is no kernel '${name}'`,
        suggest(name, [...program.kernels.keys()]),
      );
    }
    const domainName = narrowed(kernel, spec, path);
    const domain = domainNamed(domainName);
    const ownsPopulation = domain.binds === 'population';
    const owners = ownsPopulation ? populations : projections;
    const owner = named(over, owners, domain.binds, [...path, 'over']);
    checkEvent(kernel, domainName, over, path, event);
    const part = partOf(spec, path, domainName, over);
    const key = JSON.stringify([name, domainName, over, part, spec.with ?? {}]);
    const found = uses.get(key);
    if (found !== undefined) {
      found.use.learningOnly &&= learning;
      return found.index;
    }
    const use: KernelUse = {
      kernel,
      over,
      domain: domainName,
      population: ownsPopulation ? owner : undefined,
      projection: ownsPopulation ? undefined : owner,
      ...part,
      with: spec.with ?? {},
      place: program.locate(path),
      path,
      learningOnly: learning,
    };
    uses.set(key, { index: uses.size, use });
    return uses.size - 1;
  }

  /** How much of its domain a list runs a kernel over, and in which order. */
  function partOf(
    spec: ActionSpec,
    path: Path,
    domainName: DomainName,
    over: string,
  ): Pick<KernelUse, 'rows' | 'columns' | 'order'> {
    const { single, roles } = domainNamed(domainName);
    const projection = program.spec.projections[over];
    const sizeOf = (name: string | undefined): number => program.spec.populations[name ?? '']?.size ?? 0;
    const most = (key: 'rows' | 'columns', size: number, isOffered: boolean): number | undefined => {
      const formula = spec[key];
      if (formula === undefined) return undefined;
      const isDense = projection === undefined || projection.connect === 'dense';
      if (!isOffered || !isDense)
        fail(
          [...path, key],
          `a kernel over ${domainName}${isDense ? '' : ' that is not dense'} has no ${key} to choose`,
        );
      const found = parameters.whole(formula, 1, key, program.locate([...path, key]));
      if (found > size) fail([...path, key], `expected at most ${size}, found ${found}`);
      return found === size ? undefined : found;
    };
    const rows = most('rows', sizeOf(projection?.from), domainName === 'synapses');
    const columnsOf = projection === undefined ? over : projection.to;
    const hasColumns = !single && (roles.includes('self') || roles.includes('post'));
    const columns = most('columns', sizeOf(columnsOf), hasColumns);
    if (spec.order !== undefined) checkColumnOrder(spec, path, domainName);
    const any = program.kernels.get(spec.run ?? '')?.body.find(({ mnemonic }) => mnemonic === 'any');
    if (any !== undefined && spec.order === undefined)
      fail(
        path,
        `kernel '${spec.run}' has any, which is for kernels that run by columns`,
        "add 'order: columns'",
      );
    return { rows, columns, order: spec.order ?? 'rows' };
  }

  /** By columns: no gates, which are made for rows, and nothing that gathers a row. */
  function checkColumnOrder({ run = '', over = '' }: ActionSpec, path: Path, domain: DomainName): void {
    const kernel = program.kernels.get(run);
    const refuse = (why: string): never =>
      fail([...path, 'order'], `kernel '${run}' cannot run by columns: ${why}`);
    if (domain !== 'synapses') refuse(`it is over ${domain}`);
    if (program.spec.projections[over]?.connect !== 'dense') refuse(`'${over}' is not dense`);
    if (kernel?.rowGate !== undefined || kernel?.columnGate !== undefined) refuse('it has a gate');
    const odd = kernel?.body.find(({ mnemonic }) => {
      const { draws, effect } = operationNamed(mnemonic);
      return draws || effect.does === 'reduce' || effect.does === 'emit';
    });
    if (odd !== undefined) refuse(`it has ${odd.mnemonic}`);
    for (const { mnemonic, operands } of kernel?.body ?? []) {
      const { effect } = operationNamed(mnemonic);
      const isPart = effect.does === 'store' || (effect.does === 'load' && effect.predicated);
      const field = operands[1];
      if (isPart && field?.is === 'field' && field.role !== 'syn')
        refuse(`${mnemonic} takes ${field.role}.${field.field}, which many synapses of a tile share`);
    }
    if (kernel !== undefined) checkAny(kernel, refuse);
  }

  /** What any item of a tile has must be the same for all rows: then it is known before the first. */
  function checkAny({ body }: Kernel, refuse: (why: string) => never): void {
    const byRow = new Set<number>();
    for (const { mnemonic, operands } of body) {
      const { effect } = operationNamed(mnemonic);
      const [target] = operands;
      const dependsOnRow =
        effect.does === 'draw' ||
        operands.some(
          (operand, index) =>
            (operand.is === 'field' && (operand.role === 'pre' || operand.role === 'syn')) ||
            (operand.is === 'register' && index > 0 && byRow.has(operand.register)),
        );
      if (effect.does === 'any' && dependsOnRow) refuse('any takes what differs from row to row');
      if (target?.is !== 'register' || operationNamed(mnemonic).operands[0] !== 'result') continue;
      if (dependsOnRow) byRow.add(target.register);
      else byRow.delete(target.register);
    }
  }

  /** The domain that a list runs a kernel over: the kernel's, or the part of it that `only` picks. */
  function narrowed(kernel: Kernel, { only }: ActionSpec, path: Path): DomainName {
    if (only === undefined || only === kernel.domain) return kernel.domain;
    if (!domainNamed(only).within.includes(kernel.domain))
      fail([...path, 'only'], `kernel '${kernel.name}' is over ${kernel.domain}, which has no one ${only}`);
    const { rowGate, columnGate } = domainNamed(only);
    if ((kernel.rowGate && rowGate === undefined) || (kernel.columnGate && columnGate === undefined))
      fail([...path, 'only'], `kernel '${kernel.name}' has a gate, which one ${only} does not take`);
    return only;
  }

  /** A kernel for one neuron or one row runs in the list of that neuron's spike, or of a named event. */
  function checkEvent(
    kernel: Kernel,
    domain: DomainName,
    over: string,
    path: Path,
    event: TriggerEvent | undefined,
  ): void {
    if (domain === 'synapse' && spec.projections[over]?.connect !== 'dense')
      fail(
        path,
        `one synapse is named by its two neurons: '${over}' is not dense, so that may be several or none`,
      );
    if (event?.list === 'on') return;
    const scalar = kernel.body
      .flatMap(({ operands }) => operands)
      .find((operand) => operand.is === 'field' && operand.role === 'ev');
    if (scalar?.is === 'field')
      fail(
        path,
        `kernel '${kernel.name}' uses ev.${scalar.field}, which comes with named events only`,
        'put it into events.on',
      );
    if (domain === 'synapse')
      fail(
        path,
        `kernel '${kernel.name}' runs over the synapse that a named event gives`,
        'put it into events.on',
      );
    if (!domainNamed(domain).needsEvent) return;
    const source = spec.projections[over]?.from ?? over;
    if (event?.name === source) return;
    fail(
      path,
      `kernel '${kernel.name}' runs over the ${domain} that a spike of '${source}' names; this list is run by ${event === undefined ? 'no spike' : `spikes of '${event.name}'`}`,
      `put it into events.${event?.list ?? 'spike'}.${source}`,
    );
  }

  function sweep(does: SweepUse['does'], swept: readonly number[], label: string, learning: boolean): number {
    sweeps.push({ label, fields: swept, does, learningOnly: learning });
    return sweeps.length - 1;
  }

  /** A field that a list clears or tests: not a weight that has a view, whose copy would be left behind. */
  function fieldNamed(name: string, path: Path): number {
    const index = fieldIndex(fields, name, (message, hint) => fail(path, message, hint));
    if (fields[index]?.view !== undefined || fields.some(({ view }) => view?.of === index))
      fail(path, `'${name}' is a weight that learns: a list neither clears nor tests it`);
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

  function named(name: string, names: readonly string[], what: string, path: Path): number {
    const index = names.indexOf(name);
    return index >= 0 ? index : fail(path, `there is no ${what} '${name}'`, suggest(name, names));
  }

  function fail(path: Path, message: string, hint?: string): never {
    throw new PlasticoreError('invalid-value', message, { ...program.locate(path), hint });
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
  const kernelCount = uses.size;
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
    uses: [...uses.values()].map(({ use }) => use),
    sweeps,
  };
}
