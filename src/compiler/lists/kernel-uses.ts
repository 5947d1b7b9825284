import {
  type DomainName,
  does,
  domainNamed,
  type Instruction,
  type Kernel,
  registerCount,
  valueField,
} from '../../isa/index.ts';
import { type ActionSpec, connectionOf, indexNamed, type Program, refuse } from '../../program/index.ts';
import { type Formula, type Path, type Place, PlasticoreError, suggest } from '../../text/index.ts';
import { againstColumns } from '../checks/index.ts';
import { type DelayPart, type Delays, delayParts } from '../delays.ts';
import type { ResolvedParameters } from '../parameters.ts';
import type { CompileTarget } from '../target.ts';

/** A kernel with what a list runs it over. Equal uses are merged. */
export interface KernelUse {
  readonly kernel: Kernel;
  readonly over: string;
  /** The kernel's domain, or the narrower one that the list selects. */
  readonly domain: DomainName;
  readonly population: number | undefined;
  readonly projection: number | undefined;
  /** The part of the projection that it visits, where synapses have delays of their own. */
  readonly part: DelayPart | undefined;
  /** Steps that a spike waits before it runs. */
  readonly delay: number;
  /** The number of rows or columns that it visits, from the first on; undefined for all. */
  readonly rows: number | undefined;
  readonly columns: number | undefined;
  readonly order: 'rows' | 'columns';
  /** Values for this use only, by the parameter's name in the kernel. */
  readonly with: Readonly<Record<string, Formula>>;
  readonly place: Place;
  readonly path: Path;
  /** Whether it runs only for learning. */
  learningOnly: boolean;
}

/** Collects the kernels that lists run, and what they run over. */
export class KernelUses {
  readonly #program: Program;
  readonly #parameters: ResolvedParameters;
  readonly #delays: Delays;
  readonly #parts: readonly DelayPart[];
  readonly #uses = new Map<string, { readonly index: number; readonly use: KernelUse }>();

  constructor({ program, parameters, delays }: CompileTarget) {
    this.#program = program;
    this.#parameters = parameters;
    this.#delays = delays;
    this.#parts = delayParts(delays);
  }

  /** All of them, in index order. */
  get all(): KernelUse[] {
    return [...this.#uses.values()].map(({ use }) => use);
  }

  /** The indices of an action's uses: one, or one for each delay of the synapses that it visits. */
  add(spec: ActionSpec, path: Path, learning: boolean, event: ListEvent | undefined): number[] {
    const name = spec.run ?? '';
    const over = spec.over ?? '';
    const { kernels } = this.#program;
    const kernel = kernels.get(name);
    if (kernel === undefined) {
      return this.#refuse(
        [...path, 'run'],
        `there is no kernel '${name}'`,
        suggest(name, [...kernels.keys()]),
      );
    }
    const domain = this.#narrowed(kernel, spec, path);
    const { binds } = domainNamed(domain);
    const owner = indexNamed(this.#program, binds, over, [...path, 'over']);
    checkEvent(this.#program, kernel, domain, over, path, event);
    const visited = {
      kernel,
      over,
      domain,
      population: binds === 'population' ? owner : undefined,
      ...this.#partOf(kernel, spec, path, domain, over),
      with: spec.with ?? {},
      place: this.#program.locate(path),
      path,
      learningOnly: learning,
    };
    const delay = domain === 'row' ? this.#delays.get(over) : undefined;
    if (delay?.ofWeights === undefined)
      return [
        this.#use({
          ...visited,
          projection: binds === 'population' ? undefined : owner,
          part: undefined,
          delay: delay?.longest ?? 0,
        }),
      ];
    const { isSparse } = connectionOf(this.#program, over);
    checkParts(kernel, over);
    const reading = isSparse ? kernel : readingDelays(kernel, over);
    return this.#parts.flatMap((part, index) =>
      part.projection === over
        ? this.#use({
            ...visited,
            kernel: reading,
            projection: Object.keys(this.#program.spec.projections).length + index,
            part,
            delay: part.delay,
          })
        : [],
    );
  }

  /** The index of a use, which equal ones share. */
  #use(use: KernelUse): number {
    const { kernel, domain, over, part, rows, columns, order } = use;
    const key = JSON.stringify([kernel.name, domain, over, part, rows, columns, order, use.with]);
    const found = this.#uses.get(key);
    if (found !== undefined) {
      found.use.learningOnly &&= use.learningOnly;
      return found.index;
    }
    const index = this.#uses.size;
    this.#uses.set(key, { index, use });
    return index;
  }

  /** The domain that a list runs a kernel over: the kernel's, or the part that `only` selects. */
  #narrowed(kernel: Kernel, { only }: ActionSpec, path: Path): DomainName {
    if (only === undefined || only === kernel.domain) return kernel.domain;
    const refuseOnly = (why: string): never =>
      this.#refuse([...path, 'only'], `kernel '${kernel.name}' ${why}`);
    if (!domainNamed(only).within.includes(kernel.domain))
      refuseOnly(`is over ${kernel.domain}, which contains no single ${only}`);
    const { rowGate, columnGate } = domainNamed(only);
    if ((kernel.rowGate && rowGate === undefined) || (kernel.columnGate && columnGate === undefined))
      refuseOnly(`has a gate, which a single ${only} does not take`);
    return only;
  }

  /** How much of its domain a list runs a kernel over, and in which order. */
  #partOf(
    kernel: Kernel,
    spec: ActionSpec,
    path: Path,
    domain: DomainName,
    over: string,
  ): Pick<KernelUse, 'rows' | 'columns' | 'order'> {
    const { single, roles } = domainNamed(domain);
    const { populations, projections } = this.#program.spec;
    const projection = projections[over];
    // Synapses with delays of their own are visited in runs.
    const isInRuns = domain === 'row' && this.#delays.get(over)?.ofWeights !== undefined;
    const isDense = projection?.connect === 'dense' && !isInRuns;
    const sizeOf = (name: string | undefined): number => populations[name ?? '']?.size ?? 0;
    const most = (key: 'rows' | 'columns', size: number, isOffered: boolean): number | undefined => {
      const formula = spec[key];
      if (formula === undefined) return undefined;
      const hasEach = projection === undefined || isDense;
      if (!isOffered || !hasEach)
        this.#refuse(
          [...path, key],
          `a kernel over ${domain}${hasEach ? '' : ' that is not dense'} has no ${key} to choose`,
        );
      const found = this.#parameters.whole(formula, 1, key, this.#program.locate([...path, key]));
      if (found > size) this.#refuse([...path, key], `expected at most ${size}, found ${found}`);
      return found === size ? undefined : found;
    };
    const rows = most('rows', sizeOf(projection?.from), domain === 'synapses');
    const hasColumns = !single && (roles.includes('self') || roles.includes('post'));
    const columns = most('columns', sizeOf(projection === undefined ? over : projection.to), hasColumns);
    if (spec.order !== undefined) {
      const against = againstColumns(kernel, domain, over, isDense);
      if (against !== undefined)
        this.#refuse([...path, 'order'], `kernel '${kernel.name}' cannot run by columns: ${against}`);
    } else if (kernel.body.some((line) => does(line, 'any'))) {
      this.#refuse(
        path,
        `kernel '${kernel.name}' uses any, which only kernels that run by columns can`,
        "add 'order: columns'",
      );
    }
    return { rows, columns, order: spec.order ?? 'rows' };
  }

  #refuse(path: Path, message: string, hint?: string): never {
    return refuse(this.#program, path, message, hint);
  }
}

/** The trigger of a list: spikes of a population, or an event of that name. */
export interface ListEvent {
  readonly list: 'spike' | 'previousSpike' | 'on';
  readonly name: string;
}

/** A kernel over one neuron, row or synapse may run only in the list of an event that names it. */
function checkEvent(
  program: Program,
  kernel: Kernel,
  domain: DomainName,
  over: string,
  path: Path,
  event: ListEvent | undefined,
): void {
  const { projections } = program.spec;
  if (domain === 'synapse' && projections[over]?.connect !== 'dense')
    refuse(program, path, `two neurons name one synapse only in a dense projection: '${over}' is not dense`);
  if (event?.list === 'on') return;
  const isRun = domainNamed(domain).needsEvent && event !== undefined;
  const scalar = kernel.body
    .flatMap(({ operands }) => operands)
    .find(
      (operand) =>
        operand.is === 'field' && operand.role === 'ev' && !(isRun && operand.field === valueField),
    );
  if (scalar?.is === 'field' && scalar.field === valueField)
    refuse(
      program,
      path,
      `kernel '${kernel.name}' takes the value of a spike, which only kernels over its row or its neuron can`,
      'move it to events.spike or events.previousSpike, as a kernel over row or neuron',
    );
  if (scalar?.is === 'field')
    refuse(
      program,
      path,
      `kernel '${kernel.name}' uses ev.${scalar.field}, which only named events supply`,
      'move it to events.on',
    );
  if (domain === 'synapse')
    refuse(
      program,
      path,
      `kernel '${kernel.name}' runs over the synapse that a named event gives`,
      'move it to events.on',
    );
  if (!domainNamed(domain).needsEvent) return;
  const source = projections[over]?.from ?? over;
  if (event?.name === source) return;
  refuse(
    program,
    path,
    `kernel '${kernel.name}' runs over the ${domain} that a spike of '${source}' names; this list is run by ${event === undefined ? 'no spike' : `spikes of '${event.name}'`}`,
    `move it to events.${event?.list ?? 'spike'}.${source}`,
  );
}

/**
 * Checks that a kernel can visit the synapses of a row that have one delay.
 *
 * @throws PlasticoreError `microcode` for a sum over the row, whose synapses act in different steps
 */
function checkParts(kernel: Kernel, over: string): void {
  const sum = kernel.body.find((line) => does(line, 'reduce'));
  if (sum !== undefined)
    throw new PlasticoreError(
      'microcode',
      `kernel '${kernel.name}' sums over rows of '${over}', whose synapses act in different steps`,
      { ...sum.place, hint: 'state one delay for the projection' },
    );
}

/**
 * A kernel that visits the synapses of a row that have one delay: to find them, it reads the delays of those that it
 * visits.
 *
 * @throws PlasticoreError `microcode` where no register is free
 */
function readingDelays(kernel: Kernel, over: string): Kernel {
  const used = new Set(
    kernel.body.flatMap(({ operands }) =>
      operands.flatMap((operand) => (operand.is === 'register' ? [operand.register] : [])),
    ),
  );
  const free = Array.from({ length: registerCount }, (_, index) => registerCount - 1 - index);
  const register = free.find((candidate) => !used.has(candidate));
  if (register === undefined)
    throw new PlasticoreError(
      'microcode',
      `kernel '${kernel.name}' uses all ${registerCount} registers, and one has to take the delays of '${over}'`,
      { ...kernel.place, hint: 'use a register less, or state one delay for the projection' },
    );
  const read: Instruction = {
    mnemonic: 'ld',
    operands: [
      { is: 'register', register },
      { is: 'field', role: 'syn', field: 'delay' },
    ],
    place: kernel.place,
  };
  return { ...kernel, body: [read, ...kernel.body] };
}
