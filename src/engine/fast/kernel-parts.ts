import type { GateCode } from './gate-code.ts';
import type { GeneratorCode } from './generator-code.ts';
import type { ItemCode } from './item-code.ts';
import type { KernelFrame } from './kernel-frame.ts';
import type { ReduceCode } from './reduce-code.ts';

/** The parts of a kernel's code that a walk over segments puts together. */
export interface KernelParts {
  readonly frame: KernelFrame;
  readonly gates: GateCode;
  readonly generators: GeneratorCode;
  readonly reduces: ReduceCode;
  readonly items: ItemCode;
}
