import { tableOf } from '../text/index.ts';
import { exact } from './interval.ts';
import type { OtherShape } from './model.ts';
import type { HwModelFile } from './schema.ts';
import { type Interval, otherShapeKind, type Source, type SourceKind, unsourcedKind } from './source.ts';

/** Of a figure that is stated in place of an estimate, without a source. */
const unsourced: Source = {
  name: unsourcedKind,
  cite: 'Stated without a source',
  kind: unsourcedKind,
  checked: 'memory',
  interval: exact,
};

/** The sources of a model's figures, by name, and which of them its figures use. */
export class Sources {
  readonly #stated: HwModelFile['sources'];
  readonly #shapes: readonly OtherShape[];
  readonly #kinds = tableOf<SourceKind>();
  readonly #intervals = tableOf<Interval>();

  constructor(stated: HwModelFile['sources'], shapes: readonly OtherShape[]) {
    this.#stated = stated;
    this.#shapes = shapes;
  }

  /**
   * The source of an entry's figures. Energies stated for another shape get that kind, whatever their source.
   *
   * @param entry the path of the entry, for its energies and powers; empty for its areas
   */
  named(name: string | undefined, ...entry: readonly string[]): Source {
    const isOther = this.#shapes.some((shape) => shape.isEnergy && shape.entry === entry.join('.'));
    if (name === undefined && !isOther) return this.use(unsourced);
    const { interval, ...source } = this.#stated[name ?? ''] ?? { ...unsourced, interval: undefined };
    return this.use({
      ...source,
      interval: interval === undefined ? exact : { low: interval[0], high: interval[1] },
      ...(isOther
        ? { name: `${name ?? unsourced.name} (${otherShapeKind})`, kind: otherShapeKind }
        : { name: name ?? unsourced.name }),
    });
  }

  use(source: Source): Source {
    this.#kinds[source.name] = source.kind;
    this.#intervals[source.name] = source.interval;
    return source;
  }

  get figures() {
    return { kinds: this.#kinds, intervals: this.#intervals };
  }
}
