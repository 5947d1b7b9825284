import { ReferenceCore } from '../../src/engine/reference/reference-core.ts';
import type { CoreImage, WorkCount } from '../../src/image/index.ts';
import {
  bitsOf,
  kernelParts,
  type Microcode,
  microcodeCycles,
  microcodeOf,
  microcodeUnit,
  wordParts,
} from '../../src/microcode/index.ts';
import { at } from '../../src/text/index.ts';

/** What a bench of the core is asked, and what it must see. */
export interface Recording {
  readonly stimulus: string[];
  readonly expected: string[];
  readonly words: number;
}

/** Numbers of the memories at the host's port, after the banks. */
const memories = { generators: 0, microcode: 1, kernels: 2, accesses: 3, scalars: 4 };

/** Presents samples to the reference engine, and writes down each kernel that it runs, with all that changes. */
export class Recorder {
  readonly recording: Recording = { stimulus: [], expected: [], words: 0 };
  readonly core: ReferenceCore;
  readonly #image: CoreImage;
  readonly #microcode: Microcode;
  #before: readonly Uint32Array[];
  readonly #spikes: string[] = [];
  #depth = 0;
  readonly #counted = new Map<number, WorkCount>();
  words = 0;

  constructor(image: CoreImage) {
    this.#image = image;
    this.#microcode = microcodeOf(image, microcodeUnit);
    this.core = new ReferenceCore(image, {
      probe: {
        began: (work, neuron) => this.#began(work, neuron),
        ended: (work) => this.#ended(work),
        step: (step) => this.scalar('step', step),
        spiked: (population, neuron) => {
          if (this.#depth > 0) this.#spikes.push(`spike ${population} ${neuron}`);
        },
      },
    });
    this.#before = this.core.save().banks;
    this.#load();
  }

  /** All words of the banks, and all generators. */
  all(): void {
    const { banks, generators } = this.core.save();
    for (const [bank, words] of banks.entries())
      for (let address = 0; address < at(this.#image.banks, bank).usedWords; address++)
        this.#read(bank, address, words);
    for (let lane = 0; lane < this.#image.core.lanes; lane++) {
      const memory = this.#image.banks.length + memories.generators;
      this.recording.stimulus.push(`r ${memory} ${lane}`);
      this.recording.expected.push(`word ${memory} ${lane} ${(generators[lane] ?? 0).toString(16)}`);
      this.words += 1;
    }
  }

  scalar(name: string, value: number): void {
    for (const given of this.#microcode.given)
      if (given.name === name) this.#put(memories.scalars, given.scalar, BigInt.asUintN(32, BigInt(value)));
  }

  #put(memory: number, address: number, word: bigint): void {
    this.recording.stimulus.push(`w ${this.#image.banks.length + memory} ${address} ${word.toString(16)}`);
  }

  #load(): void {
    const { words, kernels, accesses, scalars } = this.#microcode;
    for (const [address, word] of words.entries()) this.#put(memories.microcode, address, word);
    for (const [address, word] of kernels.entries()) this.#put(memories.kernels, address, word);
    for (const [address, word] of accesses.entries()) this.#put(memories.accesses, address, word);
    for (const [address, value] of scalars.entries())
      this.#put(memories.scalars, address, BigInt.asUintN(32, BigInt(value)));
    const { banks, generators } = this.core.save();
    for (const [lane, state] of [...generators].slice(0, this.#image.core.lanes).entries())
      this.#put(memories.generators, lane, BigInt(state));
    for (const [bank, contents] of banks.entries())
      for (let address = 0; address < at(this.#image.banks, bank).usedWords; address++)
        this.recording.stimulus.push(
          `w ${bank} ${address} ${this.#word(bank, address, contents).toString(16)}`,
        );
  }

  #word(bank: number, address: number, words: Uint32Array): bigint {
    const { wordBits } = at(this.#image.banks, bank);
    let word = 0n;
    const first = Math.floor((address * wordBits) / 32);
    const last = Math.floor(((address + 1) * wordBits - 1) / 32);
    for (let element = last; element >= first; element--) word = (word << 32n) | BigInt(words[element] ?? 0);
    return BigInt.asUintN(wordBits, word >> BigInt((address * wordBits) % 32));
  }

  #read(bank: number, address: number, words: Uint32Array): void {
    this.recording.stimulus.push(`r ${bank} ${address}`);
    this.recording.expected.push(`word ${bank} ${address} ${this.#word(bank, address, words).toString(16)}`);
    this.words += 1;
  }

  /** The cycles of the run that has just ended, by what it has counted. */
  #cycles(work: number): number {
    const counted = at(this.core.counters().work, work);
    const before = this.#counted.get(work);
    this.#counted.set(work, counted);
    const by = (name: 'passes' | 'tiles' | 'scannedTiles'): number => counted[name] - (before?.[name] ?? 0);
    const law = microcodeCycles(at(this.#image.kernels, work), at(this.#microcode.schedules, work));
    return (
      law.runCycles + by('passes') * law.passCycles + by('tiles') * law.intervalCycles + by('scannedTiles')
    );
  }

  #began(work: number, neuron: number): void {
    if (this.#depth > 0) throw new Error('a kernel waits for the FIFO');
    this.#depth += 1;
    if (work >= this.#image.kernels.length) return;
    this.recording.stimulus.push(`k ${work} ${Math.max(0, neuron)}`);
  }

  #ended(work: number): void {
    this.#depth -= 1;
    const { banks } = this.core.save();
    const isKernel = work < this.#image.kernels.length;
    if (isKernel)
      this.recording.expected.push(...this.#spikes.splice(0), `ran ${work} ${this.#cycles(work)}`);
    for (const [bank, words] of banks.entries()) {
      const before = at(this.#before, bank);
      const changed = new Set<number>();
      for (let element = 0; element < words.length; element++)
        if (words[element] !== before[element])
          changed.add(Math.floor((32 * element) / at(this.#image.banks, bank).wordBits));
      for (const address of changed)
        if (isKernel) this.#read(bank, address, words);
        else
          this.recording.stimulus.push(
            `w ${bank} ${address} ${this.#word(bank, address, words).toString(16)}`,
          );
    }
    this.#before = banks;
  }
}

export const recordBits = { word: bitsOf(wordParts), kernel: bitsOf(kernelParts()) };
