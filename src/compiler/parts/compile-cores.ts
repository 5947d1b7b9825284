import type { HwModel } from '../../hardware/index.ts';
import {
  bankWords,
  type Image,
  itemsOfPart,
  Memory,
  type PlacedCore,
  viewOf,
  withRanges,
} from '../../image/index.ts';
import type { Program } from '../../program/index.ts';
import { at } from '../../text/index.ts';
import { assembleImage } from '../assemble.ts';
import { checkMicrocode } from '../checks/index.ts';
import { analyse, type CompileOptions, complete } from '../compile-core.ts';
import { lostPacketsOf } from '../faults.ts';
import { allocate, fillIndex } from '../fields/index.ts';
import { cut } from './cut.ts';
import { coresOf, findPlacement, refuseShortages } from './find-placement.ts';
import {
  checkDelivery,
  crowdedCores,
  mostDescribed,
  refuseUnspreadable,
  type Shortage,
  smallCores,
} from './limits.ts';
import { withNetwork } from './network-costs.ts';
import { checkPlacement, coresHolding, type GivenPlacement } from './placement.ts';

/**
 * Program + chip -> images of all cores that it needs, and the lists that they execute together.
 *
 * Spikes, states and weights are those of the program on one core, bit for bit, as long as it draws no random numbers
 * while it runs, and sums no floats over several cores: a float32 sum depends on its order.
 *
 * @param given where the neurons are; default: as the program's `placement` says, and where it does not, on as few
 * cores as hold it, laid out so that spikes make few hops
 * @throws PlasticoreError as `compileCore` does; `fit` with all limits that cores miss; `invalid-value` for a placement
 * that is wrong, and for what cannot be spread over cores
 */
export function compileCores(
  program: Program,
  hw: HwModel,
  options: CompileOptions,
  given?: GivenPlacement,
): Image {
  const analysis = analyse(program, hw, options);
  const placement = given?.slices ?? findPlacement(analysis);
  const locate = given?.locate ?? ((path) => program.locate(['placement', 'slices', ...path]));
  const cores = hw.chip === undefined ? Math.max(...coresHolding(placement)) + 1 : coresOf(hw);
  checkPlacement(placement, analysis.parts.populations, cores, locate);
  refuseUnspreadable(analysis, placement);
  checkDelivery(analysis, placement);
  const refuse = (shortages: readonly Shortage[]): never =>
    refuseShortages(analysis, shortages, locate([]), (precision) =>
      analyse(program, hw, { ...options, precision }),
    );
  const crowded = crowdedCores(analysis, placement);
  if (crowded.length > mostDescribed) refuse(crowded);
  const { builders, lists } = cut(analysis, placement);
  const shortages = [...crowded, ...smallCores(analysis, builders)];
  if (shortages.length > 0) refuse(shortages);
  const memory = allocate(analysis.drafts, hw);
  const whole = complete({ ...analysis.parts, memory }, analysis.target, analysis.schedule, options.seed);
  const memoryOfAll = new Memory(whole);
  const items = whole.fields.map((field) =>
    field.layout === undefined ? [] : memoryOfAll.access(whole, field).readAll(),
  );
  const parts = builders.map((builder): PlacedCore => {
    const { number, work } = builder;
    const { drafts, fields, populations } = builder.memory;
    const image = assembleImage(
      { ...builder.parts, memory: allocate(drafts, hw) },
      analysis.target,
      analysis.schedule,
      options.seed,
    );
    const filled = {
      ...image,
      // Of a part of the neurons, indices have narrower ranges, and sums as well.
      kernels: image.kernels.map((kernel) => withRanges(kernel, image)),
      contents: contentsOf({ image, fields }, items),
    };
    checkMicrocode(filled, hw);
    return {
      number,
      image: filled,
      populations: populations.map(({ population, first, isCopy }) => ({ population, first, isCopy })),
      fields,
      work,
    };
  });
  const lostPackets = lostPacketsOf(hw);
  return {
    ...withNetwork(viewOf(whole), hw),
    cores: parts,
    lists,
    placement,
    ...(hw.chip !== undefined && { chip: hw.chip }),
    ...(hw.chip !== undefined && lostPackets !== undefined && { lostPackets }),
  };
}

/**
 * The initial bits of a core's banks: its part of each field.
 *
 * @param items of each field of the whole program
 */
function contentsOf(
  { image, fields }: Pick<PlacedCore, 'image' | 'fields'>,
  items: readonly ArrayLike<number>[],
): Uint32Array[] {
  const memory = new Memory(image, image.banks.map(bankWords));
  for (const [index, part] of fields.entries()) {
    const field = image.fields[index];
    if (part === undefined || field?.layout === undefined) continue;
    memory.access(image, field).writeAll(itemsOfPart(part, field, at(items, part.field)));
  }
  for (const projection of image.projections) fillIndex(image, memory, projection);
  return memory.banks.map((words) => words.slice());
}
