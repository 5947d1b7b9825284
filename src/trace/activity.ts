import type { DataWatch, OperandValues, ReadTurn, WatchData } from '../engine/index.ts';
import {
  type ActivityCounts,
  activityFormat,
  activityShape,
  type CoreImage,
  type Counters,
  type FieldPass,
  layoutOf,
  type Memory,
  passedWords,
  rangesOfKernel,
  unitName,
  wordOf,
} from '../image/index.ts';
import { unitDemands } from '../schedule/index.ts';
import { at, inLane } from '../text/index.ts';
import type { StepWindow } from './plan.ts';
import { bitsSet, lowBits, readBits, Toggles, writeBits } from './toggles.ts';

/** A bank, and what stands at its ports: nothing but zeros before the first word. */
class Ports {
  readonly reads = new Toggles();
  written = 0;
  readonly #words: Uint32Array;
  readonly #wordBits: number;
  readonly #given: Uint32Array;
  readonly #taken: Uint32Array;

  constructor(words: Uint32Array, wordBits: number) {
    this.#words = words;
    this.#wordBits = wordBits;
    this.#given = new Uint32Array(Math.ceil(wordBits / 32));
    this.#taken = new Uint32Array(Math.ceil(wordBits / 32));
  }

  /** The bits of a word as it stands. */
  word(index: number): Uint32Array {
    return this.#given.map((_, part) => {
      const bit = part * 32;
      return readBits(this.#words, index * this.#wordBits + bit, Math.min(32, this.#wordBits - bit));
    });
  }

  read(word: Uint32Array): void {
    for (const [part, bits] of word.entries()) {
      this.reads.add(bitsSet(bits ^ at(this.#given, part)), Math.min(32, this.#wordBits - part * 32));
      this.#given[part] = bits;
    }
  }

  /** Bits of a word have been written: those that differ from the last ones at their place of the port toggle. */
  wrote(index: number, bit: number, bits: number): void {
    const value = readBits(this.#words, index * this.#wordBits + bit, bits);
    this.written += bitsSet(value ^ readBits(this.#taken, bit, bits));
    writeBits(this.#taken, bit, bits, value);
  }
}

/** The values at the inputs and the output of a kernel's line, in each lane. */
interface LineState {
  readonly widthBits: number;
  readonly operands: readonly Int32Array[];
  readonly result: Int32Array;
}

/**
 * Counts the bits that toggle while a core works. A unit of a lane sees one item after the other; a bank gives and
 * takes one word after the other, at one port that reads and one that writes, in the order of the pipeline: words of
 * the row, words of the tile, words that are written in part. Bits of a word that a write leaves alone do not toggle.
 */
export class ActivityRecorder {
  readonly watch: WatchData;
  readonly #image: CoreImage;
  readonly #units: readonly Map<string, Toggles>[];
  readonly #registers: readonly Toggles[];
  readonly #lines = new Map<string, LineState>();
  #ports: readonly Ports[] = [];
  /** The words that a tile has read so far, in the order of the pipeline, and its kernel. */
  readonly #waiting: Readonly<Record<Exclude<ReadTurn, 'at once'>, (readonly [Ports, Uint32Array])[]>> = {
    row: [],
    tile: [],
    write: [],
  };
  #waitsFor = -1;

  constructor(image: CoreImage) {
    this.#image = image;
    this.#units = image.kernels.map(() => new Map());
    this.#registers = image.kernels.map(() => new Toggles());
    this.watch = (memory) => this.#watch(memory);
  }

  /** @param counters what was counted meanwhile */
  counts(window: StepWindow, counters: Counters): ActivityCounts {
    this.#settle();
    const plain = ({ toggles, bits }: Toggles) => ({ toggles, bits });
    return {
      format: activityFormat,
      window: { first: window.first, last: window.last },
      shape: activityShape(this.#image),
      kernels: this.#units.map((units, kernel) => ({
        units: Object.fromEntries([...units].map(([name, seen]) => [name, plain(seen)])),
        registers: plain(at(this.#registers, kernel)),
      })),
      banks: this.#ports.map(({ reads, written }, bank) => {
        const words = counters.work.reduce((sum, { writes }) => sum + at(writes, bank), 0);
        return {
          reads: plain(reads),
          writes: { toggles: written, bits: words * at(this.#image.banks, bank).wordBits },
        };
      }),
    };
  }

  #watch({ banks }: Memory): DataWatch {
    this.#ports = this.#image.banks.map(({ wordBits }, bank) => new Ports(at(banks, bank), wordBits));
    return {
      line: (kernel, line, taken, given) => this.#line(kernel, line, taken, given),
      read: (work, bank, word, count, turn) => this.#read(work, bank, word, count, turn),
      wrote: (field, first, count, active, lane) => this.#wrote(field, first, count, active, lane),
      passes: (pass) => this.#passes(pass),
      passed: (pass) => this.#passed(pass),
    };
  }

  #line(
    kernel: number,
    line: number,
    taken: readonly OperandValues[],
    given: OperandValues['values'] | undefined,
  ): ReturnType<DataWatch['line']> {
    const { core, fields, kernels } = this.#image;
    const code = at(at(kernels, kernel).code, line);
    const state = this.#stateOf(kernel, line, taken.length);
    // The words that a generator draws toggle as random words do, whatever the operands of the line.
    const counted = unitDemands(code, fields).flatMap((demand) =>
      demand.class === 'random' ? [] : [{ seen: this.#unit(kernel, unitName(demand)), count: demand.count }],
    );
    const registers = at(this.#registers, kernel);
    const isGated = core.columnGate === 'clock';
    const look = (
      values: OperandValues['values'],
      isRegister: boolean,
      before: Int32Array,
    ): DataWatchStep => {
      // The bits of floats are those in which they are stored.
      const bits = new Int32Array(values.buffer, values.byteOffset, values.length);
      const mask = lowBits(state.widthBits);
      return ({ from, to, active }) => {
        let [toggles, items] = [0, 0];
        for (let lane = from; lane < to; lane++) {
          if (isGated && active[lane] === 0) continue;
          const value = inLane(bits, lane);
          toggles += bitsSet((value ^ inLane(before, lane)) & mask);
          items += 1;
          before[lane] = value;
        }
        for (const { seen, count } of counted) seen.add(count * toggles, count * items * state.widthBits);
        if (isRegister) registers.add(toggles, items * state.widthBits);
      };
    };
    const inputs = taken.map(({ values, isRegister }, index) =>
      look(values, isRegister, at(state.operands, index)),
    );
    const output = given === undefined ? [] : [look(given, true, state.result)];
    return {
      before: (tile) => {
        for (const input of inputs) input(tile);
      },
      after: (tile) => {
        for (const each of output) each(tile);
      },
    };
  }

  /** That of a line, whichever run of its kernel is under way: the units are the same. */
  #stateOf(kernel: number, line: number, operands: number): LineState {
    const name = `${kernel} ${line}`;
    const known = this.#lines.get(name);
    if (known !== undefined) return known;
    const { lanes } = this.#image.core;
    const code = at(this.#image.kernels, kernel);
    const state = {
      widthBits: at(rangesOfKernel(code, this.#image), line).widthBits,
      operands: Array.from({ length: operands }, () => new Int32Array(lanes)),
      result: new Int32Array(lanes),
    };
    this.#lines.set(name, state);
    return state;
  }

  #unit(kernel: number, name: string): Toggles {
    const units = at(this.#units, kernel);
    const seen = units.get(name) ?? new Toggles();
    units.set(name, seen);
    return seen;
  }

  #read(work: number, bank: number, word: number, count: number, turn: ReadTurn): void {
    if (work !== this.#waitsFor || turn === 'at once') this.#settle();
    this.#waitsFor = work;
    const ports = at(this.#ports, bank);
    const waiting = turn === 'at once' ? undefined : this.#waiting[turn];
    for (let index = word; index < word + count; index++) {
      if (waiting === undefined) ports.read(ports.word(index));
      else waiting.push([ports, ports.word(index)]);
    }
  }

  /** A tile has been visited: the words that it has read leave their banks, in the order of the pipeline. */
  readonly visited = (): void => this.#settle();

  #settle(): void {
    for (const waiting of Object.values(this.#waiting)) {
      for (const [ports, word] of waiting) ports.read(word);
      waiting.length = 0;
    }
  }

  #wrote(index: number, first: number, count: number, active?: Uint8Array, lane = 0): void {
    const field = at(this.#image.fields, index);
    const layout = layoutOf(this.#image, field);
    const ports = at(this.#ports, layout.bank);
    const { firstWord, rowLength, itemsPerWord, itemBits } = layout;
    for (let item = 0; item < count; item++) {
      if (active?.[lane + item] === 0) continue;
      const number = first + item;
      const slot = field.perWord ? 0 : (number % rowLength) % itemsPerWord;
      ports.wrote(firstWord + wordOf(layout, number), slot * itemBits + field.bitOffset, field.bits);
    }
  }

  /** Spikes that are kept for later are left out. */
  #passes(pass: FieldPass): void {
    if (pass.does === 'keep') return;
    for (const { layout, words, isRead } of passedWords(this.#image, pass))
      if (isRead) this.#read(pass.work, layout.bank, layout.firstWord, words, 'at once');
  }

  #passed(pass: FieldPass): void {
    if (pass.does !== 'clear') return;
    for (const index of pass.fields) this.#wrote(index, 0, at(this.#image.fields, index).count);
  }
}

type DataWatchStep = ReturnType<DataWatch['line']>['before'];
