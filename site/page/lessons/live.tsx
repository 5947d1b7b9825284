/** Figures of the run beside a lesson, in its text. Until the design of the page runs, there are none. */
import type { ComponentChildren } from 'preact';
import { energy, grouped, percent, shareOfPj } from '../../../src/report/index.ts';
import type { Bench } from '../bench.ts';
import { taughtFigures } from '../panels/taught.tsx';
import { atSameSample } from '../same-sample.ts';
import { bench, pinned } from '../store.ts';

type Which = 'present' | 'pinned';

interface OfProps {
  readonly which?: Which;
}

/** The machine, if it runs what the page speaks of. */
function running(which: Which = 'present'): Bench | undefined {
  const found = which === 'present' ? bench : pinned.value;
  return found === undefined || found.isOpening.value ? undefined : found;
}

function Figure({ value }: { readonly value: string | undefined }) {
  return <b>{value ?? '…'}</b>;
}

const kilobytes = (bits: number): string => `${grouped(bits / 8000)}\u00a0kB`;

/** Kilobytes that are used of a bank. */
export function BankKb({ bank, which }: OfProps & { readonly bank: string }) {
  const found = running(which)?.opened.value?.banks.find(({ name }) => name === bank);
  return <Figure value={found && kilobytes(found.usedBits)} />;
}

/** Kilobytes of everything; of what answering needs, if it is alone. */
export function MemoryNow({ which, alone = false }: OfProps & { readonly alone?: boolean }) {
  const memory = running(which)?.opened.value?.memory;
  return <Figure value={memory && kilobytes(alone ? memory.inferenceBits : memory.totalBits)} />;
}

/** Accuracy on test samples: at the end of the run if it is there, else so far. */
export function AccuracyNow() {
  const now = running();
  const shown = now?.frame.value?.testAccuracy ?? now?.points.value.at(-1)?.heldOut;
  return <Figure value={shown === undefined ? undefined : percent(shown)} />;
}

/** Accuracy of one of two designs, where both have learnt the same samples. */
export function AccuracyBeside({ which }: OfProps) {
  const [now, other] = [running(), running('pinned')];
  const both = now && other && atSameSample(now.points.value, other.points.value);
  return <Figure value={both && percent((which === 'pinned' ? both.other : both.one).heldOut)} />;
}

/** The number of samples after which two designs are compared. */
export function SamplesBeside() {
  const [now, other] = [running(), running('pinned')];
  const both = now && other && atSameSample(now.points.value, other.points.value);
  return <Figure value={both && grouped(both.one.position)} />;
}

/** Samples that it has learnt. */
export function SamplesNow() {
  const now = running();
  const cost = now?.learningCost.value;
  return <Figure value={cost && grouped(cost.samples)} />;
}

/** Energy to learn a sample. */
export function EnergyNow({ which }: OfProps) {
  const cost = running(which)?.learningCost.value;
  return (
    <Figure
      value={
        cost === undefined || cost.samples === 0 ? undefined : energy(shareOfPj(cost.energyPj, cost.samples))
      }
    />
  );
}

/** Energy that a unit takes to learn a sample. */
export function UnitNow({ unit }: { readonly unit: string }) {
  const cost = running()?.learningCost.value;
  const pj = cost?.byUnitPj[unit];
  return (
    <Figure
      value={cost === undefined || pj === undefined ? undefined : energy(pj / Math.max(1, cost.samples))}
    />
  );
}

/** Cycles to learn a sample; of one kernel, if it is named. */
export function CyclesNow({ kernel, which }: OfProps & { readonly kernel?: string }) {
  const now = running(which);
  const cost = now?.learningCost.value;
  const number = now?.opened.value?.kernels.findIndex(({ name }) => name === kernel) ?? -1;
  const cycles = kernel === undefined ? cost?.cycles : cost?.kernels[number]?.cycles;
  return (
    <Figure
      value={
        cost === undefined || cycles === undefined ? undefined : grouped(cycles / Math.max(1, cost.samples))
      }
    />
  );
}

/** What the followed neuron holds in a field at the end of the sample that is shown. */
export function FieldNow({ field }: { readonly field: string }) {
  const value = running()?.sample.value?.neuron?.fields[field]?.at(-1);
  return <Figure value={value === undefined ? undefined : grouped(value)} />;
}

/** What drawings have done that a person has taught since the run stands still. */
export function TaughtNow({ figure }: { readonly figure: keyof ReturnType<typeof taughtFigures> }) {
  const taught = running()?.frame.value?.drawings;
  return <Figure value={taught && taughtFigures(taught)[figure]} />;
}

/** What binds a kernel. */
export function BoundBy({ kernel }: { readonly kernel: string }) {
  const found = running()?.opened.value?.kernels.find(({ name }) => name === kernel);
  return <Figure value={found?.boundBy} />;
}

/** The name of a panel: it leads there. */
export function See({ panel, children }: { readonly panel: string; readonly children: ComponentChildren }) {
  return (
    <button
      type="button"
      class="link see"
      onClick={() => document.getElementById(panel)?.scrollIntoView({ block: 'start' })}
    >
      {children}
    </button>
  );
}
