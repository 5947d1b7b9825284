import { at } from '../../arrays/index.ts';
import { type CoreImage, type Field, loadedField, type Memory } from '../../image/index.ts';
import { weightView } from '../../isa/index.ts';
import { checkValues } from '../checks.ts';

/** The fields of an image as whole arrays: the host reads and writes them, and lists clear, hold and test them. */
export class StoredFields {
  readonly #image: CoreImage;
  readonly #memory: Memory;

  constructor(image: CoreImage, memory: Memory) {
    this.#image = image;
    this.#memory = memory;
  }

  read(index: number): Float64Array {
    const named = at(this.#image.fields, index);
    const field = loadedField(this.#image.fields, index);
    const items = new Float64Array(this.#memory.access(this.#image, field).readAll());
    const slice = sliced(named, field);
    return slice === undefined ? items : items.map((value) => slice(value));
  }

  /** The items of a stored field without what a load flips. */
  readHeld(index: number): Float64Array {
    const field = at(this.#image.fields, index);
    return new Float64Array(this.#memory.held(this.#image, field).readAll());
  }

  write(index: number, values: ArrayLike<number>): void {
    const field = at(this.#image.fields, index);
    checkValues(this.#image, field, values);
    this.#memory.write(this.#image, field, values);
  }

  clear(fields: readonly number[]): void {
    for (const index of fields) {
      const field = at(this.#image.fields, index);
      const access = this.#memory.access(this.#image, field);
      for (let item = 0; item < field.count; item++) access.write(item, 0);
    }
  }

  /** From item `after` on, each item takes the value of the item one period before it. */
  hold(fields: readonly number[], after: number, period: number): void {
    for (const index of fields) {
      const field = at(this.#image.fields, index);
      const access = this.#memory.access(this.#image, field);
      for (let item = after; item < field.count; item++) access.write(item, access.read(item - period));
    }
  }

  /** Tests |x| >= 1, as a gate does. */
  isAnySet(field: number): boolean {
    return this.read(field).some((value) => Math.abs(value) >= 1);
  }
}

/** The value that an unstored view reads from a shadow weight: rounded and saturated, or scaled if it is a float. */
export function sliced(named: Field, loaded: Field): ((value: number) => number) | undefined {
  if (named === loaded || named.view === undefined) return undefined;
  const { droppedBits } = named.view;
  if (loaded.storage === 'float32') return (value) => value * 2 ** -droppedBits;
  return weightView(droppedBits, named.bits);
}
