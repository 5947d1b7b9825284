import { at } from '../../arrays/index.ts';
import {
  type BlockMemory,
  blocksOf,
  type FpgaPart,
  type HwModel,
  type NeededMemory,
} from '../../hardware/index.ts';
import { type BoundKernel, type ProgramView, rangesOfKernel } from '../../image/index.ts';
import { operationNamed } from '../../isa/index.ts';
import { PlasticoreError } from '../../text/index.ts';
import { slicesOf } from '../emit/bank-modules.ts';

/** An amount of a resource that a core takes of a part. */
export interface FpgaNeed {
  readonly what: string;
  readonly needed: number;
  readonly available: number;
}

/** Bits of an entry of the FIFO that counts the spikes of a run. */
const runBits = 32;

/**
 * What the Verilog of a core takes of a part: as synthesised where the hw-model says it, else counted from the shapes
 * of banks and from multiplications. Lookup tables are known from synthesis alone.
 */
export function fpgaNeeds(image: ProgramView, hw: HwModel, part: FpgaPart): FpgaNeed[] {
  const { core } = part;
  const memories = core === undefined ? countedBlocks(image, hw, part) : undefined;
  const blocks = part.memories.map((memory) => ({
    memory,
    needed: memories?.get(memory) ?? core?.blocks[memory.name] ?? 0,
  }));
  const multipliers = core?.multipliers ?? countedMultipliers(image, part.multipliers.bits);
  return [
    ...(core === undefined ? [] : [{ what: 'lookup tables', needed: core.luts, available: part.luts }]),
    ...blocks.map(({ memory: { name, count, bits }, needed }) => ({
      what: `${name} RAMs of ${bits / 1024} Kbit`,
      needed,
      available: count,
    })),
    {
      what: `multipliers of ${part.multipliers.bits} bits`,
      needed: multipliers,
      available: part.multipliers.count,
    },
  ];
}

/**
 * Refuses a core that its FPGA does not hold.
 *
 * @throws PlasticoreError `fit` with the resources that are short
 */
export function checkFpga(image: ProgramView, hw: HwModel): void {
  if (hw.fpga === undefined) return;
  const short = fpgaNeeds(image, hw, hw.fpga).filter(({ needed, available }) => needed > available);
  if (short.length === 0) return;
  const said = short.map(
    ({ what, needed, available }) => `${what}: ${needed} needed, ${available} available`,
  );
  throw new PlasticoreError(
    'fit',
    `program '${image.program}' at ${image.core.precision} does not fit ${hw.fpga.part} of hw-model '${hw.name}': ${said.join('; ')}`,
    { hint: 'take fewer lanes, narrower weights (hw.inferenceWeights=sliced), or a larger part' },
  );
}

/** Blocks by kind: each memory takes those of the first kind of which there are enough. */
function countedBlocks(image: ProgramView, hw: HwModel, part: FpgaPart): ReadonlyMap<BlockMemory, number> {
  const needed = [
    ...image.banks.flatMap(({ wordBits, usedWords }, bank): NeededMemory[] => {
      const isShared = 'shared' in at(hw.banks, bank).ports;
      const { bits } = slicesOf(image, bank);
      return usedWords === 0 ? [] : [{ words: usedWords, wordBits, slice: bits, isShared }];
    }),
    { words: image.core.fifoDepth, wordBits: runBits, slice: runBits, isShared: false },
  ];
  const taken = new Map(part.memories.map((memory) => [memory, 0]));
  for (const own of needed) {
    const fitting = part.memories.filter((memory) => blocksOf(memory, own) !== undefined);
    const place =
      fitting.find((memory) => (taken.get(memory) ?? 0) + (blocksOf(memory, own) ?? 0) <= memory.count) ??
      fitting.at(-1);
    if (place !== undefined) taken.set(place, (taken.get(place) ?? 0) + (blocksOf(place, own) ?? 0));
  }
  return taken;
}

function countedMultipliers(image: ProgramView, bits: number): number {
  const products = (kernel: BoundKernel): number => {
    const ranges = rangesOfKernel(kernel, image);
    return kernel.code.reduce((sum, { mnemonic }, line) => {
      const each = Math.ceil(at(ranges, line).widthBits / bits) ** 2;
      return sum + (operationNamed(mnemonic).cost.multiply ?? 0) * each;
    }, 0);
  };
  return image.core.lanes * image.kernels.reduce((sum, kernel) => sum + products(kernel), 0);
}
