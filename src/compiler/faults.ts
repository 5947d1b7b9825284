import type { HwModel } from '../hardware/index.ts';
import type { CellFaults, LostPackets } from '../image/index.ts';
import type { Program } from '../program/index.ts';
import { PlasticoreError } from '../text/index.ts';

/** The cells of a core's banks that fail, by bank; undefined where none do. */
export function faultsOf({ faults, banks }: HwModel): CellFaults | undefined {
  if (faults === undefined || faults.banks.length === 0) return undefined;
  const { seed, errors, prefers, rate, banks: failing } = faults;
  return { seed, errors, prefers, rates: banks.map(({ name }) => (failing.includes(name) ? rate : 0)) };
}

/** The packets that the network of a chip loses; undefined where it loses none. */
export function lostPacketsOf({ faults }: HwModel): LostPackets | undefined {
  return faults?.lostPackets === undefined ? undefined : { seed: faults.seed, rate: faults.lostPackets };
}

/** Refuses faults where cores are not run by samples and steps alone. */
export function checkFaults(program: Program, hw: HwModel): void {
  if (hw.faults === undefined || hw.controller === undefined) return;
  throw new PlasticoreError(
    'fit',
    `program '${program.spec.name}' on hw-model '${hw.name}': it has a controller of its own, and cells fail and packets are lost only on cores that run samples`,
    { hint: 'remove faults, or choose an hw-model without a controller, such as reference or mesh' },
  );
}
