import type { HwModel } from '../../hardware/index.ts';
import {
  type BoundKernel,
  emittingPopulation,
  factsOf,
  type Image,
  Memory,
  type Projection,
} from '../../image/index.ts';
import { operationNamed } from '../../isa/index.ts';
import type { Program } from '../../program/index.ts';
import { PlasticoreError } from '../../text/index.ts';
import { assemble } from '../assemble.ts';
import { type Analysis, analyse, type CompileOptions, complete } from '../compile.ts';
import { allocate } from '../fields/index.ts';
import { accessesOf, replayedFields } from './copies.ts';
import { CoreBuilder } from './core-builder.ts';
import { hasOwnWeights } from './cut-segments.ts';
import { checkPlacement, type Placement } from './placement.ts';
import type { CorePart, FieldPart, SystemImage } from './system-image.ts';
import { SystemListWriter } from './system-lists.ts';

/**
 * Program + cores of one kind + placement -> images of all cores, and the lists that they execute together.
 *
 * Spikes, states and weights are those of the program on one core, bit for bit, as long as nothing draws random numbers
 * while it runs.
 *
 * @param cores how many cores there are
 * @throws PlasticoreError as `compile` does; `fit` for every core whose banks are too small; `invalid-value` for a placement
 * that is wrong, and for what cannot be spread over cores
 */
export function compileSystem(
  program: Program,
  hw: HwModel,
  options: CompileOptions,
  cores: number,
  place: (whole: Pick<Image, 'populations' | 'input'>) => Placement,
): SystemImage {
  const analysis = analyse(program, hw, options);
  const placement = place(analysis.parts);
  checkPlacement(placement, analysis.parts.populations, cores);
  checkSpread(analysis, placement);
  const memory = allocate(analysis.drafts, hw);
  const whole = complete({ ...analysis.parts, memory }, analysis.target, analysis.schedule, options.seed);
  const replayed = replayedFields(analysis);
  const used = new Set(Object.values(placement).flatMap((slices) => slices.map(({ core }) => core)));
  const numbers = [...used].sort((a, b) => a - b);
  const builders = numbers.map((core) => new CoreBuilder(analysis, placement, core, replayed));
  const lists = new SystemListWriter(analysis, builders, replayed).write();
  const parts = builders.map((builder, index): CorePart => {
    const image = assemble(
      { ...builder.parts, memory: allocate(builder.drafts, hw) },
      analysis.target,
      analysis.schedule,
      options.seed,
    );
    const { populations, fields, work } = builder;
    return { number: numbers[index] ?? 0, image, populations, fields, work };
  });
  checkCores(parts, analysis);
  const contents = new Memory(whole);
  return {
    whole,
    placement,
    cores: parts.map((part) => ({
      ...part,
      image: { ...part.image, contents: contentsOf(part, whole, contents) },
    })),
    lists,
  };
}

/** Refuses what only one core can do. */
function checkSpread({ target, parts }: Analysis, placement: Placement): void {
  const { program, hw } = target;
  const { populations, projections, kernels } = parts;
  const refuse = (message: string, hint: string): never => {
    throw new PlasticoreError('invalid-value', message, { ...program.locate(['events']), hint });
  };
  if (hw.controller !== undefined)
    refuse(`hw-model '${hw.name}' has a controller for one core`, 'compile it for one core');
  const isCut = (population: number): boolean =>
    (placement[populations[population]?.name ?? '']?.length ?? 0) > 1;
  for (const { bound, label } of kernels) {
    const projection = projections[bound.projection ?? -1];
    const population = emittingPopulation(parts, bound);
    if (!isCut(population)) continue;
    const { name, size } = populations[population] ?? { name: '', size: 0 };
    const isAligned = placement[name]?.every(({ first }) => first % hw.lanes === 0);
    if (asksTile(bound) && isAligned !== true)
      refuse(
        `${label} decides for whole tiles of ${hw.lanes} neurons, and '${name}' is cut within one`,
        `start its slices at multiples of ${hw.lanes}`,
      );
    if (projection === undefined) continue;
    const { writes } = accessesOf(bound);
    const learns = writes.some(({ role }) => role === 'syn');
    if (learns && projection.weightRows > 0 && !hasOwnWeights(projection, size))
      refuse(
        `${label} changes weights that synapses on several cores share`,
        `place all of '${name}' on one core`,
      );
    const isOrdered = bound.domain !== 'synapses' && isAscending(projection);
    if (factsOf(bound).emits && !isOrdered)
      refuse(
        `${label} emits in an order that several cores cannot keep`,
        `place all of '${name}' on one core`,
      );
  }
}

/** Whether what a kernel does for an item depends on others of its tile. */
function asksTile({ code }: BoundKernel): boolean {
  return code.some(({ mnemonic }) => {
    const { effect } = operationNamed(mnemonic);
    return effect.does === 'any' || ('predicated' in effect && effect.predicated);
  });
}

/** Whether the synapses of each row lead to ascending neurons. */
function isAscending({ segments }: Projection): boolean {
  const { rowStart, firstPost, length } = segments;
  for (let row = 0; row + 1 < rowStart.length; row++) {
    let next = 0;
    for (let segment = rowStart[row] ?? 0; segment < (rowStart[row + 1] ?? 0); segment++) {
      const first = firstPost[segment] ?? 0;
      if (first < next) return false;
      next = first + (length[segment] ?? 0);
    }
  }
  return true;
}

/** Refuses cores whose banks are too small, all of them at once. */
function checkCores(parts: readonly CorePart[], { target }: Analysis): void {
  const short = parts.flatMap(({ image, number }) =>
    image.banks
      .filter(({ usedWords, wordBits, capacityBits }) => usedWords * wordBits > capacityBits)
      .map(
        ({ name, usedWords, wordBits, capacityBits }) =>
          `core ${number}: ${usedWords * wordBits} bits of the ${name} bank needed, ${capacityBits} available`,
      ),
  );
  if (short.length === 0) return;
  const { program, hw, precision } = target;
  throw new PlasticoreError(
    'fit',
    `program '${program.spec.name}' at ${precision.name} does not fit ${parts.length} cores of hw-model '${hw.name}': ${short.join('; ')}`,
    { hint: 'use more cores, or place fewer neurons on these' },
  );
}

/** The initial bits of a core's banks: its part of each field. */
function contentsOf({ image, fields }: CorePart, whole: Image, contents: Memory): Uint32Array[] {
  const memory = new Memory(
    image,
    image.banks.map(({ wordBits, usedWords }) => new Uint32Array(Math.ceil((wordBits * usedWords) / 32))),
  );
  for (const [index, part] of fields.entries()) {
    const field = image.fields[index];
    const from = whole.fields[part?.field ?? -1];
    if (part === undefined || field?.layout === undefined || from === undefined) continue;
    const source = contents.access(whole, from);
    const target = memory.access(image, field);
    for (let item = 0; item < field.count; item++) target.write(item, source.read(wholeItem(part, item)));
  }
  return memory.banks.map((words) => words.slice());
}

/** The number of an item in the whole field. */
export function wholeItem({ rowLength, wholeRowLength, firstColumn }: FieldPart, item: number): number {
  const row = Math.floor(item / rowLength);
  return row * wholeRowLength + firstColumn + item - row * rowLength;
}
