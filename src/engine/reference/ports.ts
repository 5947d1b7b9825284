import {
  addAt,
  type BoundKernel,
  type Field,
  fitToField,
  type Image,
  layoutOf,
  loadedField,
  type Memory,
  storeRule,
  storesOf,
  type WorkTally,
  wordOf,
} from '../../image/index.ts';
import { type Role, weightView } from '../../isa/index.ts';
import { failNaN, type NaNPlace } from '../checks.ts';
import type { Strip } from './strip.ts';
import { TouchedWords } from './touched-words.ts';

export type Values = Int32Array | Float32Array;
export type Step = (strip: Strip) => void;

/** Partial sums of a reduce: column c adds to sum c mod 16, whatever the number of lanes. */
const partialSums = 16;

/** A kernel's way to the banks: moves the items of a tile between fields and registers, and counts the words. */
export class Ports {
  readonly #kernel: BoundKernel;
  readonly #image: Image;
  readonly #memory: Memory;
  readonly #counter: WorkTally;
  readonly #where: () => Pick<NaNPlace, 'sample' | 'step'>;
  readonly #touched = new Map<string, TouchedWords>();

  /** @param where tells sample and step, for a message */
  constructor(
    kernel: BoundKernel,
    image: Image,
    memory: Memory,
    counter: WorkTally,
    where: () => Pick<NaNPlace, 'sample' | 'step'>,
  ) {
    this.#kernel = kernel;
    this.#image = image;
    this.#memory = memory;
    this.#counter = counter;
    this.#where = where;
  }

  /** A pass begins: no word is touched yet. */
  startPass(): void {
    for (const words of this.#touched.values()) words.start();
  }

  /** A segment begins: its words are fetched anew, but for those of the row's pre-synaptic neuron. */
  startSegment(): void {
    for (const [key, words] of this.#touched) if (!key.includes(' pre ')) words.start();
  }

  /** Loads a field's items into `result`. A view that is not stored is made from the shadow weights on the way. */
  reader(role: Role, index: number, result: Values): Step {
    const named = fieldAt(this.#image, index);
    const field = loadedField(this.#image.fields, index);
    const layout = layoutOf(this.#image, field);
    const access = this.#memory.access(this.#image, field);
    const touched = this.#touchedBy(`read ${role} ${layout.index}`);
    const slice = sliced(named, field);
    return (strip) => {
      const first = itemIn(strip, role, strip.from);
      const last = itemIn(strip, role, strip.to - 1);
      addAt(this.#counter.reads, layout.bank, touched.touch(wordOf(layout, first), wordOf(layout, last)));
      if (role === 'pre') result.fill(access.read(strip.pre), strip.from, strip.to);
      else access.readRun(first, strip.to - strip.from, result, strip.from);
      if (slice === undefined) return;
      for (let lane = strip.from; lane < strip.to; lane++) result[lane] = slice(result[lane] ?? 0);
    };
  }

  /** Stores the active lanes' values, as the field takes them. A shadow weight's stored view follows it. */
  writer(role: Role, index: number, values: Values): Step {
    const field = fieldAt(this.#image, index);
    const rule = storeRule(field);
    const stored =
      field.storage === 'float32' ? new Float32Array(values.length) : new Int32Array(values.length);
    const write = this.#writer(role, field, stored);
    const writeView =
      field.storedView === undefined ? undefined : this.#viewWriter(role, field.storedView, stored);
    return (strip) => {
      rule(values, stored, strip.from, strip.to);
      if (field.storage === 'float32') this.#refuseNaN(field, role, stored, strip);
      write(strip);
      writeView?.(strip);
    };
  }

  #viewWriter(role: Role, index: number, shadows: Values): Step {
    const view = fieldAt(this.#image, index);
    const toView = weightView(view.view?.droppedBits ?? 0, view.bits);
    const weights = new Int32Array(shadows.length);
    const write = this.#writer(role, view, weights);
    return (strip) => {
      for (let lane = strip.from; lane < strip.to; lane++) weights[lane] = toView(shadows[lane] ?? 0);
      write(strip);
    };
  }

  #writer(role: Role, field: Field, values: Values): Step {
    const layout = layoutOf(this.#image, field);
    const access = this.#memory.access(this.#image, field);
    const touched = this.#touchedBy(`write ${role} ${layout.index}`);
    const readsFirst = this.#readsFirst(role, layout.index);
    return (strip) => {
      const first = itemIn(strip, role, strip.from);
      const last = itemIn(strip, role, strip.to - 1);
      this.#countWrite(layout.bank, touched.touch(wordOf(layout, first), wordOf(layout, last)), readsFirst);
      access.writeRun(first, strip.to - strip.from, values, strip.from, strip.active);
    };
  }

  /**
   * Sums the active lanes' values over a pass; at its end the sum overwrites the field of the pre-synaptic neuron.
   * The partial sums are joined by a tree, so that the order of float additions does not depend on the lanes.
   */
  reducer(index: number, values: Values): { readonly add: Step; readonly finish: Step } {
    const field = fieldAt(this.#image, index);
    const layout = layoutOf(this.#image, field);
    const access = this.#memory.access(this.#image, field);
    const toField = fitToField(field);
    // Reduces into one record share its word, which counts once a row.
    const touched = this.#touchedBy(`write pre ${layout.index}`);
    const readsFirst = this.#readsFirst('pre', layout.index);
    const sums = field.storage === 'float32' ? new Float32Array(partialSums) : new Int32Array(partialSums);
    return {
      add: (strip) => {
        for (let lane = strip.from; lane < strip.to; lane++) {
          if (!strip.active[lane]) continue;
          const sum = (strip.column + lane) % partialSums;
          sums[sum] = (sums[sum] ?? 0) + (values[lane] ?? 0);
        }
      },
      finish: (strip) => {
        for (let stride = partialSums / 2; stride >= 1; stride /= 2) {
          for (let i = 0; i < stride; i++) sums[i] = (sums[i] ?? 0) + (sums[i + stride] ?? 0);
        }
        const value = toField(sums[0] ?? 0);
        sums.fill(0);
        if (Number.isNaN(value)) this.#failNaN(field, strip.pre);
        const word = wordOf(layout, strip.pre);
        this.#countWrite(layout.bank, touched.touch(word, word), readsFirst);
        access.write(strip.pre, value);
      },
    };
  }

  #countWrite(bank: number, words: number, readsFirst: boolean): void {
    addAt(this.#counter.writes, bank, words);
    if (readsFirst) addAt(this.#counter.reads, bank, words);
  }

  #readsFirst(role: Role, layout: number): boolean {
    return storesOf(this.#kernel, this.#image).some(
      (store) => store.role === role && store.layout === layout && store.readsFirst,
    );
  }

  /** One record of touched words for each layout, role and direction: the fields of a record share it. */
  #touchedBy(key: string): TouchedWords {
    const touched = this.#touched.get(key) ?? new TouchedWords();
    this.#touched.set(key, touched);
    return touched;
  }

  #refuseNaN(field: Field, role: Role, values: Values, strip: Strip): void {
    for (let lane = strip.from; lane < strip.to; lane++) {
      if (strip.active[lane] && Number.isNaN(values[lane])) this.#failNaN(field, itemIn(strip, role, lane));
    }
  }

  #failNaN(field: Field, item: number): never {
    return failNaN({ kernel: this.#kernel.name, field: field.name, item, ...this.#where() });
  }
}

/** What a read of a view that is not stored makes of the shadow weight: rounded and saturated, or scaled if a float. */
export function sliced(named: Field, loaded: Field): ((value: number) => number) | undefined {
  if (named === loaded || named.view === undefined) return undefined;
  const { droppedBits } = named.view;
  if (loaded.storage === 'float32') return (value) => value * 2 ** -droppedBits;
  return weightView(droppedBits, named.bits);
}

function fieldAt(image: Image, index: number): Field {
  const field = image.fields[index];
  if (field === undefined) throw new Error(`no field ${index}`);
  return field;
}

function itemIn(strip: Strip, role: Role, lane: number): number {
  if (role === 'pre') return strip.pre;
  return role === 'syn' ? strip.synapse + lane : strip.column + lane;
}
