import { GateCode } from './gate-code.ts';
import { GeneratorCode } from './generator-code.ts';
import { ItemCode } from './item-code.ts';
import type { KernelFrame } from './kernel-frame.ts';
import { ReduceCode } from './reduce-code.ts';

/** The parts of a kernel's code that its walks put together. */
export interface KernelParts {
  readonly frame: KernelFrame;
  readonly gates: GateCode;
  readonly generators: GeneratorCode;
  readonly reduces: ReduceCode;
  readonly items: ItemCode;
}

export function kernelParts(frame: KernelFrame): KernelParts {
  const gates = new GateCode(frame);
  const generators = new GeneratorCode(frame);
  const reduces = new ReduceCode(frame, gates);
  return { frame, gates, generators, reduces, items: new ItemCode(frame, gates, generators, reduces) };
}
