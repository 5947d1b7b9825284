/** Figures of the run beside a lesson, in its text: nothing is typed in. */
import { energy, grouped, percent } from '../../../src/report/index.ts';
import type { Bench } from '../bench.ts';
import { bench, pinned } from '../store.ts';

type Which = 'present' | 'pinned';

const of = (which: Which): Bench | undefined => (which === 'present' ? bench : pinned.value);

/** Kilobytes that are used of a bank. */
export function BankKb({ bank, which = 'present' }: { readonly bank: string; readonly which?: Which }) {
  const found = of(which)?.opened.value?.banks.find(({ name }) => name === bank);
  return <b>{found === undefined ? '…' : `${grouped(found.usedBits / 8000)} kB`}</b>;
}

/** Accuracy on test samples so far. */
export function AccuracyNow({ which = 'present' }: { readonly which?: Which }) {
  const shown = of(which)?.frame.value?.testAccuracy ?? of(which)?.points.value.at(-1)?.heldOut;
  return <b>{shown === undefined ? '…' : percent(shown)}</b>;
}

/** Energy of a sample. */
export function EnergyNow({ which = 'present' }: { readonly which?: Which }) {
  const cost = of(which)?.cost.value;
  return <b>{cost === undefined || cost.samples === 0 ? '…' : energy(cost.energyPj / cost.samples)}</b>;
}

/** Energy that a unit takes of a sample. */
export function UnitNow({ unit }: { readonly unit: string }) {
  const cost = bench.cost.value;
  const pj = cost?.byUnitPj[unit];
  return <b>{cost === undefined || pj === undefined ? '…' : energy(pj / Math.max(1, cost.samples))}</b>;
}

/** Cycles of a sample; of one kernel, if it is named. */
export function CyclesNow({
  kernel,
  which = 'present',
}: {
  readonly kernel?: string;
  readonly which?: Which;
}) {
  const [cost, opened] = [of(which)?.cost.value, of(which)?.opened.value];
  const number = opened?.kernels.findIndex(({ name }) => name === kernel) ?? -1;
  const cycles = kernel === undefined ? cost?.cycles : cost?.kernels[number]?.cycles;
  return (
    <b>{cost === undefined || cycles === undefined ? '…' : grouped(cycles / Math.max(1, cost.samples))}</b>
  );
}

/** What binds a kernel. */
export function BoundBy({ kernel }: { readonly kernel: string }) {
  const found = bench.opened.value?.kernels.find(({ name }) => name === kernel);
  return <b>{found?.boundBy ?? '…'}</b>;
}

/** Kilobytes of everything. */
export function MemoryNow({
  which = 'present',
  alone = false,
}: {
  readonly which?: Which;
  readonly alone?: boolean;
}) {
  const memory = of(which)?.opened.value?.memory;
  return (
    <b>
      {memory === undefined ? '…' : `${grouped((alone ? memory.inferenceBits : memory.totalBits) / 8000)} kB`}
    </b>
  );
}
