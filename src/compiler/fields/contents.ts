import {
  type ArrayProvenance,
  type CoreImage,
  type Field,
  indexItems,
  indexKeys,
  Memory,
  type Projection,
  storeRule,
  valuesFor,
} from '../../image/index.ts';
import type { FieldSpec, InitialSpec, Program } from '../../program/index.ts';
import { streams } from '../../random/index.ts';
import type { Path } from '../../text/index.ts';
import type { Target } from '../target.ts';
import { drawnValues, scaledValues } from './initial-values.ts';
import { arrayFor, type Unit, unitOf } from './units.ts';

/** The initial contents of a field. */
interface Initial {
  readonly initial: InitialSpec;
  /** Where the program states it. */
  readonly path: Path;
  /** Identifies the draws of this field: their stream, and the parts that they belong to. */
  readonly stream: readonly number[];
}

/**
 * The banks' initial bits, and the origin of the arrays in them. Weights and fields start as the program states;
 * everything else is zero.
 *
 * Each drawn value is a hash of the seed, a stream, and what the value belongs to, so it does not depend on precision
 * or core. For weights that is projection and synapse; for fields it is projection (or population), position of the
 * field in its declaration, and item.
 *
 * @param core which of a chip's cores, from 0, where an array has contents for each
 */
export function initialContents(
  image: CoreImage,
  target: Target,
  core = 0,
): { readonly contents: readonly Uint32Array[]; readonly arrays: readonly ArrayProvenance[] } {
  const empty = image.banks.map(
    ({ wordBits, usedWords }) => new Uint32Array(Math.ceil((wordBits * usedWords) / 32)),
  );
  const memory = new Memory(image, empty);
  const provenance: ArrayProvenance[] = [];
  for (const [name, { initial, path, stream }] of initialFields(target.program)) {
    const index = image.fields.findIndex((field) => field.name === name);
    const stored = image.fields[index]?.view?.of ?? index;
    const field = image.fields[stored];
    if (field === undefined) continue;
    const array = arrayFor(target, field);
    const given = unitOf(target, field, array);
    if (array === undefined) {
      // Memory is zero already.
      if (initial.uniform === 0) continue;
      const drawn = drawnValues(target, given.as, initial, path, image.seed, stream);
      fill(image, memory, field, given, drawn);
    } else {
      const { itemAt, scale } = scaledValues(target, given.as, initial, array);
      const first = array.cores === undefined ? 0 : core * field.count;
      fill(image, memory, field, given, (item) => itemAt(first + item));
      provenance.push({ field: field.name, ...array.origin, scale });
    }
  }
  for (const projection of image.projections) {
    fillIndex(image, memory, projection);
    for (const key of ['starts', 'targets']) {
      const array = target.program.arrays.get(`${projection.name}.connect.${key}`);
      if (array !== undefined)
        provenance.push({ field: `${projection.name}.connect.${key}`, ...array.origin, scale: 1 });
    }
  }
  for (const [name, { ofWeights }] of target.delays) {
    if (ofWeights === undefined) continue;
    const field = image.fields.find((candidate) => candidate.name === `${name}.delay`);
    if (field !== undefined) memory.access(image, field).writeAll(ofWeights);
    const array = target.program.arrays.get(`${name}.delay`);
    const { delay } = target.program.spec.projections[name] ?? {};
    const scale = typeof delay === 'object' && delay.scale !== undefined ? delay.scale : 1;
    if (array !== undefined)
      provenance.push({
        field: `${name}.delay`,
        ...array.origin,
        scale: target.parameters.constant(scale, target.program.locate(['projections', name, 'delay'])),
      });
  }
  return { contents: memory.banks.map((words) => words.slice()), arrays: provenance };
}

/** The initial values that a program states, by field name. */
function initialFields({ spec }: Program): Map<string, Initial> {
  const found = new Map<string, Initial>();
  const add = (
    owners: 'populations' | 'projections',
    owner: string,
    fields: Readonly<Record<string, FieldSpec>>,
    stream: readonly number[],
  ): void => {
    for (const [position, [name, { initial }]] of Object.entries(fields).entries()) {
      const path = [owners, owner, 'fields', name, 'initial'];
      if (initial !== undefined)
        found.set(`${owner}.${name}`, { initial, path, stream: [...stream, position] });
    }
  };
  for (const [index, [name, { fields }]] of Object.entries(spec.populations).entries())
    add('populations', name, fields, [streams.neuronField, index]);
  for (const [index, [name, { fields, initialWeights, cut }]] of Object.entries(spec.projections).entries()) {
    const path = ['projections', name, 'initialWeights'];
    const weights = { initial: initialWeights, path, stream: [streams.weight, index] };
    found.set(`${name}.weight`, weights);
    // Where kernels cut the inference weights, neither is a view of the other.
    if (cut !== undefined) found.set(`${name}.shadow`, weights);
    add('projections', name, fields, [streams.synapseField, index]);
  }
  return found;
}

/** Writes a field and its stored view, if it has one. */
function fill(
  image: CoreImage,
  memory: Memory,
  field: Field,
  { as, convert }: Unit,
  itemAt: (item: number) => number,
): void {
  const items = valuesFor(field, field.count);
  for (let item = 0; item < field.count; item++) items[item] = itemAt(item);
  storeRule(as)(items, items, 0, field.count);
  if (convert !== undefined) {
    for (let item = 0; item < field.count; item++) items[item] = convert(items[item] ?? 0);
    storeRule(field)(items, items, 0, field.count);
  }
  memory.write(image, field, items);
}

/** Writes where the synapses of a sparse projection lead. */
export function fillIndex(image: CoreImage, memory: Memory, projection: Projection): void {
  for (const key of indexKeys) {
    const field = image.fields[projection.index?.[key] ?? -1];
    if (field !== undefined)
      memory.access(image, field).writeAll(indexItems(key, projection, image.projections));
  }
}
