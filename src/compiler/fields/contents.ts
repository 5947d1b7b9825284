import { type Field, fitToField, type Image, Memory } from '../../image/index.ts';
import { weightView } from '../../isa/index.ts';
import type { DrawnSpec, FieldSpec, Program } from '../../program/index.ts';
import { drawsBetween, largestDraw, streams } from '../../random/index.ts';
import { type Formula, type Path, PlasticoreError } from '../../text/index.ts';
import type { ResolvedParameters } from '../parameters.ts';
import type { Target } from '../target.ts';

/** What a field holds at first. */
interface Initial {
  readonly drawn: DrawnSpec;
  /** Where the program says so. */
  readonly path: Path;
  /** What names the draws of this field: their stream, and whose they are. */
  readonly parts: readonly number[];
}

/**
 * The banks' initial bits: weights and fields uniform in the range that the program states, everything else zero.
 *
 * Each value is drawn by hashing the seed with a stream and with what it belongs to, so that it does not depend on
 * precision or core: projection and synapse for weights; projection (or population), position of the field in its
 * declaration, and item for fields.
 */
export function initialContents(image: Image, { program, parameters }: Target): Uint32Array[] {
  const empty = image.banks.map(
    ({ wordBits, usedWords }) => new Uint32Array(Math.ceil((wordBits * usedWords) / 32)),
  );
  const memory = new Memory(image, empty);
  for (const [name, { drawn, path, parts }] of initialFields(program)) {
    const index = image.fields.findIndex((field) => field.name === name);
    const stored = image.fields[index]?.view?.of ?? index;
    const field = image.fields[stored];
    if (field === undefined) continue;
    const [low, high] = rangeOf(drawn, path, program, parameters);
    checkRange(field, low, high, path, program);
    fill(image, memory, field, drawsBetween(low, high, image.seed, ...parts));
  }
  return memory.banks.map((words) => words.slice());
}

/** The initial values that a program states, by the field's name. */
function initialFields({ spec }: Program): Map<string, Initial> {
  const found = new Map<string, Initial>();
  const add = (
    owners: 'populations' | 'projections',
    owner: string,
    fields: Readonly<Record<string, FieldSpec>>,
    parts: readonly number[],
  ): void => {
    for (const [position, [name, { initial }]] of Object.entries(fields).entries()) {
      const path = [owners, owner, 'fields', name, 'initial', 'uniform'];
      if (initial !== undefined)
        found.set(`${owner}.${name}`, { drawn: initial, path, parts: [...parts, position] });
    }
  };
  for (const [index, [name, { fields }]] of Object.entries(spec.populations).entries())
    add('populations', name, fields, [streams.neuronField, index]);
  for (const [index, [name, { fields, initialWeights }]] of Object.entries(spec.projections).entries()) {
    const path = ['projections', name, 'initialWeights', 'uniform'];
    found.set(`${name}.weight`, { drawn: initialWeights, path, parts: [streams.weight, index] });
    add('projections', name, fields, [streams.synapseField, index]);
  }
  return found;
}

function rangeOf(
  { uniform }: DrawnSpec,
  path: Path,
  program: Program,
  parameters: ResolvedParameters,
): [low: number, high: number] {
  const whole = (formula: Formula, least: number, key: Path): number => {
    const what = [...path.slice(-2), ...key].join('.');
    const place = program.locate([...path, ...key]);
    const value = parameters.whole(formula, least, what, place);
    if (value <= largestDraw) return value;
    throw new PlasticoreError(
      'invalid-value',
      `${what}: expected at most ${largestDraw}, found ${value}`,
      place,
    );
  };
  if (!Array.isArray(uniform)) {
    const amplitude = whole(uniform, 0, []);
    return [-amplitude, amplitude];
  }
  const low = whole(uniform[0], -largestDraw, [0]);
  return [low, whole(uniform[1], low, [1])];
}

function checkRange(field: Field, low: number, high: number, path: Path, program: Program): void {
  const fits = (value: number): boolean => fitToField(field)(value) === value;
  if (field.storage !== 'integer' || (fits(low) && fits(high))) return;
  const what = path.at(-2) === 'initialWeights' ? 'initial weights' : 'initial values';
  const range = low === -high ? `±${high}` : `${low}..${high}`;
  const width = field.signed ? `${field.bits}` : `${field.bits} unsigned`;
  throw new PlasticoreError(
    'invalid-value',
    `${what} of ${range} do not fit the ${width} bits of ${field.name}`,
    program.locate(path),
  );
}

/** Writes a field and, where it has one, its stored view. */
function fill(image: Image, memory: Memory, field: Field, draw: (item: number) => number): void {
  const toField = fitToField(field);
  const access = memory.access(image, field);
  const view = field.storedView === undefined ? undefined : image.fields[field.storedView];
  const toView = view?.view && weightView(view.view.droppedBits, view.bits);
  const viewAccess = view && memory.access(image, view);
  for (let item = 0; item < field.count; item++) {
    const value = toField(draw(item));
    access.write(item, value);
    if (toView !== undefined) viewAccess?.write(item, toView(value));
  }
}
