import { unzipSync } from 'fflate';
import { type NdArray, readNpy } from '../../../src/data/formats/npy.ts';

/** A recording of the authors' network: arrays by name, as their code has them ([out, in], [step, sample, neuron]). */
export class Recording {
  readonly #files: Readonly<Record<string, Uint8Array>>;
  readonly #read = new Map<string, ArrayLike<number>>();

  /** @param bytes of the .npz file */
  constructor(bytes: Uint8Array) {
    this.#files = unzipSync(bytes);
  }

  /** Batches that were recorded. */
  get batches(): number {
    let batch = 0;
    while (this.has(`b${batch}.labels`)) batch += 1;
    return batch;
  }

  /** The numbers of an array, in C order; bits that were packed, the highest first, as 0 and 1. */
  read(name: string): ArrayLike<number> {
    const known = this.#read.get(name);
    if (known !== undefined) return known;
    const read = this.has(name) ? this.#array(name).data : this.#unpacked(name);
    this.#read.set(name, read);
    return read;
  }

  /** A part of an array of equal parts, such as a step of a sample. */
  part(name: string, part: number, length: number): number[] {
    const all = this.read(name);
    return Array.from({ length }, (_, index) => all[part * length + index] ?? Number.NaN);
  }

  /** A matrix [out, in] as a core has it, [in, out]. */
  transposed(name: string, outputs: number): number[] {
    const all = this.read(name);
    const inputs = all.length / outputs;
    return Array.from({ length: all.length }, (_, item) => {
      const [input, output] = [Math.floor(item / outputs), item % outputs];
      return all[output * inputs + input] ?? Number.NaN;
    });
  }

  has(name: string): boolean {
    return `${name}.npy` in this.#files;
  }

  #unpacked(name: string): Uint8Array {
    const packed = this.#array(`${name}.bits`).data;
    const count = Array.from(this.#array(`${name}.shape`).data).reduce((product, length) => product * length, 1);
    return Uint8Array.from({ length: count }, (_, bit) => ((packed[bit >> 3] ?? 0) >> (7 - (bit & 7))) & 1);
  }

  #array(name: string): NdArray {
    const file = this.#files[`${name}.npy`];
    if (file === undefined) throw new Error(`the recording has no ${name}`);
    return readNpy(file, name);
  }
}
