import { fitToField, type Image, Memory } from '../image/index.ts';
import { weightView } from '../microcode/index.ts';
import type { Program } from '../network/index.ts';
import { drawUniform } from '../random/index.ts';
import { PlasticoreError } from '../source/index.ts';
import type { ResolvedParameters } from './parameters.ts';

/**
 * The banks' initial bits: weights uniform in ± their projection's amplitude, drawn by hashing seed, projection and
 * synapse, so that they do not depend on precision or core; everything else zero.
 */
export function initialContents(
  image: Image,
  program: Program,
  parameters: ResolvedParameters,
): Uint32Array[] {
  const empty = image.banks.map(
    ({ wordBits, usedWords }) => new Uint32Array(Math.ceil((wordBits * usedWords) / 32)),
  );
  const memory = new Memory(image, empty);
  for (const [projection, { name }] of image.projections.entries()) {
    const path = ['projections', name, 'initialWeights', 'uniform'];
    const formula = program.spec.projections[name]?.initialWeights.uniform ?? 0;
    const amplitude = parameters.whole(formula, 0, 'initialWeights.uniform', program.locate(path));
    const weight = image.fields.findIndex((field) => field.name === `${name}.weight`);
    if (weight < 0) continue;
    const shadow = image.fields[weight]?.view?.of ?? weight;
    fill(image, memory, shadow, (synapse) => drawUniform(amplitude, image.seed, projection, synapse));
    if (amplitude > 0 && image.fields[shadow]?.storage === 'integer')
      checkAmplitude(image, shadow, amplitude, program, path);
  }
  return memory.banks.map((words) => words.slice());
}

/** Writes a field and, where it has one, its stored view. */
function fill(image: Image, memory: Memory, index: number, draw: (item: number) => number): void {
  const field = image.fields[index];
  if (field === undefined) return;
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

function checkAmplitude(
  image: Image,
  index: number,
  amplitude: number,
  program: Program,
  path: string[],
): void {
  const field = image.fields[index];
  if (field === undefined || fitToField(field)(amplitude) === amplitude) return;
  throw new PlasticoreError(
    'invalid-value',
    `initial weights of ±${amplitude} do not fit the ${field.bits} bits of ${field.name}`,
    program.locate(path),
  );
}
