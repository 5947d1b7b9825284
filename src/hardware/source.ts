import * as z from 'zod';
import { choice, expected, key, nonNegative, strictObject, tableOf, type ValueOf } from '../text/index.ts';
import { nonEmptyText } from './values.ts';

/** The kinds of figures allowed in an hw-model. */
const sourceKinds = ['measured', 'simulated', 'synthesised', 'fitted', 'derived'] as const;
/** The kind of figures that an estimator gives. */
export const estimatedKind = 'estimated';
/** The kind of a figure that is stated without a source in place of an estimate, such as by `--set`. */
const unsourcedKind = 'without a source';
/** The kind of any figure, whatever its source, that is used with a shape other than the one it was stated for. */
export const otherShapeKind = 'stated for another shape';
/** All kinds of figures in a cost table. */
export const figureKinds = [...sourceKinds, estimatedKind, unsourcedKind, otherShapeKind] as const;
export type SourceKind = (typeof figureKinds)[number];

const intervalSchema = strictObject({ low: nonNegative, high: nonNegative });
/** The factors of a figure between which its true value lies: from `low` times the figure to `high` times it. */
export type Interval = ValueOf<typeof intervalSchema>;

export const sourceSchema = strictObject({
  /** Its name in `sources` of the hw-model. Errors of figures of one source are fully correlated. */
  name: z.string(),
  /** Author, title, venue, table or page. */
  cite: z.string(),
  kind: z.enum(figureKinds),
  checked: z.enum(['primary', 'secondary', 'memory']),
  interval: intervalSchema,
});
/** How a figure was obtained, and whether it was read in its primary source. */
export type Source = ValueOf<typeof sourceSchema>;

/** A figure that is taken as it stands. */
export const exact: Interval = { low: 1, high: 1 };

const factor = expected('two factors around 1, such as [0.8, 1.25]');
/** The bounds of a value, as factors of it. */
export const factors = z.tuple(
  [
    z.number({ error: factor }).min(0, { error: factor }).max(1, { error: factor }),
    z.number({ error: factor }).min(1, { error: factor }).max(1000, { error: factor }),
  ],
  { error: factor },
);

/** The source of figures. */
export const sourceSection = strictObject({
  cite: key(
    nonEmptyText('author, title, venue, table or page'),
    'Author, title, venue, and the table or page that has the figure.',
    'M. Horowitz, ISSCC 2014, Figure 1.1.9',
  ),
  kind: key(
    choice(sourceKinds),
    'How the figure was obtained. `measured`: on silicon. `simulated`: from a netlist or layout. `synthesised`: by a synthesis tool or memory compiler. `fitted`: so that a published total comes out. `derived`: scaled or computed from other figures.',
  ),
  checked: key(
    choice(['primary', 'secondary', 'memory']),
    'Where the figure was read. `primary`: in the work cited. `secondary`: in a work that quotes it. `memory`: nowhere; it was written down from memory.',
  ),
  interval: key(
    factors,
    'Two factors: the true value lies between the first times the figure and the second times it. Errors of figures of one source are fully correlated. If absent, its figures are taken as exact.',
    [0.8, 1.25],
  ).optional(),
});
type SourcesFile = Readonly<Record<string, z.infer<typeof sourceSection>>>;

/** An entry of a model whose figures were stated for another shape. */
interface UsedElsewhere {
  readonly entry: string;
  /** Whether they are energies or powers; otherwise areas. */
  readonly isEnergy: boolean;
}

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
  readonly #stated: SourcesFile;
  readonly #shapes: readonly UsedElsewhere[];
  readonly #kinds = tableOf<SourceKind>();
  readonly #intervals = tableOf<Interval>();

  constructor(stated: SourcesFile, shapes: readonly UsedElsewhere[]) {
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

/** The bounds of a sum, in the unit of its parts. */
export interface Bounds {
  readonly low: number;
  readonly high: number;
}

/**
 * How a total's interval follows from those of its parts: the only place.
 *
 * Figures of one source err together: a part of P with an interval of low to high may be too high by P - P x low, and
 * too low by P x high - P, all of it at once. Figures of different sources err independently: the deviations of the
 * parts add up as the root of the sum of their squares, to each side by itself.
 *
 * @param bySource the parts of a total, by source
 * @param intervals those of the sources; a source without one is exact
 * @param also parts of the same total that err independently of their sources, too
 */
export function totalInterval(
  bySource: Readonly<Record<string, number>>,
  intervals: Readonly<Record<string, Interval>>,
  also: readonly { readonly part: number; readonly interval: Interval }[] = [],
): Bounds {
  let [total, below, above] = [0, 0, 0];
  const deviate = (part: number, { low, high }: Interval): void => {
    below += (part - part * low) ** 2;
    above += (part * high - part) ** 2;
  };
  for (const [source, part] of Object.entries(bySource)) {
    total += part;
    deviate(part, intervals[source] ?? exact);
  }
  for (const { part, interval } of also) deviate(part, interval);
  return { low: total - Math.sqrt(below), high: total + Math.sqrt(above) };
}
