import {
  type Action,
  type BoundKernel,
  type ImageOperand,
  labelRange,
  type Placement,
  type Population,
  spreadController,
} from '../../image/index.ts';
import { domainNamed, eventScalars, hostScalars, operationNamed, type Role } from '../../isa/index.ts';
import { stepsOf } from '../../program/index.ts';
import { at } from '../../text/index.ts';
import type { ImageParts, PlacedKernel } from '../assemble.ts';
import type { Analysis } from '../compile-core.ts';
import type { ResolvedPass } from '../lists/index.ts';
import { CoreMemory, type Instance, isProjection, type LocalPopulation } from './core-memory.ts';

/** Which neurons an event of a core may name: the number of each, less `first`. */
export interface Naming {
  readonly first: number;
  readonly size: number;
  /** Whether these are all neurons of their population. */
  readonly isAll: boolean;
}

/** The naming of an event that does the same for whichever neuron. */
const anyNeuron: Naming = { first: 0, size: Number.POSITIVE_INFINITY, isAll: true };

/** Builds what one core does of a program: kernels over what it stores, and the events that run them. */
export class CoreBuilder {
  /** The core's, on the chip. */
  readonly number: number;
  readonly #whole: Analysis;
  readonly memory: CoreMemory;
  readonly #kernels: { readonly key: string; readonly kernel: PlacedKernel; readonly work: number }[] = [];
  readonly #passes: { readonly pass: ResolvedPass; readonly work: number }[] = [];
  readonly #events: { readonly name: string; readonly actions: readonly Action[] }[] = [];

  constructor(whole: Analysis, placement: Placement, number: number, replayed: ReadonlySet<number>) {
    this.number = number;
    this.#whole = whole;
    this.memory = new CoreMemory(whole, placement, number, replayed);
  }

  /** For each piece of work of the core, that of the whole program which it is a part of. */
  get work(): readonly number[] {
    return [...this.#kernels, ...this.#passes].map(({ work }) => work);
  }

  /** The parts from which its image is assembled, but for its memory. */
  get parts(): Omit<ImageParts, 'memory'> {
    const { drafts, parts } = this.#whole;
    const { eventScalars: scalars } = parts;
    const label = labelRange({ ...parts, fields: drafts });
    const largest = Math.max(1, ...this.memory.populations.map(({ size }) => size));
    const passes = this.#passes.map(({ pass }) => pass);
    const kernelCount = this.#kernels.length;
    return {
      populations: this.memory.populations.map(({ population, name, size, first }): Population => {
        const { payload, size: all, inputs } = parts.populations[population] ?? {};
        const waits = this.memory.rings.some(({ source }) => source.name === name);
        return { name, size, first, ...(payload && { payload }), ...(waits && size === all && { inputs }) };
      }),
      projections: this.memory.imageProjections,
      kernels: this.#kernels.map(({ kernel }) => kernel),
      passes,
      events: {
        sample: [],
        tick: [],
        spike: this.memory.populations.map(() => []),
        previousSpike: this.memory.populations.map(() => []),
        // The lists of the chip serve them: a core keeps them.
        delayed: this.memory.rings.map(({ delayed, source, field }) => ({
          population: source.index,
          field,
          lists: (this.#whole.parts.events.delayed[delayed]?.lists ?? []).map(({ delay, shift }) => ({
            delay,
            ...(shift !== undefined && { shift }),
            actions: [],
          })),
        })),
        named: this.#events.map(({ name, actions }) => ({
          name,
          actions: actions.map((action) =>
            'work' in action ? { ...action, work: action.work + kernelCount } : action,
          ),
        })),
      },
      eventScalars: [
        ...eventScalars.map((name) => ({ name, low: 0, high: largest - 1 })),
        { name: 'label', low: label.low, high: label.high },
        { name: 'step', low: 0, high: stepsOf(this.#whole.target.program.spec) - 1 },
        ...scalars.slice(eventScalars.length),
      ],
      input: -1,
      replay: undefined,
      readout: -1,
      regression: undefined,
      controller: spreadController,
    };
  }

  /** The partial sums of a field that a kernel leaves on the core: one for each slice of its columns. */
  sumsOf(kernel: number, field: number): number[] {
    const bound = this.#bound(kernel);
    return this.memory
      .instancesOf(bound)
      .flatMap((instance) => (isProjection(instance) ? [this.memory.sumOf(kernel, instance, field)] : []));
  }

  /**
   * Adds events that run actions of the whole program on this core, in order. Neighbours that name neurons in the same
   * way share an event.
   *
   * @param name of the events
   * @param partial kernels whose sums leave the core
   */
  addEvents(
    name: string,
    actions: readonly Action[],
    partial: ReadonlySet<number>,
  ): (Naming & { readonly event: number })[] {
    const found: (Naming & { readonly event: number })[] = [];
    let pending: Action[] = [];
    let naming = anyNeuron;
    const flush = (): void => {
      if (pending.length === 0) return;
      this.#events.push({ name: `${name} ${this.#events.length}`, actions: pending });
      found.push({ event: this.#events.length - 1, ...naming });
      pending = [];
      naming = anyNeuron;
    };
    for (const action of actions) {
      for (const [local, names] of this.#localActions(action, partial)) {
        if (pending.length > 0 && !areAlike(names, naming)) flush();
        if (names !== anyNeuron) naming = names;
        pending.push(local);
      }
    }
    flush();
    return found;
  }

  #localActions(action: Action, partial: ReadonlySet<number>): [Action, Naming][] {
    switch (action.does) {
      case 'run': {
        const bound = this.#bound(action.kernel);
        return this.memory.instancesOf(bound).flatMap((instance): [Action, Naming][] => {
          const kernel = this.#kernelOn(action.kernel, instance, partial.has(action.kernel));
          if (kernel === undefined) return [];
          const named = isProjection(instance) ? instance.source : instance;
          const { needsEvent } = domainNamed(bound.domain);
          return [[{ does: 'run', kernel }, needsEvent ? this.#namingOf(named) : anyNeuron]];
        });
      }
      case 'clear': {
        const fields = action.fields.flatMap((field) => this.memory.allOf(field));
        if (fields.length === 0) return [];
        return [[{ does: 'clear', fields, work: this.#pass('clear', fields, action.work) }, anyNeuron]];
      }
      case 'stop-unless-any':
        return this.memory
          .homesOf(action.field)
          .map((field) => [
            { does: 'stop-unless-any', field, work: this.#pass('test', [field], action.work) },
            anyNeuron,
          ]);
      case 'keep': {
        const delayed = this.memory.rings.findIndex((ring) => ring.delayed === action.delayed);
        const ring = this.memory.rings[delayed];
        if (ring === undefined) return [];
        const { scalar } = action.step;
        const step = { is: 'event', scalar: eventScalars.length + scalar } as const;
        const work = this.#pass('keep', [ring.field], action.work);
        return [[{ does: 'keep', delayed, from: 'event', step, work }, anyNeuron]];
      }
      case 'hold': {
        const fields = action.fields.flatMap((field) => this.memory.allOf(field));
        return fields.length === 0 ? [] : [[{ ...action, fields }, anyNeuron]];
      }
      default:
        throw new Error(`no core executes '${action.does}' alone`);
    }
  }

  #namingOf({ population, first, size }: LocalPopulation): Naming {
    return { first, size, isAll: size === this.#whole.parts.populations[population]?.size };
  }

  #pass(does: ResolvedPass['does'], fields: readonly number[], wholeWork: number): number {
    const { kernels, passes } = this.#whole.parts;
    const { label = '', learningOnly = false } = passes[wholeWork - kernels.length] ?? {};
    this.#passes.push({ pass: { label, fields, does, learningOnly }, work: wholeWork });
    return this.#passes.length - 1;
  }

  /** The kernel over an instance; undefined if it visits none of its columns. */
  #kernelOn(whole: number, instance: Instance, isPartial: boolean): number | undefined {
    const placed = this.#placed(whole);
    const { bound } = placed;
    const columnsOf = isProjection(instance) ? instance.target : instance;
    const columns =
      bound.columns === undefined ? undefined : Math.min(bound.columns - columnsOf.first, columnsOf.size);
    if (columns !== undefined && columns <= 0) return undefined;
    const key = `${whole} ${isProjection(instance) ? 'projection' : 'population'} ${instance.index}`;
    const known = this.#kernels.findIndex((candidate) => candidate.key === key);
    if (known >= 0) return known;
    const fieldOf = (role: Role, field: number): number => this.memory.fieldOf(instance, role, field);
    const sumOf = (field: number): number | undefined =>
      isPartial && isProjection(instance) ? this.memory.sumOf(whole, instance, field) : undefined;
    const operand = (from: ImageOperand, reduces: boolean): ImageOperand => {
      if (from.is === 'host') return { is: 'event', scalar: eventScalars.length + from.scalar };
      if (from.is === 'event' && from.scalar >= eventScalars.length)
        return { ...from, scalar: from.scalar + hostScalars.length };
      if (from.is !== 'field') return from;
      return { ...from, field: (reduces ? sumOf(from.field) : undefined) ?? fieldOf(from.role, from.field) };
    };
    const local: BoundKernel = {
      ...bound,
      population: isProjection(instance) ? undefined : instance.index,
      projection: isProjection(instance) ? instance.index : undefined,
      rowGate: bound.rowGate === undefined ? undefined : fieldOf('pre', bound.rowGate),
      columnGate:
        bound.columnGate === undefined
          ? undefined
          : fieldOf(isProjection(instance) ? 'post' : 'self', bound.columnGate),
      columns: columns === columnsOf.size ? undefined : columns,
      code: bound.code.map((line) => ({
        ...line,
        operands: line.operands.map((from) =>
          operand(from, operationNamed(line.mnemonic).effect.does === 'reduce'),
        ),
      })),
    };
    this.#kernels.push({ key, kernel: { ...placed, bound: local }, work: whole });
    return this.#kernels.length - 1;
  }

  #bound(kernel: number): BoundKernel {
    return this.#placed(kernel).bound;
  }

  #placed(kernel: number): PlacedKernel {
    return at(this.#whole.parts.kernels, kernel);
  }
}

/** Whether two actions may share an event: it runs both, or none, for every neuron. */
function areAlike(a: Naming, b: Naming): boolean {
  return (a.isAll && b.isAll) || (a.first === b.first && a.size === b.size);
}
