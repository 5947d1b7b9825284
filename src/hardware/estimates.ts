import { type MergedFiles, type Path, PlasticoreError, tableOf } from '../text/index.ts';
import {
  type Conditions,
  type Estimator,
  factorAt,
  intervalOf,
  outOfRange,
  type Quantity,
  usualTemperatureC,
} from './estimate/index.ts';
import { estimatedKind, type Source, type Sources } from './source.ts';
import { auto } from './values.ts';

/** A figure with its source. */
export interface SourcedFigure {
  readonly value: number;
  readonly source: Source;
}

/** An input of an estimator, and where the model states it. */
export interface Input {
  readonly value: number;
  readonly path: Path;
  /** What it states there, if the value is computed from that. */
  readonly stated?: number;
}

/** The figures of one part as an estimator gives them. */
interface PartFigures<Figure extends string> {
  of(figure: Figure): SourcedFigure;
  /**
   * The figure as stated, or where that is `auto`, as estimated.
   *
   * @param stated of the figure, if it is a number
   */
  or(figure: Figure, given: number | typeof auto | undefined, stated: () => Source): SourcedFigure;
}

/** The conditions of a whole core. */
interface CoreConditions {
  readonly technologyNm: number;
  readonly supplyV: number;
  readonly temperatureC?: number | undefined;
  readonly control?: { readonly bits?: number | undefined };
}

/** Gives the figures that a model leaves to estimators. */
export class Estimates {
  readonly #layered: MergedFiles<CoreConditions>;
  readonly #sources: Sources;

  constructor(layered: MergedFiles<CoreConditions>, sources: Sources) {
    this.#layered = layered;
    this.#sources = sources;
  }

  /** An input that the model states. */
  input(value: number, ...path: Path): Input {
    return { value, path };
  }

  /**
   * The figures of a part.
   *
   * @param part its path, for errors
   * @param own its shape, and its supply if that is not the core's
   * @throws PlasticoreError `range` at the input that the estimator does not reach, once a figure is asked for
   */
  of<Name extends string, Figure extends string>(
    estimator: Estimator<Name, Figure>,
    part: Path,
    own: Readonly<Record<Exclude<Name, 'technologyNm' | 'supplyV' | 'temperatureC'>, Input>> & {
      readonly supplyV?: Input;
    },
    kind = '',
  ): PartFigures<Figure> {
    const { technologyNm, supplyV, temperatureC = usualTemperatureC, control } = this.#layered.value;
    const conditions = { technologyNm, temperatureC, isProgramUnknown: control?.bits === undefined };
    const inputs: Readonly<Record<string, Input>> = tableOf({
      technologyNm: this.input(technologyNm, 'technologyNm'),
      supplyV: this.input(supplyV, 'supplyV'),
      temperatureC: this.input(temperatureC, 'temperatureC'),
      ...own,
    });
    const values = Object.fromEntries(
      Object.entries(inputs).map(([name, { value }]) => [name, value]),
    ) as Record<Name, number>;
    let found: Readonly<Record<Figure, number>> | undefined;
    const estimated = (figure: Figure): SourcedFigure => {
      const beyond = outOfRange(estimator, values, estimator.figures[figure].range);
      if (beyond !== undefined) throw this.#beyond(beyond, inputs[beyond.input], [...part, figure]);
      found ??= estimator.values(values, kind);
      return {
        value: found[figure],
        source: this.#sources.use(sourceOf(estimator, estimator.figures[figure], conditions)),
      };
    };
    return {
      of: estimated,
      or: (figure, given, stated) =>
        given === undefined || given === auto ? estimated(figure) : { value: given, source: stated() },
    };
  }

  #beyond(
    { input, range: { low, high, unit } }: NonNullable<ReturnType<typeof outOfRange>>,
    { value, path, stated = value }: Input = { value: 0, path: [input] },
    figure: Path,
  ): PlasticoreError {
    return new PlasticoreError(
      'range',
      `${path.join('.')}: expected ${low} to ${high} ${unit} to estimate ${figure.join('.')}, found ${stated}`,
      {
        ...this.#layered.locate(path),
        hint: 'state the figure as a number, with its source, or give macros of your own for a bank',
      },
    );
  }
}

/** The sources of each quantity by their factor, made once: a search loads thousands of models. */
const sourcesOf = new WeakMap<Quantity, Map<number, Source>>();

function sourceOf(estimator: Estimator, quantity: Quantity, conditions: Conditions): Source {
  const byFactor = sourcesOf.get(quantity) ?? new Map<number, Source>();
  sourcesOf.set(quantity, byFactor);
  const factor = factorAt(quantity, conditions);
  const known = byFactor.get(factor) ?? makeSource(estimator, quantity, conditions);
  byFactor.set(factor, known);
  return known;
}

function makeSource({ name }: Estimator, quantity: Quantity, conditions: Conditions): Source {
  const cites = [...new Set(quantity.points.map(({ cite }) => cite))];
  const checked = new Set(quantity.points.map((point) => point.checked));
  return {
    name: quantity.source,
    cite: `Fitted to ${cites.join('; ')}: docs/estimators/${name}.md`,
    kind: estimatedKind,
    checked: checked.has('memory') ? 'memory' : checked.has('secondary') ? 'secondary' : 'primary',
    interval: intervalOf(quantity, conditions),
  };
}
