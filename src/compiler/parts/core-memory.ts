import {
  type BoundKernel,
  type FieldPart,
  isSparse,
  kernelsIn,
  offsetsIn,
  type Placement,
  type PopulationPart,
  type Projection,
  type Slice,
} from '../../image/index.ts';
import type { Role } from '../../isa/index.ts';
import { at } from '../../text/index.ts';
import type { Analysis } from '../compile-core.ts';
import { type FieldDraft, indexedBy, indexFields } from '../fields/index.ts';
import { accessesOf, withSources } from './axons.ts';
import { cutProjection, hasOwnWeights } from './cut-segments.ts';
import { cutPart } from './cut-sparse.ts';

/** Neurons on a core, with the index of each of their fields in the core's image, by the field's index in the whole. */
export interface LocalPopulation extends PopulationPart {
  readonly index: number;
  readonly name: string;
  readonly size: number;
  readonly fields: Map<number, number>;
}

/** The part of a projection that leads to one slice. */
export interface LocalProjection {
  readonly index: number;
  readonly projection: number;
  readonly source: LocalPopulation;
  readonly target: LocalPopulation;
  readonly fields: Map<number, number>;
}

/** Where a kernel runs on a core. */
export type Instance = LocalPopulation | LocalProjection;

export const isProjection = (instance: Instance): instance is LocalProjection => 'projection' in instance;

/**
 * The part of a program that one core stores: the slices that live there, copies of the populations whose rows it
 * holds, the parts of projections that lead to its slices, and partial sums.
 */
export class CoreMemory {
  readonly populations: LocalPopulation[] = [];
  readonly projections: LocalProjection[] = [];
  readonly imageProjections: Projection[] = [];
  readonly drafts: FieldDraft[] = [];
  readonly fields: (FieldPart | undefined)[] = [];
  readonly #whole: Analysis;
  readonly #placement: Placement;
  readonly #number: number;
  readonly #replayed: ReadonlySet<number>;
  /** Rings of spikes that wait for delays on this core, in the order of the whole program's. */
  readonly rings: { readonly delayed: number; readonly source: LocalPopulation; readonly field: number }[] =
    [];
  /** Partial sums, by kernel, projection and field. */
  readonly #sums = new Map<string, number>();

  constructor(whole: Analysis, placement: Placement, number: number, replayed: ReadonlySet<number>) {
    this.#whole = whole;
    this.#placement = placement;
    this.#number = number;
    this.#replayed = replayed;
    const { populations, projections } = whole.parts;
    const slicesOf = (population: number): readonly Slice[] =>
      this.#slicesOf(population).filter((slice) => slice.core === number);
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
      const home = this.populations.find((local) => local.population === population && local.size === size);
      if (leaving.length === 0 || home !== undefined) continue;
      const copy = this.#addPopulation({ population, first: 0, isCopy: true }, `copy of ${name}`, size);
      for (const field of this.#neededOf(leaving)) this.#addField(copy, field);
    }
    for (const [projection, { source }] of projections.entries()) {
      const rows = this.#sourceOf(source);
      if (rows === undefined) continue;
      for (const target of this.populations.filter(
        (local) => !local.isCopy && local.population === projections[projection]?.target,
      ))
        this.#addProjection(projection, rows, target);
    }
    for (const delayed of whole.parts.events.delayed.keys()) this.#addRing(delayed);
  }

  /** Whether the core holds a field, as copies to which others send. */
  copyOf(field: number): number | undefined {
    return this.populations.find((local) => local.isCopy && local.fields.has(field))?.fields.get(field);
  }

  /** The parts of a field that live on the core. */
  homesOf(field: number): number[] {
    return this.populations.flatMap((local) => {
      const index = local.isCopy ? undefined : local.fields.get(field);
      return index === undefined ? [] : [index];
    });
  }

  /** Where a kernel runs: on slices, on copies that it keeps up to date, on projections onto slices. */
  instancesOf(bound: BoundKernel): Instance[] {
    if (bound.projection !== undefined)
      return this.projections.filter(({ projection }) => projection === bound.projection);
    const { writes } = accessesOf(bound);
    return this.populations.filter(
      ({ population, isCopy, fields }) =>
        population === bound.population &&
        (!isCopy || writes.some(({ field }) => this.#replayed.has(field) && fields.has(field))),
    );
  }

  /** The parts of a projection on the core. */
  projectionsOf(projection: number): readonly LocalProjection[] {
    return this.projections.filter((local) => local.projection === projection);
  }

  /** Whether all neurons of a population live here, in one slice. */
  isHomeOf(population: number): boolean {
    return this.#sourceOf(population)?.isCopy === false;
  }

  /** All parts of a field on the core, copies included. */
  allOf(field: number): number[] {
    const owners = new Set([...this.populations, ...this.projections].map(({ fields }) => fields));
    return [...owners].flatMap((fields) => fields.get(field) ?? []);
  }

  /** The field that a kernel over an instance finds through a role. */
  fieldOf(instance: Instance, role: Role, field: number): number {
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
  sumOf(kernel: number, { index, source, target }: LocalProjection, field: number): number {
    const key = `${kernel} ${index} ${field}`;
    const known = this.#sums.get(key);
    if (known !== undefined) return known;
    const draft = this.#draft(field);
    this.drafts.push({
      ...draft,
      // A name that microcode can write.
      name: `${source.name}.${draft.name.split('.')[1]}_by_${target.name.replace(/\W+/g, '_')}_${kernel}`,
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

  #addPopulation(part: PopulationPart, name: string, size: number): LocalPopulation {
    const local = { ...part, index: this.populations.length, name, size, fields: new Map<number, number>() };
    this.populations.push(local);
    return local;
  }

  /** The neurons that rows are numbered by: all of a population, as a copy or since all of it lives here. */
  #sourceOf(population: number): LocalPopulation | undefined {
    const size = this.#whole.parts.populations[population]?.size;
    return this.populations.find((local) => local.population === population && local.size === size);
  }

  /** All slices of a population. */
  #slicesOf(population: number): readonly Slice[] {
    return this.#placement[this.#whole.parts.populations[population]?.name ?? ''] ?? [];
  }

  #addProjection(projection: number, source: LocalPopulation, target: LocalPopulation): void {
    const { projections, populations } = this.#whole.parts;
    const whole = at(projections, projection);
    const columns = populations[target.population]?.size ?? 0;
    const owner = projections[whole.partOf ?? -1] ?? whole;
    const { segments, weightRows, weightRowLength, firstWeight, holdsAll, items } = isSparse(
      owner,
      projections,
    )
      ? cutPart(whole, owner, this.#slicesOf(target.population), target.first)
      : cutProjection(whole, hasOwnWeights(owner, projections, columns), target);
    const isWhole = target.size === columns;
    const name = isWhole ? whole.name : `${whole.name} to ${target.name}`;
    const index = this.projections.length;
    // A part has the weights and fields of its whole, which comes before it.
    const partOf = this.projections.find(
      (other) => other.projection === whole.partOf && other.target === target,
    );
    const local = { index, projection, source, target, fields: partOf?.fields ?? new Map<number, number>() };
    this.projections.push(local);
    const image = { name, source: source.index, target: target.index, segments, weightRows, weightRowLength };
    const owned = this.#fieldsOf(whole.name).filter((field) => this.#draft(field).fixed !== true);
    for (const [place, field] of owned.entries()) local.fields.set(field, this.drafts.length + place);
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
          ...(items !== undefined && { items }),
        },
      );
    }
    if (whole.index !== undefined) {
      const { place } = this.#draft(whole.index.target);
      const offsets = partOf && offsetsIn(at(this.imageProjections, partOf.index).segments, segments);
      for (const draft of indexFields(name, segments, target.size, offsets, place)) {
        this.drafts.push(draft);
        this.fields.push(undefined);
      }
    }
    this.imageProjections.push({
      ...image,
      ...indexedBy(this.drafts, name),
      ...(partOf && { partOf: partOf.index }),
    });
  }

  /**
   * Spikes wait on every core on which they act late. The ring of the whole is that of one of them: of the core that
   * holds the first neuron on which they act.
   */
  #addRing(delayed: number): void {
    const { populations, projections, events, kernels } = this.#whole.parts;
    const { population = -1, field = -1, lists = [] } = events.delayed[delayed] ?? {};
    const late = lists
      .flatMap(({ actions }) => kernelsIn(actions))
      .flatMap((kernel) => kernels[kernel]?.bound ?? []);
    const [first] = late;
    const target = projections[first?.projection ?? -1]?.target ?? first?.population ?? population;
    const isHome = this.#slicesOf(target).some((slice) => slice.first === 0 && slice.core === this.#number);
    if (!isHome && late.every((bound) => this.instancesOf(bound).length === 0)) return;
    // Without synapses here, the ring has an owner of its own.
    const source =
      this.#sourceOf(population) ??
      this.#addPopulation(
        { population, first: 0, isCopy: true },
        `copy of ${populations[population]?.name}`,
        populations[population]?.size ?? 0,
      );
    const draft = this.#draft(field);
    this.rings.push({ delayed, source, field: this.drafts.length });
    this.#push(
      { ...draft, name: `${source.name}.${draft.name.split('.')[1]}` },
      {
        field,
        rowLength: draft.rowLength,
        wholeRowLength: draft.rowLength,
        firstColumn: 0,
        isCopy: !isHome,
      },
    );
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
    return at(this.#whole.drafts, field);
  }

  /** Indices of the fields of a population or projection. */
  #fieldsOf(owner: string): number[] {
    const { drafts } = this.#whole;
    return [...drafts.keys()].filter(
      (field) => drafts[field]?.name.startsWith(`${owner}.`) && drafts[field]?.use !== 'ring',
    );
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
