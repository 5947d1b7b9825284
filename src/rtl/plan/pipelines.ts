import {
  type CoreImage,
  emittingPopulation,
  factsOf,
  fieldUses,
  type ImageOperand,
  loadedField,
  rangesOfKernel,
  spikingPopulation,
} from '../../image/index.ts';
import { joinRanges } from '../../isa/index.ts';
import { type PortAccess, tileRuns } from '../../schedule/index.ts';
import { at, byKey } from '../../text/index.ts';
import type { CorePlan, KernelPlan, Pipeline, TileStarts } from './core-plan.ts';
import { identifier } from './widths.ts';

/**
 * Groups kernels that can share a pipeline.
 *
 * @param gates the fields whose items are tested
 */
export function planPipelines(
  kernels: readonly KernelPlan[],
  image: CoreImage,
  gates: readonly number[],
): Pick<CorePlan, 'pipelines' | 'memberBits'> {
  const groups = byKey(kernels, (kernel) => shapeOf(kernel, image, gates));
  const most = Math.max(...[...groups.values()].map(({ length }) => length));
  return {
    pipelines: [...groups.values()].map((members): Pipeline => {
      const first = at(members, 0);
      const layouts = new Map(
        (['loads', 'rowLoads', 'stores', 'rowStores'] as const).flatMap((list) =>
          first.schedule[list].map((access, index) => [
            access,
            members.map(({ schedule }) => at(schedule[list], index).layout),
          ]),
        ),
      );
      return {
        name: `k${first.index}_${identifier(first.kernel.name)}`,
        first,
        kernels: members,
        ranges: members.map(({ kernel }) => rangesOfKernel(kernel, image)).reduce(joinRanges),
        layouts,
        starts: new Map(
          [...first.schedule.loads, ...first.schedule.stores].flatMap((access) =>
            access.role === 'pre' || first.walks === 'neuron'
              ? []
              : [[access, startsOf(access, members, layouts.get(access) ?? [], image)]],
          ),
        ),
      };
    }),
    memberBits: Math.ceil(Math.log2(most)),
  };
}

/** Where the tiles of an access begin in its words, in any of the kernels. */
function startsOf(
  access: PortAccess,
  kernels: readonly KernelPlan[],
  layouts: readonly number[],
  image: CoreImage,
): TileStarts {
  const { itemsPerWord } = at(image.layouts, access.layout);
  let isFromLane0 = true;
  const [fromLane0, fromFirst] = [new Set<number>(), new Set<number>()];
  for (const [member, { kernel }] of kernels.entries()) {
    const { rowLength } = at(image.layouts, at(layouts, member));
    for (const run of tileRuns(kernel, access.role, image, image.core.lanes)) {
      const place = run.first % rowLength;
      fromFirst.add((place % itemsPerWord) - run.lane);
      const start = place - run.lane;
      const words = Math.floor(((start % itemsPerWord) + run.lane + run.count - 1) / itemsPerWord) + 1;
      if (start < 0 || words > access.words) isFromLane0 = false;
      else fromLane0.add(start % itemsPerWord);
    }
  }
  const offsets = [...(isFromLane0 ? fromLane0 : fromFirst)].sort((a, b) => a - b);
  return { isFromLane0, offsets };
}

/** The field of a kernel of a pipeline that takes the place of a field of the first one. */
export function fieldIn({ kernel }: KernelPlan, first: KernelPlan, field: number): number {
  const place = fieldUses(first.kernel).findIndex((use) => use.field === field);
  return at(fieldUses(kernel), place).field;
}

/** The key of kernels that share a pipeline; the name of a kernel that has one of its own. */
function shapeOf(plan: KernelPlan, image: CoreImage, gates: readonly number[]): string {
  const { kernel, walks, intervalCycles, schedule, table } = plan;
  const isAlone =
    table !== undefined ||
    walks === 'weights' ||
    kernel.code.some(({ operands }) => operands.some(({ is }) => is === 'index' || is === 'generator'));
  if (isAlone) return `alone: ${plan.index}`;
  const accesses = (list: readonly PortAccess[]) =>
    list.map(({ role, bank, words, slots }) => ({ role, bank, words, slots }));
  const layouts = numbered();
  const fields = numbered();
  const described = new Set<number>();
  const field = (index: number): unknown => {
    // A weight and its view name each other.
    if (described.has(index)) return fields(index);
    described.add(index);
    const own = at(image.fields, index);
    const { bits, signed, overflow, perWord, bitOffset, view, storedView, layout } = own;
    const { bank, itemBits, itemsPerWord } = at(image.layouts, loadedField(image.fields, index).layout ?? -1);
    return {
      number: fields(index),
      layout: layouts(loadedField(image.fields, index).layout ?? -1),
      ...{ bits, signed, overflow, perWord, bitOffset, bank, itemBits, itemsPerWord },
      isStored: layout !== undefined,
      view: view && { droppedBits: view.droppedBits, of: field(view.of) },
      storedView: storedView === undefined ? undefined : field(storedView),
      isGated: gates.includes(index),
    };
  };
  const operand = (own: ImageOperand): unknown => {
    if (own.is === 'field') return { role: own.role, field: field(own.field) };
    // Each kernel brings its own constants.
    if (own.is === 'number' || own.is === 'parameter') return 'constant';
    return own;
  };
  return JSON.stringify({
    ...{ walks, intervalCycles, overlapsRows: schedule.overlapsRows },
    lines: schedule.lines,
    code: kernel.code.map(({ mnemonic, operands }) => [mnemonic, operands.map(operand)]),
    accesses: [schedule.loads, schedule.rowLoads, schedule.stores, schedule.rowStores].map(accesses),
    layouts: [schedule.loads, schedule.rowLoads, schedule.stores, schedule.rowStores].map((list) =>
      list.map(({ layout }) => layouts(layout)),
    ),
    payload: spikingPopulation(image, kernel).payload,
    emits: factsOf(kernel).emits
      ? (at(image.populations, emittingPopulation(image, kernel)).payload ?? true)
      : false,
  });
}

/** Numbers what it is asked for, in the order of the first times. */
function numbered(): (index: number) => number {
  const known: number[] = [];
  return (index) => {
    if (!known.includes(index)) known.push(index);
    return known.indexOf(index);
  };
}
