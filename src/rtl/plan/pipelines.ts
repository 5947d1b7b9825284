import { at } from '../../arrays/index.ts';
import {
  type CoreImage,
  emittingPopulation,
  factsOf,
  type ImageOperand,
  loadedField,
  spikingPopulation,
} from '../../image/index.ts';
import type { PortAccess } from '../../schedule/index.ts';
import type { KernelPlan, Pipeline } from './core-plan.ts';

/** Groups kernels that can share a pipeline. */
export function pipelinesOf(
  kernels: readonly KernelPlan[],
  image: CoreImage,
  gates: readonly number[],
): Pipeline[] {
  const groups = new Map<string, KernelPlan[]>();
  for (const kernel of kernels) {
    const key = shapeOf(kernel, image, gates);
    const group = groups.get(key) ?? [];
    groups.set(key, [...group, kernel]);
  }
  return [...groups.values()].map((group) => ({ kernels: group }));
}

/** Bits of the number of a kernel in its pipeline; 0 where none shares one. */
export function memberBits({ pipelines }: { readonly pipelines: readonly Pipeline[] }): number {
  return Math.ceil(Math.log2(Math.max(...pipelines.map(({ kernels }) => kernels.length))));
}

/** The field of a kernel of a pipeline that takes the place of a field of the first one. */
export function fieldIn(kernel: KernelPlan, first: KernelPlan, field: number): number {
  return at(namedFields(kernel), namedFields(first).indexOf(field));
}

/** The access of a kernel of a pipeline that takes the place of one of the first kernel. */
export function accessIn(kernel: KernelPlan, first: KernelPlan, access: PortAccess): PortAccess {
  for (const list of ['loads', 'rowLoads', 'stores', 'rowStores'] as const) {
    const index = first.schedule[list].indexOf(access);
    if (index >= 0) return at(kernel.schedule[list], index);
  }
  throw new Error('an access of another kernel');
}

/** The fields that the operands of a kernel name, in the order of the text. */
function namedFields({ kernel }: KernelPlan): number[] {
  return kernel.code.flatMap(({ operands }) =>
    operands.flatMap((operand) => (operand.is === 'field' ? [operand.field] : [])),
  );
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
    ...{ walks, intervalCycles },
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
