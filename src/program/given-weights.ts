import type { NdArray } from '../data/index.ts';
import { option, type Path, PlasticoreError, type SourceBytes, suggest } from '../text/index.ts';
import { arrayFrom, arraysIn, checkShape, populationShapes, weightShapes } from './arrays.ts';
import type { LocatedSpec, Program, ProgramArray } from './program.ts';
import type { FieldSpec, ProgramSpec } from './schema.ts';

/**
 * A program that starts with the weights of a `.npz` file, which takes precedence over what the program states.
 *
 * An array is named like a projection, `hidden`, and then has what its `initialWeights` have; or `hidden.weight` or
 * `hidden.shadow`, as a run writes them; or like a field, `hidden.threshold`. An array of floats has beside it the
 * value of one unit, `hidden.scale` or `hidden.weight.scale`, unless the program states a scale; integers are taken as
 * they are. What the file does not name stays as the program has it.
 *
 * @throws PlasticoreError for a file that is no `.npz` file, an array that names nothing of the program, and a wrong
 * shape
 */
export function withWeights(program: Program, source: SourceBytes): Program {
  const place = { file: option('weights', source.file) };
  const { populations, projections } = program.spec;
  const found = arraysIn(source);
  const arrays = new Map(program.arrays);
  const changed = { populations: { ...populations }, projections: { ...projections } };
  const filled = new Map<string, string>();
  const located: LocatedSpec = { spec: program.spec, locate: () => place };
  for (const [name, array] of found) {
    if (isScale(name, found)) continue;
    const target = targetOf(program, name);
    if (target === undefined)
      throw new PlasticoreError('invalid-value', `'${name}' names neither a projection nor a field`, {
        ...place,
        hint: suggest(name, namesOf(program.spec)),
      });
    const { key, path, unit, shapes } = target;
    const other = filled.get(key);
    if (other !== undefined)
      throw new PlasticoreError('invalid-value', `'${other}' and '${name}' fill the same field`, {
        ...place,
        hint: 'leave one of them out',
      });
    filled.set(key, name);
    const taken = {
      ...arrayFrom(source, name, array, path),
      unit,
      scale: scaleOf(array, name, found, place),
    };
    checkShape(located, taken, shapes);
    arrays.set(key, taken);
    mention(changed, path, { file: source.file, array: name });
  }
  if (filled.size === 0)
    throw new PlasticoreError('invalid-value', 'there is no array in it', {
      ...place,
      hint: `name arrays like projections: ${Object.keys(projections).join(', ')}`,
    });
  // An array of the program's own would fill what a file of shadow weights fills, too.
  for (const name of Object.keys(projections))
    if (filled.has(`${name}.shadow`) && !filled.has(`${name}.weight`)) arrays.delete(`${name}.weight`);
  const paths = [...filled.keys()].map((key) => pathOf(key, program.spec).join('.'));
  return {
    ...program,
    spec: { ...program.spec, ...changed },
    arrays,
    locate: (path) =>
      paths.some((own) => path.join('.').startsWith(own)) && path.at(-1) !== 'scale'
        ? place
        : program.locate(path),
  };
}

/** Whether an array is the value of one unit of another. */
function isScale(name: string, arrays: ReadonlyMap<string, NdArray>): boolean {
  return name.endsWith('.scale') && arrays.has(name.slice(0, -'.scale'.length));
}

/** The factor of an array: 1 for integers; for floats, the value of one unit stated beside them, if any. */
function scaleOf(
  { data, dtype }: NdArray,
  name: string,
  arrays: ReadonlyMap<string, NdArray>,
  place: { readonly file: string },
): number | undefined {
  const unit = arrays.get(`${name}.scale`);
  const isFloat = dtype === undefined && (data instanceof Float32Array || data instanceof Float64Array);
  if (!isFloat) return 1;
  if (unit === undefined) return undefined;
  const [value = Number.NaN, ...others] = unit.data;
  if (others.length === 0 && value > 0 && Number.isFinite(value)) return 1 / value;
  throw new PlasticoreError(
    'invalid-value',
    `'${name}.scale': expected the value of one unit, a single number above 0`,
    place,
  );
}

/** The target of an array. */
interface FilledArray {
  /** Its key among the program's arrays. */
  readonly key: string;
  readonly path: Path;
  readonly unit: ProgramArray['unit'];
  readonly shapes: readonly (readonly number[])[];
}

function targetOf(program: Program, name: string): FilledArray | undefined {
  const { populations, projections } = program.spec;
  const [owner = '', field, ...rest] = name.split('.');
  const projection = Object.hasOwn(projections, owner) ? projections[owner] : undefined;
  const population = Object.hasOwn(populations, owner) ? populations[owner] : undefined;
  if (rest.length > 0) return undefined;
  const isWeight =
    projection !== undefined && (field === undefined || field === 'weight' || field === 'shadow');
  if (isWeight && projection.weights !== 'none') {
    const key = `${owner}.${field ?? 'weight'}`;
    const shapes = weightShapes(program, owner);
    return shapes.length === 0 ? undefined : { key, path: pathOf(key, program.spec), unit: field, shapes };
  }
  if (field === undefined || !Object.hasOwn((projection ?? population)?.fields ?? {}, field))
    return undefined;
  const shapes = population === undefined ? weightShapes(program, owner) : populationShapes(population);
  return { key: name, path: pathOf(name, program.spec), unit: undefined, shapes };
}

/** Where a program states the initial values of a field. */
function pathOf(key: string, { populations, projections }: ProgramSpec): Path {
  const [owner = '', field = ''] = key.split('.');
  const isProjection = Object.hasOwn(projections, owner);
  const fields = isProjection ? projections[owner]?.fields : populations[owner]?.fields;
  if (isProjection && !Object.hasOwn(fields ?? {}, field)) return ['projections', owner, 'initialWeights'];
  return [isProjection ? 'projections' : 'populations', owner, 'fields', field, 'initial'];
}

/** Makes the program say that the values are in a file. A scale that it states stays. */
function mention(
  { populations, projections }: Pick<ProgramSpec, 'populations' | 'projections'>,
  [owners, owner = '', key, field = '']: Path,
  source: { readonly file: string; readonly array: string },
): void {
  const changed = (fields: Record<string, FieldSpec>): Record<string, FieldSpec> => {
    const spec = fields[field];
    return spec === undefined
      ? fields
      : { ...fields, [field]: { ...spec, initial: { ...scaleIn(spec), ...source } } };
  };
  const [population, projection] = [populations[owner], projections[owner]];
  if (owners === 'populations' && population !== undefined)
    populations[owner] = { ...population, fields: changed(population.fields) };
  else if (projection !== undefined && key === 'fields')
    projections[owner] = { ...projection, fields: changed(projection.fields) };
  else if (projection !== undefined)
    projections[owner] = {
      ...projection,
      initialWeights: { ...scaleIn({ initial: projection.initialWeights }), ...source },
    };
}

function scaleIn({ initial }: Pick<FieldSpec, 'initial'>): Pick<NonNullable<FieldSpec['initial']>, 'scale'> {
  return initial?.scale === undefined ? {} : { scale: initial.scale };
}

/** The names that arrays may have. */
function namesOf({ populations, projections }: ProgramSpec): string[] {
  const owners = [...Object.entries(populations), ...Object.entries(projections)];
  return [
    ...Object.keys(projections),
    ...Object.keys(projections).flatMap((name) => [`${name}.weight`, `${name}.shadow`]),
    ...owners.flatMap(([owner, { fields }]) => Object.keys(fields).map((field) => `${owner}.${field}`)),
  ];
}
