import type { Action, BoundKernel, ImageOperand, Population, Projection } from '../../image/index.ts';
import { domainNamed, eventScalars, hostScalars, type Role } from '../../isa/index.ts';
import type { ImageParts, PlacedKernel } from '../assemble.ts';
import type { Analysis } from '../compile.ts';
import type { FieldDraft } from '../fields/index.ts';
import type { FieldPass } from '../lists/index.ts';
import { accessesOf, withSources } from './copies.ts';
import { cutProjection } from './cut-segments.ts';
import type { Placement, Slice } from './placement.ts';
import type { FieldPart, PopulationPart } from './system-image.ts';

/** Neurons on a core, with the index of each of their fields in the core's image, by the field's index in the whole. */
interface LocalPopulation extends PopulationPart {
  readonly index: number;
  readonly name: string;
  readonly size: number;
  readonly fields: Map<number, number>;
}

interface LocalProjection {
  readonly index: number;
  readonly projection: number;
  readonly source: LocalPopulation;
  readonly target: LocalPopulation;
  readonly fields: Map<number, number>;
}

/** Where a kernel runs on a core. */
type Instance = LocalPopulation | LocalProjection;

const isProjection = (instance: Instance): instance is LocalProjection => 'projection' in instance;

/** Which neurons an event of a core may name: the number of each, less `first`. */
export interface Naming {
  readonly first: number;
  readonly size: number;
  /** Whether these are all neurons of their population. */
  readonly isAll: boolean;
}

/** The naming of an event that does the same for whichever neuron. */
const anyNeuron: Naming = { first: 0, size: Number.POSITIVE_INFINITY, isAll: true };

/** Builds what one core holds of a program: its populations, projections, fields, kernels and events. */
export class CoreBuilder {
  /** The core's, on the chip. */
  readonly number: number;
  readonly #whole: Analysis;
  readonly #replayed: ReadonlySet<number>;
  readonly #populations: LocalPopulation[] = [];
  readonly #projections: LocalProjection[] = [];
  readonly #imageProjections: Projection[] = [];
  readonly drafts: FieldDraft[] = [];
  readonly fields: (FieldPart | undefined)[] = [];
  readonly #kernels: { readonly key: string; readonly kernel: PlacedKernel; readonly work: number }[] = [];
  readonly #passes: { readonly pass: FieldPass; readonly work: number }[] = [];
  readonly #events: { readonly name: string; readonly actions: readonly Action[] }[] = [];
  /** Partial sums, by kernel, projection and field. */
  readonly #sums = new Map<string, number>();

  constructor(whole: Analysis, placement: Placement, number: number, replayed: ReadonlySet<number>) {
    this.number = number;
    this.#whole = whole;
    this.#replayed = replayed;
    const { populations, projections } = whole.parts;
    const slicesOf = (population: number): readonly Slice[] =>
      placement[populations[population]?.name ?? '']?.filter((slice) => slice.core === number) ?? [];
    for (const [population, { name, size }] of populations.entries()) {
      for (const { first, size: count } of slicesOf(population)) {
        const isWhole = count === size;
        const slice = this.#addPopulation(
          { population, first, isCopy: false },
          isWhole ? name : `${name}[${first}-${first + count - 1}]`,
          count,
        );
        for (const field of this.#fieldsOf(name)) this.#addField(slice, field);
      }
    }
    for (const [population, { name, size }] of populations.entries()) {
      const leaving = [...projections.keys()].filter(
        (projection) =>
          projections[projection]?.source === population &&
          slicesOf(projections[projection]?.target ?? -1).length > 0,
      );
      const home = this.#populations.find((local) => local.population === population && local.size === size);
      if (leaving.length === 0 || home !== undefined) continue;
      const copy = this.#addPopulation({ population, first: 0, isCopy: true }, `copy of ${name}`, size);
      for (const field of this.#neededOf(leaving)) this.#addField(copy, field);
    }
    for (const [projection, { source }] of projections.entries()) {
      const rows = this.#sourceOf(source);
      if (rows === undefined) continue;
      for (const target of this.#populations.filter(
        (local) => !local.isCopy && local.population === projections[projection]?.target,
      ))
        this.#addProjection(projection, rows, target);
    }
  }

  get populations(): readonly PopulationPart[] {
    return this.#populations.map(({ population, first, isCopy }) => ({ population, first, isCopy }));
  }

  /** For each piece of work of the core, that of the whole program which it is a part of. */
  get work(): readonly number[] {
    return [...this.#kernels, ...this.#passes].map(({ work }) => work);
  }

  /** What its image is assembled from, but for its memory. */
  get parts(): Omit<ImageParts, 'memory'> {
    const { populations, eventScalars: scalars } = this.#whole.parts;
    const { readout, drafts } = { readout: this.#whole.parts.readout, drafts: this.#whole.drafts };
    const largest = Math.max(1, ...populations.map(({ size }) => size));
    const passes = this.#passes.map(({ pass }) => pass);
    const kernelCount = this.#kernels.length;
    return {
      populations: this.#populations.map(({ name, size, first }): Population => ({ name, size, first })),
      projections: this.#imageProjections,
      kernels: this.#kernels.map(({ kernel }) => kernel),
      passes,
      events: {
        sample: [],
        tick: [],
        spike: this.#populations.map(() => []),
        previousSpike: this.#populations.map(() => []),
        named: this.#events.map(({ name, actions }) => ({
          name,
          actions: actions.map((action) =>
            'work' in action ? { ...action, work: action.work + kernelCount } : action,
          ),
        })),
      },
      eventScalars: [
        ...eventScalars.map((name) => ({ name, low: 0, high: largest - 1 })),
        { name: 'label', low: 0, high: Math.max(0, (drafts[readout]?.count ?? 1) - 1) },
        { name: 'step', low: 0, high: this.#whole.target.program.spec.steps - 1 },
        ...scalars.slice(eventScalars.length),
      ],
      input: -1,
      readout: -1,
      controller: 'system',
    };
  }

  /** Whether the core holds a field, as copies to which others send. */
  copyOf(field: number): number | undefined {
    return this.#populations.find((local) => local.isCopy && local.fields.has(field))?.fields.get(field);
  }

  /** The parts of a field that live on the core. */
  homesOf(field: number): number[] {
    return this.#populations.flatMap((local) => {
      const index = local.isCopy ? undefined : local.fields.get(field);
      return index === undefined ? [] : [index];
    });
  }

  /** The parts of a projection on the core. */
  projectionsOf(projection: number): readonly unknown[] {
    return this.#projections.filter((local) => local.projection === projection);
  }

  /** Whether all neurons of a population live here, in one slice. */
  isHomeOf(population: number): boolean {
    return this.#sourceOf(population)?.isCopy === false;
  }

  /** The partial sums of a field that a kernel leaves on the core: one for each slice of its columns. */
  sumsOf(kernel: number, field: number): number[] {
    const bound = this.#bound(kernel);
    return this.#instancesOf(bound).flatMap((instance) =>
      isProjection(instance) ? [this.#sumOf(kernel, instance, field)] : [],
    );
  }

  /**
   * Adds events that run actions of the whole program on this core, in order. Neighbours that name neurons in the same way
   * share an event.
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
        return this.#instancesOf(bound).flatMap((instance): [Action, Naming][] => {
          const kernel = this.#kernelOn(action.kernel, instance, partial.has(action.kernel));
          if (kernel === undefined) return [];
          const named = isProjection(instance) ? instance.source : instance;
          const { needsEvent } = domainNamed(bound.domain);
          return [[{ does: 'run', kernel }, needsEvent ? this.#namingOf(named) : anyNeuron]];
        });
      }
      case 'clear': {
        const fields = action.fields.flatMap((field) => this.#allOf(field));
        if (fields.length === 0) return [];
        return [[{ does: 'clear', fields, work: this.#pass('clear', fields, action.work) }, anyNeuron]];
      }
      case 'stop-unless-any':
        return this.homesOf(action.field).map((field) => [
          { does: 'stop-unless-any', field, work: this.#pass('test', [field], action.work) },
          anyNeuron,
        ]);
      case 'hold': {
        const fields = action.fields.flatMap((field) => this.#allOf(field));
        return fields.length === 0 ? [] : [[{ ...action, fields }, anyNeuron]];
      }
      default:
        throw new Error(`no core executes '${action.does}' alone`);
    }
  }

  #namingOf({ population, first, size }: LocalPopulation): Naming {
    return { first, size, isAll: size === this.#whole.parts.populations[population]?.size };
  }

  /** All parts of a field on the core, copies included. */
  #allOf(field: number): number[] {
    return [...this.#populations, ...this.#projections].flatMap(({ fields }) => fields.get(field) ?? []);
  }

  #pass(does: FieldPass['does'], fields: readonly number[], wholeWork: number): number {
    const { kernels, passes } = this.#whole.parts;
    const { label = '', learningOnly = false } = passes[wholeWork - kernels.length] ?? {};
    this.#passes.push({ pass: { label, fields, does, learningOnly }, work: wholeWork });
    return this.#passes.length - 1;
  }

  /** Where a kernel runs: on slices, on copies that it keeps up to date, on projections onto slices. */
  #instancesOf(bound: BoundKernel): Instance[] {
    if (bound.projection !== undefined)
      return this.#projections.filter(({ projection }) => projection === bound.projection);
    const { writes } = accessesOf(bound);
    return this.#populations.filter(
      ({ population, isCopy, fields }) =>
        population === bound.population &&
        (!isCopy || writes.some(({ field }) => this.#replayed.has(field) && fields.has(field))),
    );
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
    const fieldOf = (role: Role, field: number): number => this.#localField(instance, role, field);
    const sumOf = (field: number): number | undefined =>
      isPartial && isProjection(instance) ? this.#sumOf(whole, instance, field) : undefined;
    const operand = (from: ImageOperand, reduces: boolean): ImageOperand => {
      if (from.is === 'host') return { is: 'event', scalar: eventScalars.length + from.scalar };
      if (from.is === 'event' && from.scalar >= eventScalars.length)
        return { ...from, scalar: from.scalar + hostScalars.length };
      if (from.is !== 'field') return from;
      return { ...from, field: (reduces ? sumOf(from.field) : undefined) ?? fieldOf(from.role, from.field) };
    };
    const where = isProjection(instance) ? instance.index : undefined;
    const local: BoundKernel = {
      ...bound,
      population: isProjection(instance) ? undefined : instance.index,
      projection: where,
      rowGate: bound.rowGate === undefined ? undefined : fieldOf('pre', bound.rowGate),
      columnGate:
        bound.columnGate === undefined
          ? undefined
          : fieldOf(isProjection(instance) ? 'post' : 'self', bound.columnGate),
      columns: columns === columnsOf.size ? undefined : columns,
      code: bound.code.map((line) => ({
        ...line,
        operands: line.operands.map((from) => operand(from, line.mnemonic === 'reduce')),
      })),
    };
    this.#kernels.push({ key, kernel: { ...placed, bound: local }, work: whole });
    return this.#kernels.length - 1;
  }

  #localField(instance: Instance, role: Role, field: number): number {
    const owner = !isProjection(instance)
      ? instance
      : role === 'pre'
        ? instance.source
        : role === 'post'
          ? instance.target
          : instance;
    const local = owner.fields.get(field);
    if (local === undefined) throw new Error(`no field ${this.#whole.drafts[field]?.name} on this core`);
    return local;
  }

  /** The partial sums of a field by a kernel over a projection, one for each pre-synaptic neuron. */
  #sumOf(kernel: number, { index, source, target }: LocalProjection, field: number): number {
    const key = `${kernel} ${index} ${field}`;
    const known = this.#sums.get(key);
    if (known !== undefined) return known;
    const draft = this.#draft(field);
    this.drafts.push({
      ...draft,
      name: `${source.name}.${draft.name.split('.')[1]} by ${target.name}, ${this.#placed(kernel).label}`,
      bits: 32,
      signed: true,
      overflow: 'saturate',
      count: source.size,
      rows: 1,
      rowLength: source.size,
      record: undefined,
      at: undefined,
    });
    this.fields.push(undefined);
    this.#sums.set(key, this.drafts.length - 1);
    return this.drafts.length - 1;
  }

  #bound(kernel: number): BoundKernel {
    return this.#placed(kernel).bound;
  }

  #placed(kernel: number): PlacedKernel {
    const placed = this.#whole.parts.kernels[kernel];
    if (placed === undefined) throw new Error(`no kernel ${kernel}`);
    return placed;
  }

  #addPopulation(part: PopulationPart, name: string, size: number): LocalPopulation {
    const local = { ...part, index: this.#populations.length, name, size, fields: new Map<number, number>() };
    this.#populations.push(local);
    return local;
  }

  /** The neurons that rows are numbered by: all of a population, as a copy or since all of it lives here. */
  #sourceOf(population: number): LocalPopulation | undefined {
    const size = this.#whole.parts.populations[population]?.size;
    return this.#populations.find((local) => local.population === population && local.size === size);
  }

  #addProjection(projection: number, source: LocalPopulation, target: LocalPopulation): void {
    const whole = this.#whole.parts.projections[projection];
    const columns = this.#whole.parts.populations[target.population]?.size ?? 0;
    if (whole === undefined) throw new Error(`no projection ${projection}`);
    const { segments, weightRows, weightRowLength, firstWeight, holdsAll } = cutProjection(
      whole,
      columns,
      target,
    );
    const isWhole = target.size === columns;
    const name = isWhole ? whole.name : `${whole.name} to ${target.name}`;
    const index = this.#projections.length;
    const local = { index, projection, source, target, fields: new Map<number, number>() };
    this.#projections.push(local);
    this.#imageProjections.push({
      name,
      source: source.index,
      target: target.index,
      segments,
      weightRows,
      weightRowLength,
    });
    const owned = this.#fieldsOf(whole.name);
    for (const [at, field] of owned.entries()) local.fields.set(field, this.drafts.length + at);
    for (const field of owned) {
      const draft = this.#draft(field);
      this.#push(
        {
          ...draft,
          name: `${name}.${draft.name.split('.')[1]}`,
          count: weightRows * weightRowLength,
          rows: weightRows,
          rowLength: weightRowLength,
          view: draft.view && { ...draft.view, of: local.fields.get(draft.view.of) ?? -1 },
          storedView: draft.storedView === undefined ? undefined : local.fields.get(draft.storedView),
        },
        {
          field,
          rowLength: weightRowLength,
          wholeRowLength: whole.weightRowLength,
          firstColumn: firstWeight,
          isCopy: holdsAll && target.first > 0,
        },
      );
    }
  }

  #addField(local: LocalPopulation, field: number): void {
    const draft = this.#draft(field);
    local.fields.set(field, this.drafts.length);
    this.#push(
      {
        ...draft,
        name: `${local.name}.${draft.name.split('.')[1]}`,
        count: local.size,
        rowLength: local.size,
      },
      {
        field,
        rowLength: local.size,
        wholeRowLength: draft.count,
        firstColumn: local.first,
        isCopy: local.isCopy,
      },
    );
  }

  #push(draft: FieldDraft, part: FieldPart): void {
    this.drafts.push(draft);
    this.fields.push(part);
  }

  #draft(field: number): FieldDraft {
    const draft = this.#whole.drafts[field];
    if (draft === undefined) throw new Error(`no field ${field}`);
    return draft;
  }

  /** Indices of the fields of a population or projection. */
  #fieldsOf(owner: string): number[] {
    const { drafts } = this.#whole;
    return [...drafts.keys()].filter((field) => drafts[field]?.name.startsWith(`${owner}.`));
  }

  /** The fields that rows of projections need of their pre-synaptic neurons. */
  #neededOf(leaving: readonly number[]): Iterable<number> {
    const { kernels } = this.#whole.parts;
    const read = kernels
      .filter(({ bound }) => leaving.includes(bound.projection ?? -1))
      .flatMap(({ bound }) => accessesOf(bound).reads)
      .flatMap(({ role, field }) => (role === 'pre' ? [field] : []));
    const followed = withSources(
      read.filter((field) => this.#replayed.has(field)),
      kernels,
    );
    return [...new Set([...followed, ...read])].sort((a, b) => a - b);
  }
}

/** Whether two actions may share an event: it runs both, or none, for every neuron. */
function areAlike(a: Naming, b: Naming): boolean {
  return (a.isAll && b.isAll) || (a.first === b.first && a.size === b.size);
}
