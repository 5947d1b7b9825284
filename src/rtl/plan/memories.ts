import type { HwModel } from '../../hardware/index.ts';
import { type CoreImage, fieldUses, layoutOf, Memory, type PlainAction } from '../../image/index.ts';
import { at } from '../../text/index.ts';
import type {
  BankPlan,
  BankSlices,
  GateMemory,
  GatePlan,
  GateWrite,
  KernelPlan,
  OpenList,
  Pipeline,
  Step,
} from './core-plan.ts';
import { fieldIn } from './pipelines.ts';
import { identifier, leastSliceBits } from './widths.ts';

/** Where a memory has fewer tiles, registers take less. */
const leastTiles = 4;

/** @param fields those whose items are tested */
export function planGates(
  fields: readonly number[],
  image: CoreImage,
  pipelines: readonly Pipeline[],
  steps: readonly Step[],
): readonly GatePlan[] {
  const { lanes } = image.core;
  const memory = new Memory(image);
  return fields.map((index, number): GatePlan => {
    const field = at(image.fields, index);
    const layout = layoutOf(image, field);
    const { rows, wordsPerRow, itemsPerWord } = layout;
    const tiles = Math.ceil(field.count / lanes);
    const initial = [...memory.access(image, field).readAll()].map((item) => item !== 0);
    const clears = steps.flatMap(({ action, number: step }) =>
      action.does === 'clear' && action.fields.includes(index) ? [step] : [],
    );
    const own = {
      ...{ index, number, field, layout, tiles, initial, clears },
      size: Math.max(tiles * lanes, rows * wordsPerRow * itemsPerWord),
      writes: writesOf(index, pipelines),
    };
    return { ...own, memory: memoryOf(own, lanes) };
  });
}

/** The lists that scans fill, each as long as the largest gate that fills it. */
export function planOpenLists(kernels: readonly KernelPlan[], gates: readonly GatePlan[]): OpenList[] {
  return (['tiles', 'rows'] as const).flatMap((of) => {
    const gated = kernels.filter(({ kernel }) => gateIn(kernel, of) !== undefined);
    if (gated.length === 0) return [];
    const own = gates.filter(({ index }) => gated.some(({ kernel }) => gateIn(kernel, of) === index));
    const entries = Math.max(2, ...own.map(({ tiles }) => tiles));
    return [{ of, entries, isLookedUp: of === 'tiles' && gated.some(({ walksSegments }) => walksSegments) }];
  });
}

/** The field whose items open tiles, or rows, of a kernel. */
const gateIn = ({ columnGate, rowGate }: KernelPlan['kernel'], of: OpenList['of']): number | undefined =>
  of === 'tiles' ? columnGate : rowGate;

/** The memories of a gate, if it fits them: its tiles divide words, or words divide tiles. */
function memoryOf(
  { layout, field, writes, size, initial }: Omit<GatePlan, 'memory'>,
  lanes: number,
): GateMemory | undefined {
  const { itemsPerWord, rows, wordsPerRow } = layout;
  const parts = Math.max(1, itemsPerWord / lanes);
  const isAligned = Number.isInteger(Math.log2(parts)) && (parts > 1 || lanes % itemsPerWord === 0);
  const isPlain = rows === 1 && !field.perWord && !initial.includes(true);
  const isWrittenOnce = new Set(writes.map(({ kernel }) => kernel)).size === writes.length;
  if (!isAligned || !isPlain || !isWrittenOnce || size < leastTiles * lanes * parts) return undefined;
  return { parts, depth: Math.max(2, Math.ceil((wordsPerRow * itemsPerWord) / (lanes * parts))) };
}

/** The writes of kernels into the bits of a field. */
function writesOf(index: number, pipelines: readonly Pipeline[]): GateWrite[] {
  return pipelines.flatMap(({ name, first, kernels }) => {
    const uses = fieldUses(first.kernel);
    return kernels.flatMap((kernel) =>
      (['store', 'reduce'] as const).flatMap((does): GateWrite[] => {
        const found = uses.find((use) => use.does === does && fieldIn(kernel, first, use.field) === index);
        if (found === undefined) return [];
        const [of, port] = does === 'store' ? (['tile', 'gate'] as const) : (['row', 'sum_gate'] as const);
        return [{ kernel, of, ports: `${name}_${port}${found.field}` }];
      }),
    );
  });
}

/** As many bits of a bank are kept in registers; with more of them, all of the bank is written bit by bit. */
const mostFineBits = 4096;

export function planBanks(image: CoreImage, hw: HwModel, steps: readonly Step[]): BankPlan[] {
  const passed = steps.flatMap(({ ranges }) => ranges);
  return image.banks.map((bank, number) => {
    const { ports } = at(hw.banks, number);
    const own = passed.filter((range) => range.bank === number);
    return {
      ...bank,
      number,
      module: `bank_${identifier(bank.name)}`,
      readPorts: Array.from({ length: 'shared' in ports ? 1 : ports.read }, (_, port) => port),
      isShared: 'shared' in ports,
      slices: slicesOf(image, number),
      isPassedToRead: own.some(({ mask }) => mask === undefined),
      isPassedToWrite: own.some(({ mask }) => mask !== undefined),
      isMerged: own.some(({ isMerged }) => isMerged),
    };
  });
}

/** Cuts a bank so that what a write leaves unchanged is a whole word of some memory, or kept in registers. */
function slicesOf({ banks, layouts, fields }: CoreImage, bank: number): BankSlices {
  const { wordBits, bitMask } = at(banks, bank);
  if (!bitMask) return { bits: wordBits, fine: [] };
  const cut = layouts.flatMap((layout, index) => {
    if (layout.bank !== bank) return [];
    const bounds = fields.flatMap((field) => (field.layout === index ? [field.bits, field.bitOffset] : []));
    const bits = [wordBits, layout.itemBits, ...bounds].reduce(greatestDivisor);
    return [{ bits, first: layout.firstWord, words: layout.rows * layout.wordsPerRow }];
  });
  const fine = cut.filter(({ bits }) => bits < leastSliceBits);
  const coarse = cut.filter(({ bits }) => bits >= leastSliceBits);
  const fineWords = fine.reduce((sum, { words }) => sum + words, 0);
  if (coarse.length === 0 || fineWords * wordBits > mostFineBits)
    return { bits: cut.map(({ bits }) => bits).reduce(greatestDivisor, wordBits), fine: [] };
  return { bits: coarse.map(({ bits }) => bits).reduce(greatestDivisor), fine };
}

function greatestDivisor(a: number, b: number): number {
  return b === 0 ? a : greatestDivisor(b, a % b);
}

type Refuse = (what: string, hint: string) => never;

/** Refuses what a kernel writes into banks without a bit mask, where whole words do not do it. */
export function refuseParts(plan: KernelPlan, image: CoreImage, refuse: Refuse): void {
  const { loads, stores, phases } = plan.schedule;
  for (const store of stores) {
    const { name, bitMask } = at(image.banks, store.bank);
    if (bitMask) continue;
    const refuseBank = (what: string): never =>
      refuse(`${what} bank '${name}', which writes whole words`, `set hw.banks.${name}.bitMask=true`);
    const load = loads.find(({ role, layout }) => role === store.role && layout === store.layout);
    if (load?.slots.some((slot, word) => phases + at(store.slots, word) < slot) === true)
      refuseBank('stores before it has loaded the words of');
  }
}

/**
 * The field that shares the words of fields that are cleared, and that a bank without a bit mask has to write back:
 * the words are read first. Undefined where whole words are cleared, or single bits can be.
 */
export function writtenBack(
  { fields, layouts, banks }: Pick<CoreImage, 'fields' | 'layouts' | 'banks'>,
  index: number,
  cleared: readonly number[],
): CoreImage['fields'][number] | undefined {
  if (at(banks, at(layouts, index).bank).bitMask) return undefined;
  return fields.find(({ layout }, field) => layout === index && !cleared.includes(field));
}

/** Refuses clears that would read and write a word in one cycle through one port. */
export function refuseClears(
  actions: readonly PlainAction[],
  image: CoreImage,
  banks: HwModel['banks'],
  refuse: Refuse,
): void {
  for (const action of actions) {
    if (action.does !== 'clear') continue;
    for (const layout of new Set(action.fields.map((field) => layoutIndex(image, field)))) {
      const left = writtenBack(image, layout, action.fields);
      const { name, ports } = at(banks, at(image.layouts, layout).bank);
      if (left === undefined || !('shared' in ports)) continue;
      refuse(
        `clears words of bank '${name}' but for ${left.name}, a word a cycle: it would read and write through one port at once`,
        `set hw.banks.${name}.bitMask=true, or hw.banks.${name}.ports={read: 1, write: 1}`,
      );
    }
  }
}

function layoutIndex({ fields }: CoreImage, field: number): number {
  const { name, layout } = at(fields, field);
  if (layout === undefined) throw new Error(`${name} is not stored`);
  return layout;
}
