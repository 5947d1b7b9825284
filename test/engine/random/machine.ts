import type { Bank, Generator, HwModel } from '../../../src/hardware/index.ts';
import { load } from '../../hardware/tiny.ts';
import { roundCore, roundFloatCore } from '../../support/core.ts';
import type { Dice } from './dice.ts';

const integerCore = load(roundCore);
const floatCore = load(roundFloatCore);

/** Enough words for everything that a random program stores in one bank. */
const bankWords = 2 ** 19;

/** Words have room for an entry of any index of sparse projections. */
const leastWordBits = 16;

/**
 * A core with random lanes, widths, gates, banks and FIFO; one in four computes with floats.
 *
 * @param portDice throws the ports of its banks
 */
export function randomMachine(dice: Dice, portDice: Dice): HwModel {
  const base = dice.chance(0.25) ? floatCore : integerCore;
  const isFloat = base.arithmetic === 'float32';
  const datapathBits = dice.pick([8, 12, 16, 16, 20, 24, 32, 32, 32, dice.whole(8, 32)]);
  const shadowBits = Math.min(datapathBits, dice.pick([8, 16, 16, 24, 32, dice.whole(1, 32)]));
  const weightBits = Math.min(shadowBits, dice.pick([4, 8, 8, 12, 16, dice.whole(1, 32)]));
  const widestItem = isFloat ? 32 : datapathBits;
  const banks = base.banks.map((bank): Bank => {
    const wordBits = Math.max(
      widestItem,
      leastWordBits,
      dice.pick([16, 32, 64, 64, 128, 256, dice.whole(8, 100)]),
    );
    const ports = randomPorts(portDice);
    return { ...bank, ports, wordBits, capacityBits: wordBits * bankWords, bitMask: dice.chance(0.5) };
  });
  const lanes = dice.pick([1, 3, 4, 4, 8, 8, 8, 12, 16, 16, 16, 20, 24, 32, 40, 48, 64, dice.whole(1, 64)]);
  const bankName = (): string => dice.pick(['weight', 'shadow', 'state']);
  const placement = dice.chance(0.7)
    ? base.placement
    : { weight: bankName(), shadow: bankName(), state: bankName() };
  return {
    ...base,
    like: isFloat ? `mp${shadowBits}-${weightBits}` : undefined,
    lanes,
    generators: dice.chance(0.4) ? randomGenerators(dice, lanes, datapathBits) : [],
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
    controller: dice.chance(0.12) ? 'random' : undefined,
    router: {
      ...base.router,
      fifoDepth: dice.pick([1, 2, 3, 8, 64, dice.whole(1, 64)]),
      whenFull: dice.pick(['drop', 'stall']),
    },
  };
}

/** One port to read and one to write, two to read, or one for both. */
function randomPorts(dice: Dice): Bank['ports'] {
  if (dice.chance(0.5)) return { read: 1, write: 1 };
  return dice.chance(0.5) ? { shared: 1 } : { read: 2, write: 1 };
}

/** One or two generators: some serve a part of the lanes, some have words that are vectors of lanes. */
function randomGenerators(dice: Dice, lanes: number, datapathBits: number): Generator[] {
  return ['ga', 'gb'].slice(0, dice.whole(1, 2)).map((name): Generator => {
    const near = dice.whole(1, 12);
    const far = near + dice.whole(1, 12);
    if (datapathBits === 32 && dice.chance(0.6)) {
      const bitsPerAdvance = 32 * lanes;
      return { name, near, far, bitsPerAdvance, wordBits: 32, lanes, words: lanes };
    }
    // A word of the datapath's width would not fit: the datapath is signed.
    const wordBits = dice.whole(1, Math.min(datapathBits - 1, 12));
    const bitsPerAdvance = wordBits + dice.whole(0, 40);
    const divisors = [...Array(lanes).keys()].map((i) => i + 1).filter((n) => lanes % n === 0);
    const words = Math.floor(bitsPerAdvance / wordBits);
    return { name, near, far, bitsPerAdvance, wordBits, lanes: dice.pick(divisors), words };
  });
}

/** The one precision that a random core offers. */
export function precisionOn({ arithmetic, precision }: HwModel): string {
  return arithmetic === 'float32' ? 'fp32' : `mp${precision.shadowBits[0]}-${precision.weightBits[0]}`;
}
