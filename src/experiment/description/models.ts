import { type HwModel, hwModelReader, resolveForModel } from '../../hardware/index.ts';
import { loadProgram, type Program, programFiles } from '../../program/index.ts';
import type { Find, Override } from '../../text/index.ts';

/** A file by name or path, and the file that names it; '' for the command line. */
export interface FileReference {
  readonly name: string;
  readonly from: string;
}

type HwModelReader = ReturnType<typeof hwModelReader>;

/** Programs and hw-models as files describe them. Files are read and parsed once, however many cells name them. */
export class Models {
  readonly #find: Find;
  readonly #programs = new Map<string, Program>();
  readonly #readers = new Map<string, { readonly file: string; readonly read: HwModelReader }>();

  constructor(find: Find) {
    this.#find = find;
  }

  /** Loads a program with its microcode. */
  program({ name, from }: FileReference, overrides: readonly Override[] = []): Program {
    const key = JSON.stringify([name, from, overrides]);
    const known = this.#programs.get(key);
    if (known !== undefined) return known;
    const source = this.#find('program', name, from);
    const program = loadProgram(source, programFiles(this.#find), overrides);
    this.#programs.set(key, program);
    return program;
  }

  /** Loads the hw-model for a precision: the named one, or for fp32 the baseline it refers to. */
  hw(reference: FileReference, precision: string, overrides: readonly Override[] = []): HwModel {
    const { file, read } = this.#reader(reference);
    const hw = read(overrides);
    if (precision !== 'fp32' || hw.arithmetic === 'float32' || hw.baseline === undefined) return hw;
    return this.#reader({ name: hw.baseline, from: file }).read(overrides);
  }

  #reader({ name, from }: FileReference): { readonly file: string; readonly read: HwModelReader } {
    const key = JSON.stringify([name, from]);
    const known = this.#readers.get(key);
    if (known !== undefined) return known;
    const { text, file } = this.#find('hw-model', name, from);
    const reader = {
      file,
      read: hwModelReader(text, file, resolveForModel(this.#find)),
    };
    this.#readers.set(key, reader);
    return reader;
  }
}

/** Loads a program with its microcode. */
export function findProgram(
  reference: FileReference,
  find: Find,
  overrides: readonly Override[] = [],
): Program {
  return new Models(find).program(reference, overrides);
}

/** Loads the hw-model for a precision: the named one, or for fp32 the baseline it refers to. */
export function findHwModel(
  reference: FileReference,
  precision: string,
  find: Find,
  overrides: readonly Override[] = [],
): HwModel {
  return new Models(find).hw(reference, precision, overrides);
}
