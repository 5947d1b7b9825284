import { PlasticoreError } from '../text/index.ts';
import { type FaultModel, failingShare } from './cell-faults.ts';
import { cells } from './estimate/index.ts';
import type { Estimates } from './estimates.ts';
import type { MergedFiles } from './layers.ts';
import type { HwModelFile } from './schema.ts';
import { auto } from './schema-values.ts';

/** The cells of banks that fail, and the packets that are lost; undefined if the model states none. */
export function readFaults(layered: MergedFiles<HwModelFile>, estimates: Estimates): FaultModel | undefined {
  const { value } = layered;
  const { faults } = value;
  if (faults === undefined) return undefined;
  const { seed, banks = [], bitErrorRate = 0, errors = 'stuck', prefers = 'either', lostPackets } = faults;
  const estimated = estimates.of(cells, ['faults'], {});
  const voltage = (figure: 'failureV' | 'spreadV'): number => {
    const given = faults[figure];
    return given === undefined || given === auto ? estimated.of(figure).value : given;
  };
  const rateAtSupply = (): number => {
    const [failureV, spreadV] = [voltage('failureV'), voltage('spreadV')];
    const supplyV = value.bankSupplyV ?? value.supplyV;
    if (supplyV >= failureV) return failingShare(supplyV, failureV, spreadV);
    const path = [value.bankSupplyV === undefined ? 'supplyV' : 'bankSupplyV'];
    throw new PlasticoreError(
      'range',
      `${path.join('.')}: expected at least ${rounded(failureV)} V, below which half of the cells fail, found ${supplyV}`,
      { ...layered.locate(path), hint: 'raise the supply, or state faults.failureV or faults.bitErrorRate' },
    );
  };
  const rate = bitErrorRate === auto ? rateAtSupply() : bitErrorRate;
  return { seed, errors, prefers, rate, banks, ...(lostPackets !== undefined && { lostPackets }) };
}

function rounded(value: number): number {
  return Number(value.toPrecision(4));
}
