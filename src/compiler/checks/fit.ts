import type { HwModel } from '../../hardware/index.ts';
import { mostBankBits } from '../../image/index.ts';
import { PlasticoreError } from '../../text/index.ts';
import { allocate, type FieldDraft, type MemoryMap } from '../fields/index.ts';
import { offered } from '../precision.ts';
import type { Target } from '../target.ts';

/** The fields of a program on a core at a precision. */
type DraftsFor = (hw: HwModel, precision: string) => FieldDraft[];

/**
 * Refuses a program that needs more words than a bank has, and says what would fit.
 *
 * @param draftsFor the fields that the program would have on another core or at another precision
 * @throws PlasticoreError `fit`
 */
export function checkFit(memory: MemoryMap, target: Target, draftsFor: DraftsFor): void {
  const { program, hw, precision } = target;
  for (const { name, usedWords, wordBits } of memory.banks) {
    if (usedWords * wordBits <= mostBankBits) continue;
    const bits = `${grouped(usedWords * wordBits)} bits of the ${name} bank`;
    throw new PlasticoreError(
      'fit',
      `program '${program.spec.name}' needs ${bits}; at most ${grouped(mostBankBits)} can be simulated`,
    );
  }
  const shortages = shortagesIn(memory.banks);
  if (shortages.length === 0) return;
  throw new PlasticoreError(
    'fit',
    `program '${program.spec.name}' at ${precision.name} does not fit hw-model '${hw.name}': ${shortages.join('; ')}`,
    { hint: whatWouldFit(hw, precision.name, draftsFor) },
  );
}

/** For each bank that is too small: what it needs, and what it has. */
export function shortagesIn(banks: MemoryMap['banks']): string[] {
  return banks
    .filter(({ usedWords, wordBits, capacityBits }) => usedWords * wordBits > capacityBits)
    .map(
      ({ name, usedWords, wordBits, capacityBits }) =>
        `${name} bank: ${grouped(usedWords * wordBits)} bits needed, ${grouped(capacityBits)} available`,
    );
}

function whatWouldFit(hw: HwModel, precision: string, draftsFor: DraftsFor): string {
  const fits = (core: HwModel, at: string): boolean => {
    try {
      return allocate(draftsFor(core, at), core).banks.every(
        (bank) => bank.usedWords * bank.wordBits <= bank.capacityBits,
      );
    } catch (error) {
      // That precision has another fault, such as an accumulator that the core does not offer, so it does not help
      // either.
      if (error instanceof PlasticoreError) return false;
      throw error;
    }
  };
  const ways: string[] = [];
  const precisions = offered(hw).filter((name) => name !== precision && fits(hw, name));
  if (precisions.length > 0) ways.push(`at ${precisions.join(', ')}`);
  if (hw.inferenceWeights === 'stored' && fits({ ...hw, inferenceWeights: 'sliced' }, precision)) {
    ways.push('with inferenceWeights: sliced');
  }
  return ways.length > 0
    ? `fits ${ways.join(', or ')}`
    : 'fits at no precision that this core offers: make the populations smaller or the bank larger';
}

/** Digits in groups of three, as in data sheets. */
function grouped(value: number): string {
  return String(value).replace(/\B(?=(\d{3})+$)/g, ' ');
}
