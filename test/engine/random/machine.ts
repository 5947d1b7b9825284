import type { Bank, HwModel } from '../../../src/hardware/index.ts';
import { load } from '../../hardware/tiny.ts';
import { roundCore, roundFloatCore } from '../../support/core.ts';
import type { Dice } from './dice.ts';

const integerCore = load(roundCore);
const floatCore = load(roundFloatCore);

/** Words enough for whatever a random program stores in one bank. */
const bankWords = 2 ** 19;

/** A core of random lanes, widths, gates, banks and FIFO; one in four computes with floats. */
export function randomMachine(dice: Dice): HwModel {
  const base = dice.chance(0.25) ? floatCore : integerCore;
  const isFloat = base.arithmetic === 'float32';
  const datapathBits = dice.pick([8, 12, 16, 16, 20, 24, 32, 32, 32, dice.whole(8, 32)]);
  const shadowBits = Math.min(datapathBits, dice.pick([8, 16, 16, 24, 32, dice.whole(1, 32)]));
  const weightBits = Math.min(shadowBits, dice.pick([4, 8, 8, 12, 16, dice.whole(1, 32)]));
  const widestItem = isFloat ? 32 : datapathBits;
  const banks = base.banks.map((bank): Bank => {
    const wordBits = Math.max(widestItem, dice.pick([16, 32, 64, 64, 128, 256, dice.whole(8, 100)]));
    return { ...bank, wordBits, capacityBits: wordBits * bankWords, bitMask: dice.chance(0.5) };
  });
  const bankName = (): string => dice.pick(['weight', 'shadow', 'state']);
  const placement = dice.chance(0.7)
    ? base.placement
    : { weight: bankName(), shadow: bankName(), state: bankName() };
  return {
    ...base,
    like: isFloat ? `mp${shadowBits}-${weightBits}` : undefined,
    lanes: dice.pick([1, 3, 4, 4, 8, 8, 8, 12, 16, 16, 16, 20, 24, 32, 40, 48, 64, dice.whole(1, 64)]),
    datapathBits,
    precision: {
      shadowBits: [shadowBits],
      weightBits: [weightBits],
      accumulatorBits: [datapathBits, Math.ceil(datapathBits / 2)],
    },
    inferenceWeights: dice.pick(['stored', 'sliced']),
    columnGate: dice.pick(['skip-tile', 'clock']),
    banks,
    placement,
    router: {
      ...base.router,
      fifoDepth: dice.pick([1, 2, 3, 8, 64, dice.whole(1, 64)]),
      whenFull: dice.pick(['drop', 'stall']),
    },
  };
}

/** The one precision that a random core offers. */
export function precisionOn({ arithmetic, precision }: HwModel): string {
  return arithmetic === 'float32' ? 'fp32' : `mp${precision.shadowBits[0]}-${precision.weightBits[0]}`;
}
