/** What the page and its worker tell each other of graphs of NIR. */
import type { DroppedFile } from './dropped-file.ts';

/** The facts of a graph before it is imported. */
export interface GraphView {
  /** Its layers, from the input to the output: `LIF 128`, `Conv2d 8 x 14 x 14`. */
  readonly layers: readonly string[];
  /** The axes of its input. */
  readonly input: readonly number[];
  /** Whether it can be asked about the digits of the page. */
  readonly takesDigits: boolean;
}

/** The readings that a graph leaves open. */
export interface GraphOptions {
  /** The framework that wrote it; the equations of NIR at their word if absent. */
  readonly from?: string | undefined;
  /** Formula of the time of a step, in the unit of its time constants; that of the framework if absent. */
  readonly dt?: string | undefined;
  /** The most steps of a sample. */
  readonly steps: number;
  /** What comes in: `spikes`, `values` or `constant`; what the samples leave no doubt about if absent. */
  readonly input?: string | undefined;
  /** Formulas of what 1 and 0 of the samples are to the network. */
  readonly scale?: string | undefined;
  readonly offset?: string | undefined;
  /** A `.npz` file with an array `input`, on which floats and integers are compared; the digits if it takes them. */
  readonly samples?: DroppedFile | undefined;
}
