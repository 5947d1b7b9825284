import type { HwModel } from '../hardware/index.ts';
import type { CellFaults } from '../image/index.ts';
import type { Program } from '../program/index.ts';
import { PlasticoreError } from '../text/index.ts';

/** The cells of a core's banks that fail, by bank; undefined where none do. */
export function faultsOf({ faults, banks }: HwModel): CellFaults | undefined {
  if (faults === undefined) return undefined;
  const { seed, errors, prefers, rate, banks: failing } = faults;
  return { seed, errors, prefers, rates: banks.map(({ name }) => (failing.includes(name) ? rate : 0)) };
}

/** Refuses faults where cores are not run by samples and steps alone. */
export function checkFaults(program: Program, hw: HwModel): void {
  if (hw.faults === undefined || hw.controller === undefined) return;
  throw new PlasticoreError(
    'fit',
    `program '${program.spec.name}' on hw-model '${hw.name}': it has a controller of its own, and cells fail only on cores that run samples`,
    { hint: 'remove faults, or choose an hw-model without a controller, such as reference or mesh' },
  );
}
