import type { NdArray } from '../../data/index.ts';
import type { ProgramDescription } from '../../program/index.ts';
import { tableOf } from '../../text/index.ts';

/** The file with a program's arrays. */
export const weightsFile = 'weights.npz';

/** A program with its arrays. */
export interface DescribedProgram {
  readonly description: ProgramDescription;
  readonly arrays: Readonly<Record<string, NdArray>>;
}

/** An array of the file, as a program names it. */
interface ArrayName {
  file: string;
  array: string;
}

/** The arrays of a program while it is described. */
export class ArrayFile {
  readonly arrays = tableOf<NdArray>();

  /** Adds an array. */
  put(array: string, values: NdArray): ArrayName {
    this.arrays[array] = values;
    return { file: weightsFile, array };
  }
}
