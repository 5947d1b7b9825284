import type { HwModel, NetworkCost, Source } from '../../hardware/index.ts';
import {
  type BoundKernel,
  emittingPopulation,
  factsOf,
  type Image,
  Memory,
  type Projection,
  plainActions,
} from '../../image/index.ts';
import { operationNamed } from '../../isa/index.ts';
import { type Program, refuse } from '../../program/index.ts';
import { PlasticoreError } from '../../text/index.ts';
import { assemble } from '../assemble.ts';
import { type Analysis, analyse, type CompileOptions, complete } from '../compile.ts';
import { allocate } from '../fields/index.ts';
import { accessesOf, replayedFields } from './copies.ts';
import { CoreBuilder } from './core-builder.ts';
import { hasOwnWeights } from './cut-segments.ts';
import { checkPlacement, type Placement, spread, statedSlices } from './placement.ts';
import type { CorePart, FieldPart, SystemImage } from './system-image.ts';
import { SystemListWriter } from './system-lists.ts';

/**
 * Program + chip -> images of all cores that it needs, and the lists that they execute together.
 *
 * Spikes, states and weights are those of the program on one core, bit for bit, as long as nothing draws random numbers
 * while it runs.
 *
 * @param given where the neurons are; default: as the program's `placement` says, on as few cores as hold it if it does
 * not say how many
 * @throws PlasticoreError as `compile` does; `fit` for every core whose banks are too small; `invalid-value` for a placement
 * that is wrong, and for what cannot be spread over cores
 */
export function compileSystem(
  program: Program,
  hw: HwModel,
  options: CompileOptions,
  given?: Placement,
): SystemImage {
  const analysis = analyse(program, hw, options);
  if (given !== undefined) return place(analysis, given, options.seed);
  const { placement } = program.spec;
  const cores = coresOf(hw);
  if (placement.cores !== undefined) {
    if (placement.cores <= cores) return place(analysis, spreadOver(analysis, placement.cores), options.seed);
    refuse(
      program,
      ['placement', 'cores'],
      `hw-model '${hw.name}' has ${cores} cores, found ${placement.cores}`,
      'enlarge chip.mesh',
    );
  }
  for (let count = 1; ; count = Math.min(2 * count, cores)) {
    try {
      return place(analysis, spreadOver(analysis, count), options.seed);
    } catch (error) {
      const isFull =
        error instanceof PlasticoreError && error.code === 'fit' && error.message.includes(tooSmall);
      if (!isFull || count === cores) throw error;
    }
  }
}

/** The cores of a chip. */
function coresOf({ chip }: HwModel): number {
  if (chip === undefined) return 1;
  const { columns, rows, coresPerTile } = chip.mesh;
  return columns * rows * coresPerTile;
}

/** Populations spread over a number of cores, but for those whose slices the program states. */
function spreadOver({ parts, target: { program, hw } }: Analysis, cores: number): Placement {
  const stated = Object.entries(program.spec.placement.slices).map(
    ([name, slices]) => [name, statedSlices(slices)] as const,
  );
  return { ...spread(parts.populations, parts.input, cores, hw.lanes), ...Object.fromEntries(stated) };
}

function place(analysis: Analysis, placement: Placement, seed: number): SystemImage {
  const { program, hw } = analysis.target;
  const most = Math.max(...Object.values(placement).flatMap((slices) => slices.map(({ core }) => core)));
  const cores = hw.chip === undefined ? most + 1 : coresOf(hw);
  checkPlacement(placement, analysis.parts.populations, cores, program.locate(['placement']));
  checkSpread(analysis, placement);
  checkDelivery(analysis, placement);
  const memory = allocate(analysis.drafts, hw);
  const whole = complete({ ...analysis.parts, memory }, analysis.target, analysis.schedule, seed);
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
      seed,
    );
    const { populations, fields, work } = builder;
    return { number: numbers[index] ?? 0, image, populations, fields, work };
  });
  checkCores(parts, analysis);
  const contents = new Memory(whole);
  return {
    whole: withNetwork(whole, hw),
    placement,
    chip: hw.chip,
    cores: parts.map((part) => ({
      ...part,
      image: { ...part.image, contents: contentsOf(part, whole, contents) },
    })),
    lists,
  };
}

/** The image with what its chip's network costs. */
function withNetwork(image: Image, { chip }: HwModel): Image {
  if (chip === undefined) return image;
  const { columns, rows, coresPerTile } = chip.mesh;
  const { send, receive, tile, hop, barrier } = chip.costs;
  const cost = (energyPj: number, { kind }: Source) => ({ energyPj, sourceKind: kind });
  const network: NetworkCost = {
    costSet: chip.costSet,
    cores: columns * rows * coresPerTile,
    events: {
      send: cost(send.energyPj, send.source),
      receive: cost(receive.energyPj, receive.source),
      tile: cost(tile.energyPj, tile.source),
      hopX: cost(hop.energyPj.x, hop.source),
      hopY: cost(hop.energyPj.y, hop.source),
      barrier: cost(barrier.energyPj, barrier.source),
    },
  };
  return { ...image, costs: { ...image.costs, network } };
}

/** Refuses what only one core can do. */
function checkSpread({ target, parts }: Analysis, placement: Placement): void {
  const { program, hw } = target;
  const { populations, projections, kernels } = parts;
  if (hw.controller !== undefined)
    refuse(
      program,
      ['events'],
      `hw-model '${hw.name}' has a controller for one core`,
      'compile it for one core',
    );
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
        program,
        ['events'],
        `${label} decides for whole tiles of ${hw.lanes} neurons, and '${name}' is cut within one`,
        `start its slices at multiples of ${hw.lanes}`,
      );
    if (projection === undefined) continue;
    const { writes } = accessesOf(bound);
    const learns = writes.some(({ role }) => role === 'syn');
    if (learns && projection.weightRows > 0 && !hasOwnWeights(projection, size))
      refuse(
        program,
        ['events'],
        `${label} changes weights that synapses on several cores share`,
        `place all of '${name}' on one core`,
      );
    const isOrdered = bound.domain !== 'synapses' && isAscending(projection);
    if (factsOf(bound).emits && !isOrdered)
      refuse(
        program,
        ['events'],
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

/** A chip without phases delivers no spike in the step in which another core emits it. */
function checkDelivery({ target, parts }: Analysis, placement: Placement): void {
  const { program, hw } = target;
  const { populations, events, input } = parts;
  const used = new Set(Object.values(placement).flatMap((slices) => slices.map(({ core }) => core)));
  if (hw.chip?.delivery !== 'next' || used.size === 1) return;
  const late = plainActions(events.tick).find(
    (action) =>
      action.does === 'deliver' &&
      action.spikes === 'emitted' &&
      action.population !== input &&
      (events.spike[action.population] ?? []).length > 0,
  );
  if (late?.does !== 'deliver') return;
  const name = populations[late.population]?.name;
  throw new PlasticoreError(
    'fit',
    `spikes of '${name}' act in the step that emits them, but a spike that leaves its core on hw-model '${hw.name}' arrives in the next one`,
    {
      ...program.locate(['events', 'tick']),
      hint: `write {deliver: ${name}, spikes: previous}, or set chip.delivery to phases`,
    },
  );
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

const tooSmall = 'does not fit the cores used,';

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
    `program '${program.spec.name}' at ${precision.name} ${tooSmall} ${parts.length} of hw-model '${hw.name}': ${short.join('; ')}`,
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
