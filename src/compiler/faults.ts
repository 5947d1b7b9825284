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

/** Refuses faults where a core is not run by samples and steps alone. */
export function checkFaults(program: Program, hw: HwModel, isSpread: boolean): void {
  if (hw.faults === undefined) return;
  const what =
    hw.controller !== undefined
      ? 'has a controller of its own'
      : isSpread || hw.chip !== undefined
        ? 'is a chip of several cores'
        : undefined;
  if (what === undefined) return;
  throw new PlasticoreError(
    'fit',
    `program '${program.spec.name}' on hw-model '${hw.name}': it ${what}, and cells fail only on a single core that runs samples`,
    { hint: 'remove faults, or choose an hw-model of one core, such as reference' },
  );
}
