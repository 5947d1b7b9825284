import {
  type BlockMemory,
  blocksOf,
  type FpgaPart,
  type HwModel,
  isForOnePort,
  type NeededMemory,
  wiredWith,
} from '../../hardware/index.ts';
import { type CoreImage, type Image, rangesOfKernel } from '../../image/index.ts';
import { operationNamed } from '../../isa/index.ts';
import { at, attempt, PlasticoreError } from '../../text/index.ts';
import { fifoMemories } from '../emit/fifo-text.ts';
import { gateMemories } from '../emit/gates-text.ts';
import { listMemories } from '../emit/memory-modules.ts';
import type { CorePlan, KernelPlan, RecordFormat } from '../plan/core-plan.ts';
import { planCore, planMemories } from '../plan/plan.ts';

/** An amount of a resource that a core takes of a part. */
export interface FpgaNeed {
  readonly what: string;
  readonly needed: number;
  readonly available: number;
}

/**
 * The resources of a part that the Verilog of a core takes: as synthesised where the hw-model says it of this
 * program, else counted from the shapes of banks and from the products of its pipelines. Lookup tables are known from
 * synthesis alone.
 *
 * @throws PlasticoreError `fit` for what is not written as hardware
 */
export function fpgaNeeds({ cores }: Pick<Image, 'cores'>, hw: HwModel, part: FpgaPart): FpgaNeed[] {
  const { image } = at(cores, 0);
  const core = part.core !== undefined && isOf(part.core, image) ? part.core : undefined;
  const { blocks, multipliers } =
    core === undefined ? counted(planCore(image, hw), part) : synthesised(core, part);
  return [
    ...(core === undefined ? [] : [{ what: 'lookup tables', needed: core.luts, available: part.luts }]),
    ...part.memories.map((memory) => ({
      what: `${memory.name} RAMs of ${memory.bits / 1024} Kbit`,
      needed: known(blocks.get(memory)),
      available: memory.count,
    })),
    {
      what: `multipliers of ${part.multipliers.bits} bits`,
      needed: multipliers,
      available: part.multipliers.count,
    },
  ];
}

/** The blocks of memory of each kind, and the multipliers. */
interface Taken {
  readonly blocks: ReadonlyMap<BlockMemory, number | undefined>;
  readonly multipliers: number;
}

function counted(plan: CorePlan, part: FpgaPart): Taken {
  return {
    blocks: countedBlocks(plan, part),
    multipliers: countedMultipliers(plan, part.multipliers.bits),
  };
}

function synthesised(core: NonNullable<FpgaPart['core']>, { memories }: FpgaPart): Taken {
  const blocks = new Map(memories.map((memory) => [memory, core.blocks[memory.name]]));
  return { blocks, multipliers: core.multipliers };
}

function known(amount: number | undefined): number {
  if (amount === undefined) throw new Error('a kind of memory without a number of blocks');
  return amount;
}

/** Whether a core was synthesised for this program. */
function isOf({ program, precision, lanes }: NonNullable<FpgaPart['core']>, image: CoreImage): boolean {
  return program === image.program && precision === image.core.precision && lanes === image.core.lanes;
}

/**
 * Refuses a core that its FPGA does not hold, or that is wired for another program.
 *
 * @throws PlasticoreError `fit` with the resources that are short
 */
export function checkFpga(image: Image, hw: HwModel): void {
  if (hw.fpga === undefined) return;
  const own = at(image.cores, 0).image;
  const { core, part } = hw.fpga;
  const what = `program '${own.program}' at ${own.core.precision}`;
  if (core !== undefined && !isOf(core, own))
    throw new PlasticoreError(
      'fit',
      `${what} on ${own.core.lanes} lanes is not what hw-model '${hw.name}' is wired for: '${core.program}' at ${core.precision} on ${core.lanes} lanes`,
      { hint: 'synthesise it: rtl --synth writes an hw-model of its own' },
    );
  const short = fpgaNeeds(image, hw, hw.fpga).filter(({ needed, available }) => needed > available);
  if (short.length === 0) return;
  const said = short.map(
    ({ what: resource, needed, available }) => `${resource}: ${needed} needed, ${available} available`,
  );
  throw new PlasticoreError(
    'fit',
    `${what} does not fit ${part} of hw-model '${hw.name}': ${said.join('; ')}`,
    {
      hint: 'take fewer lanes, narrower weights (hw.inferenceWeights=sliced), or a larger part',
    },
  );
}

/** The FIFO, lists and gates of a core: small memories beside the banks. A tile of a gate is written lane by lane. */
function smallMemories(plan: CorePlan): NeededMemory[] {
  const [isShared, isCut] = [false, false];
  return [
    ...[...fifoMemories(plan), ...listMemories(plan)].map((memory) => ({
      ...memory,
      ...{ slice: memory.wordBits, isShared, isCut },
    })),
    ...gateMemories(plan).map((memory) => ({ ...memory, slice: 1, isShared, isCut })),
  ];
}

/** The bits of control that a program decides: those of lists, FIFO and gates. */
export function bitsOfControl(plan: CorePlan): number {
  return smallMemories(plan).reduce((sum, { words, wordBits }) => sum + words * wordBits, 0);
}

/**
 * The same of a compiled program; undefined if it is not written as hardware. They are those of its image alone: cycles
 * and ports that no hardware has make a design that cannot be built, but none that is smaller.
 */
export function knownControlBits({ cores }: Pick<Image, 'cores'>, hw: HwModel): number | undefined {
  const bits = attempt(() => bitsOfControl(planMemories(at(cores, 0).image, hw)));
  return bits instanceof PlasticoreError ? undefined : bits;
}

/** The hw-model with this program wired into it, where it is hard-wired and leaves the bits of its control open. */
export function wiredFor(image: Pick<Image, 'cores'>, hw: HwModel): HwModel {
  return wiredWith(hw, () => knownControlBits(image, hw));
}

/** The rows and segments of projections, which never change: yosys keeps no bit that all records have alike. */
function recordMemories({ tables }: CorePlan): NeededMemory[] {
  return (
    tables
      .flatMap(({ rows, segments }) => (segments === undefined ? [rows] : [rows, segments]))
      .map((format) => {
        const wordBits = varyingBits(format);
        return { words: format.records.length, wordBits, slice: wordBits, isShared: false, isCut: false };
      })
      // Below that, constants are lookup tables.
      .filter(({ words, wordBits }) => words * wordBits >= 1024)
  );
}

function varyingBits({ parts, records }: RecordFormat): number {
  return parts.reduce((sum, [name]) => {
    const first = records[0]?.[name] ?? 0;
    let varying = records.reduce((bits, record) => bits | ((record[name] ?? 0) ^ first), 0) >>> 0;
    let count = 0;
    for (; varying > 0; varying = Math.floor(varying / 2)) count += varying % 2;
    return sum + count;
  }, 0);
}

/** Blocks by kind, as the script of synthesis places memories. */
function countedBlocks(plan: CorePlan, part: FpgaPart): ReadonlyMap<BlockMemory, number> {
  const needed = [
    ...plan.banks.flatMap(({ wordBits, usedWords, isShared, slices }): NeededMemory[] =>
      usedWords === 0 ? [] : [{ words: usedWords, wordBits, slice: slices.bits, isShared, isCut: true }],
    ),
    ...smallMemories(plan),
    ...recordMemories(plan),
  ];
  const blocks = part.memories.filter(({ singlePort }) => !singlePort);
  const large = part.memories.find(({ singlePort }) => singlePort);
  const taken = new Map(part.memories.map((memory) => [memory, 0]));
  for (const own of needed) {
    const after = (of: BlockMemory): number => (taken.get(of) ?? 0) + (blocksOf(of, own) ?? 0);
    // The first kind that has room.
    const block = blocks.find((of) => after(of) <= of.count) ?? blocks[0];
    const place =
      block !== undefined && large !== undefined && isForOnePort(block, large, own) ? large : block;
    if (place !== undefined) taken.set(place, after(place));
  }
  return taken;
}

/** Kernels of the same microcode share a pipeline, and so its multipliers. */
function countedMultipliers({ image, pipelines }: CorePlan, bits: number): number {
  const products = ({ kernel }: KernelPlan): number => {
    const ranges = rangesOfKernel(kernel, image);
    return kernel.code.reduce((sum, { mnemonic }, line) => {
      const each = Math.ceil(at(ranges, line).widthBits / bits) ** 2;
      return sum + (operationNamed(mnemonic).cost.multiply ?? 0) * each;
    }, 0);
  };
  return image.core.lanes * pipelines.reduce((sum, { first }) => sum + products(first), 0);
}
