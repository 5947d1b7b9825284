import type { ControllerUses } from '../control/index.ts';
import type { HwModel } from '../hardware/index.ts';
import type { Program } from '../program/index.ts';
import type { Delays } from './delays.ts';
import type { LeftOut } from './frozen/index.ts';
import type { LearningGates } from './gates.ts';
import type { ResolvedParameters } from './parameters.ts';
import type { Precision } from './precision.ts';

/** The compiler's input: a program with its parameters resolved, a core, and a precision of that core. */
export interface CompileTarget {
  readonly program: Program;
  readonly hw: HwModel;
  readonly precision: Precision;
  readonly parameters: ResolvedParameters;
  readonly delays: Delays;
  /** The delays with which each spike of the input enters, ascending from 0; `[0]` where it enters once. */
  readonly entries: readonly number[];
  readonly leftOut: LeftOut;
  /** When each projection learns, where that follows the epochs. */
  readonly gates: LearningGates;
  /** What the core's controller uses of the program, where it is data. */
  readonly controller: ControllerUses | undefined;
}
